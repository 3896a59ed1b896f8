import { delimitedPattern } from './delimited-pattern';
import { jsonPattern } from './json-pattern';
import type { FilterPattern } from './match';
import { invalidPattern } from './pattern-errors';
import type { Regexes } from './regular-expression';
import { textPattern } from './text-pattern';

const longestPattern = 1024;
const mostRegexes = 2;

/**
 * Compiles a filter pattern: terms, a regular expression, conditions for JSON in braces, or for space-delimited fields in brackets.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws ServiceError InvalidParameterException if it is no pattern
 */
export function compileFilterPattern(pattern: string | undefined): FilterPattern {
  const text = pattern?.trim() ?? '';
  if (text.length > longestPattern) throw invalidPattern();
  const regexes: Regexes = { count: 0 };
  const compiled = compilerOf(text)(text, regexes);
  if (regexes.count > mostRegexes) throw invalidPattern();
  return { ...compiled, regexes: regexes.count };
}

function compilerOf(text: string) {
  if (text.startsWith('{')) return jsonPattern;
  if (text.startsWith('[')) return delimitedPattern;
  return textPattern;
}
