import { invalidPattern } from './pattern-errors';

/** A count of the regular expressions in a pattern. */
export interface Regexes {
  count: number;
}

/** Letters and digits, symbols and operators; no parentheses. */
const supported = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]+$/;

/** Whether a word of a pattern is a regular expression. */
export function isRegex(word: string): boolean {
  return word.length > 1 && word.startsWith('%') && word.endsWith('%');
}

/**
 * Compiles what is between percent signs, which matches anywhere in a text.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws ServiceError InvalidParameterException for anything that CloudWatch Logs does not take
 */
export function compileRegex(word: string, regexes: Regexes): RegExp {
  const source = word.slice(1, -1);
  regexes.count += 1;
  if (!supported.test(source)) throw invalidPattern();
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern();
  }
}
