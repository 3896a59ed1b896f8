import { invalid } from '../errors';
import type { FilterPattern, Match } from './match';
import { invalidPattern } from './pattern-errors';
import { compileRegex, isRegex, type Regexes } from './regular-expression';

const noFields: Match = { value: () => undefined, fields: {} };

/**
 * Compiles a pattern for messages of any form: terms that must all be there, `?terms` of which one must be, `-terms` that must
 * not be; or one regular expression.
 *
 * @throws ServiceError InvalidParameterException if it is no pattern
 */
export function textPattern(text: string, regexes: Regexes): Omit<FilterPattern, 'regexes'> {
  const matches = isRegex(text) ? regexTest(text, regexes) : termsTest(text);
  return { selects: false, match: (message) => (matches(message) ? noFields : undefined) };
}

function regexTest(text: string, regexes: Regexes): (message: string) => boolean {
  const regex = compileRegex(text, regexes);
  return (message) => regex.test(message);
}

function termsTest(text: string): (message: string) => boolean {
  const terms = termsOf(text);
  const required = terms.filter((term) => term.sign === '').map((term) => term.text);
  const excluded = terms.filter((term) => term.sign === '-').map((term) => term.text);
  // CloudWatch Logs ignores optional terms beside others.
  const anyOf = required.length + excluded.length > 0 ? [] : terms.map((term) => term.text);
  return (message) =>
    required.every((term) => message.includes(term)) &&
    (anyOf.length === 0 || anyOf.some((term) => message.includes(term))) &&
    !excluded.some((term) => message.includes(term));
}

interface Term {
  readonly sign: '' | '?' | '-';
  readonly text: string;
}

function termsOf(pattern: string): Term[] {
  const terms: Term[] = [];
  const term = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y;
  while (term.lastIndex < pattern.length) {
    const found = term.exec(pattern);
    if (!found) throw invalidPattern();
    const [, sign = '', quoted, plain = ''] = found;
    if (/[^\p{L}\p{N}_]/u.test(plain)) throw invalid(`Invalid character(s) in term '${plain}'`);
    terms.push({
      sign: sign === '?' || sign === '-' ? sign : '',
      text: quoted?.replace(/\\(.)/g, '$1') ?? plain,
    });
  }
  return terms;
}
