import {
  fieldsOf,
  type Pattern,
  type PatternDialect,
  PatternError,
  parsePattern,
} from '../../../filters';
import { invalid } from '../errors';

/** The most filters of a mapping. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const maximumFilters = 5;

/** Exact values, prefix, suffix, anything-but, numeric, exists, equals-ignore-case and `$or`. */
const dialect: PatternDialect = {
  matchTypes: new Set([
    'anything-but',
    'equals-ignore-case',
    'exists',
    'numeric',
    'prefix',
    'suffix',
  ]),
  maximumCombinations: 10_000,
};

/** Decides which messages of a queue, or of a broker's, reach the function: those that match any of the filters. */
export class FilterCriteria {
  private readonly filters: ((body: string) => boolean)[];

  /**
   * @param patterns - JSON texts, as in `Filters[].Pattern`
   * @param key - what a pattern calls the content of a message: `data` of those of brokers
   * @throws ServiceError if one is not a pattern for such messages
   */
  constructor(
    readonly patterns: readonly string[],
    key: 'body' | 'data' = 'body',
  ) {
    checkFilterCount(patterns);
    this.filters = patterns.map((pattern) => compileFilter(pattern, key));
  }

  accepts(body: string): boolean {
    return this.filters.length === 0 || this.filters.some((filter) => filter(body));
  }
}

/** @throws ServiceError if there are more filters than a mapping may have */
export function checkFilterCount(patterns: readonly string[]): void {
  if (patterns.length > maximumFilters)
    throw invalid(
      `Filter criteria quota exceeded. A maximum of ${maximumFilters} filters can be set per event source mapping.`,
    );
}

/**
 * A filter for SQS and for brokers looks at the content alone: a list of rules is for text, and drops content that is JSON;
 * an object is for JSON, and drops the rest.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 * https://docs.aws.amazon.com/lambda/latest/dg/with-mq-filtering.html
 */
function compileFilter(text: string, key: 'body' | 'data'): (body: string) => boolean {
  const pattern = new Map<string, unknown>(Object.entries(parseFilter(text)));
  if (pattern.size === 0) return () => true;
  if (!pattern.has(key) || pattern.size > 1) throw invalidPattern();
  const wanted = pattern.get(key);
  if (Array.isArray(wanted)) {
    const rules = compilePattern({ body: wanted });
    return (body) => jsonDocument(body) === undefined && rules.matches(fieldsOf({ body }));
  }
  const matches = compilePattern(wanted);
  return (body) => {
    const content = jsonDocument(body);
    return content !== undefined && matches.matches(fieldsOf(content));
  };
}

/** @throws ServiceError if Lambda does not understand it */
export function compilePattern(pattern: unknown): Pattern {
  try {
    return parsePattern(JSON.stringify(pattern), dialect).pattern;
  } catch (error) {
    if (error instanceof PatternError) throw invalidPattern();
    throw error;
  }
}

/** The answer to a pattern that Lambda does not understand. */
export function invalidPattern() {
  return invalid('Invalid filter pattern definition.');
}

/** A filter's text as an object. @throws ServiceError for any other text */
export function parseFilter(text: string): object {
  try {
    const pattern: unknown = JSON.parse(text);
    if (typeof pattern === 'object' && pattern !== null && !Array.isArray(pattern)) return pattern;
  } catch {
    // No JSON is no pattern either.
  }
  throw invalidPattern();
}

/** A body that is a JSON document; a bare number or word counts as text. */
export function jsonDocument(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
