/**
 * The filters of `aws s3 sync`: all that is excluded and included by patterns, of which the last that
 * matches a path decides. They hold for what is uploaded and for what is pruned.
 *
 * https://docs.aws.amazon.com/cli/latest/reference/s3/index.html#use-of-exclude-and-include-filters
 */
export class SyncFilters {
  private readonly rules: readonly { readonly pattern: RegExp; readonly accepts: boolean }[];

  /** All exclusions come before all inclusions, as the handler passes them. */
  constructor(exclude: readonly string[], include: readonly string[]) {
    this.rules = [
      ...exclude.map((pattern) => ({ pattern: shellPattern(pattern), accepts: false })),
      ...include.map((pattern) => ({ pattern: shellPattern(pattern), accepts: true })),
    ];
  }

  /** @param path - relative to the destination's prefix */
  accept(path: string): boolean {
    return this.rules.findLast(({ pattern }) => pattern.test(path))?.accepts ?? true;
  }
}

/** Python's `fnmatch`: `*` and `?` match slashes too, `[!…]` is a set of what must not stand there. */
function shellPattern(pattern: string): RegExp {
  const source = pattern.replace(
    /\*|\?|\[(!?)(\]?[^\]]*)\]|[^*?]/gs,
    (token, negated: string | undefined, set: string | undefined) => {
      if (token === '*') return '.*';
      if (token === '?') return '.';
      if (set !== undefined) {
        return `[${negated === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
      }
      return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    },
  );
  return new RegExp(`^${source}$`, 'su');
}
