/** A part of a list, and where the next part begins. */
export interface Page<T> {
  readonly items: T[];
  /** Opaque to clients; undefined on the last page. */
  readonly nextToken: string | undefined;
}

/**
 * Cuts a page out of `items`.
 *
 * The token names the last item of the page before, not a position, so that a list that changes
 * between two calls neither repeats nor skips an item that is there all the time.
 *
 * @param items - ordered by `keyOf`, by code units
 * @param size - items a page
 * @param token - of the page before; undefined for the first page
 * @param invalid - makes the service's error for a token that it never gave out
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  size: number,
  token: string | undefined,
  invalid: () => Error,
): Page<T> {
  const after = token === undefined ? undefined : decodeToken(token, invalid);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const more = rest.length > page.length && last !== undefined;
  return { items: page, nextToken: more ? encodeToken(keyOf(last)) : undefined };
}

/** Orders by a key, by code units: the order that {@link pageOf} expects. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => {
    const left = keyOf(a);
    const right = keyOf(b);
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

const tokenPrefix = 'v1:';

function encodeToken(key: string): string {
  return Buffer.from(`${tokenPrefix}${key}`).toString('base64url');
}

function decodeToken(token: string, invalid: () => Error): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(tokenPrefix)) throw invalid();
  return text.slice(tokenPrefix.length);
}
