import { compileExpression, type Selection } from './expression';
import { JsonSelector } from './json-selector';
import type { FilterPattern } from './match';
import { invalidPattern } from './pattern-errors';
import type { Regexes } from './regular-expression';

/** In one pattern. */
const mostWildcards = 3;

/**
 * Compiles a pattern for messages that are JSON objects, such as `{ $.level = "error" && $.ms > 10 }`.
 *
 * @throws ServiceError InvalidParameterException if it is no pattern
 */
export function jsonPattern(text: string, regexes: Regexes): Omit<FilterPattern, 'regexes'> {
  if (!text.endsWith('}')) throw invalidPattern();
  let wildcards = 0;
  const select = (selector: string): Selection<object> => {
    const found = new JsonSelector(selector);
    wildcards += found.wildcards;
    return (document) => found.select(document);
  };
  const expression = compileExpression(
    text.slice(1, -1),
    { select, numberOf, hasWords: true },
    regexes,
  );
  if (wildcards > mostWildcards) throw invalidPattern();
  return {
    selects: true,
    match(message) {
      const document = documentOf(message);
      if (!document || !expression(document)) return undefined;
      return { value: (selector) => new JsonSelector(selector).select(document)[0], fields: {} };
    },
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function documentOf(message: string): object | undefined {
  try {
    const document: unknown = JSON.parse(message);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}
