import { NotImplementedError } from '../../protocol/errors';
import { invalid } from './errors';
import { compileJsonPattern } from './json-pattern';

/** Whether an event's message matches. */
export type MatchesMessage = (message: string) => boolean;

/**
 * Compiles a filter pattern: terms that must all be there, `?terms` of which one must be, `-terms` that
 * must not be, or a pattern for JSON in braces.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * @throws NotImplementedError for regular expressions and for patterns of space-delimited fields
 */
export function compileFilterPattern(pattern: string | undefined): MatchesMessage {
  const text = pattern?.trim() ?? '';
  if (text.startsWith('{') && text.endsWith('}')) return compileJsonPattern(text.slice(1, -1));
  if (text.startsWith('{')) throw invalid('Invalid filter pattern');
  if (text.startsWith('['))
    throw new NotImplementedError(`filter patterns of space-delimited fields (${text})`);
  if (text.includes('%'))
    throw new NotImplementedError(`regular expressions in filter patterns (${text})`);
  const terms = termsOf(text);
  const required = terms.filter((term) => term.sign === '').map((term) => term.text);
  const anyOf = terms.filter((term) => term.sign === '?').map((term) => term.text);
  const excluded = terms.filter((term) => term.sign === '-').map((term) => term.text);
  return (message) =>
    required.every((term) => message.includes(term)) &&
    // CloudWatch Logs ignores optional terms beside required ones.
    (anyOf.length === 0 || required.length > 0 || anyOf.some((term) => message.includes(term))) &&
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
    if (!found) throw invalid('Invalid filter pattern');
    const [, sign = '', quoted, plain = ''] = found;
    terms.push({
      sign: sign === '?' || sign === '-' ? sign : '',
      text: quoted?.replace(/\\(.)/g, '$1') ?? plain,
    });
  }
  return terms;
}
