import type { ConditionContext } from './condition-context';
import { type Pattern, type TextMatcher, withWildcards } from './patterns';

/** Whether a value is what a text of a policy stands for in the context of a request. */
export type ContextMatcher = (value: string, context: ConditionContext) => boolean;

/** How a text of a policy is read. */
export interface TextReading {
  /** Whether `${…}` is a variable: not in policies of version 2008-10-17. */
  readonly variables: boolean;
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  readonly matcher: (pattern: Pattern) => TextMatcher;
}

interface Variable {
  /** In lower case. */
  readonly key: string;
  readonly default: string | undefined;
}

/**
 * Compiles a text of a policy. One with a variable that has neither a single value nor a default matches nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function textMatcher(text: string, reading: TextReading): ContextMatcher {
  const parts = parse(text, reading);
  const fixed = parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
  if (fixed !== undefined) {
    const matcher = reading.matcher(fixed);
    return (value) => matcher(value);
  }
  return (value, context) => {
    const pattern = resolve(parts, context);
    return pattern !== undefined && reading.matcher(pattern)(value);
  };
}

function parse(text: string, { variables, wildcards }: TextReading): (Pattern | Variable)[] {
  const plain = (piece: string) => (wildcards ? withWildcards(piece) : piece);
  if (!variables || !text.includes('${')) return [plain(text)];
  const parts: (Pattern | Variable)[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    parts.push(plain(text.slice(end, match.index)));
    parts.push(variable(match[1] ?? ''));
    end = match.index + match[0].length;
  }
  parts.push(plain(text.slice(end)));
  return parts;
}

/** `${*}`, `${?}` and `${$}` are those characters themselves. */
function variable(name: string): string | Variable {
  if (['*', '?', '$'].includes(name)) return name;
  const [, key = name, fallback] = /^\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?$/.exec(name) ?? [];
  return { key: key.toLowerCase(), default: fallback };
}

function resolve(
  parts: readonly (Pattern | Variable)[],
  context: ConditionContext,
): Pattern | undefined {
  let pattern = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      pattern += part;
      continue;
    }
    const values = context.values(part.key);
    const value = values?.length === 1 ? values[0] : part.default;
    if (value === undefined) return undefined;
    pattern += value;
  }
  return pattern;
}
