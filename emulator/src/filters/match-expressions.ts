import type { JsonToken, JsonTokens } from './json-tokens';
import { PatternError } from './pattern-error';
import { type Bound, ofBlock, ofRange, ofText, ofWildcard, type ValueTest } from './value-tests';

/** An operator in the lists of a pattern, such as `prefix`. */
export type MatchType =
  | 'anything-but'
  | 'cidr'
  | 'equals-ignore-case'
  | 'exists'
  | 'numeric'
  | 'prefix'
  | 'suffix'
  | 'wildcard';

/** Which operators a service knows. */
export interface ExpressionDialect {
  readonly matchTypes: ReadonlySet<MatchType>;
  /** Whether `prefix` and `suffix` may have `{"equals-ignore-case": "…"}` in place of a text. @default false */
  readonly affixesIgnoreCase?: boolean;
}

/** One operator with its operand: a test, or that there is no value at all. */
export type MatchExpression = ValueTest | 'absent';

/** Operators that are compared with text: alone, and inside `anything-but`. */
const textTests: Readonly<Record<string, (operand: string) => ValueTest>> = {
  prefix: (operand) => ofText((value) => value.startsWith(operand)),
  suffix: (operand) => ofText((value) => value.endsWith(operand)),
  'equals-ignore-case': (operand) => {
    const wanted = operand.toLowerCase();
    return ofText((value) => value.toLowerCase() === wanted);
  },
  wildcard: ofWildcard,
};

const oneKey = 'Only one key allowed in match expression';
const tooMany = 'Too many elements in numeric expression';
const notExcludable = 'Value of anything-but must be an array or single string/number value.';

/**
 * Reads an object such as `{"prefix": "a"}`, from behind its brace to its end.
 *
 * The words of the errors are those of the library that AWS's services compile patterns with:
 * https://github.com/aws/event-ruler
 *
 * @throws PatternError
 */
export function readMatchExpression(
  tokens: JsonTokens,
  dialect: ExpressionDialect,
): MatchExpression {
  const { matchTypes: known, affixesIgnoreCase = false } = dialect;
  if (tokens.next() !== 'name') fail(tokens, 'Match expression name not found');
  const name = tokens.text;
  if (!isKnown(name, known)) fail(tokens, `Unrecognized match type ${name}`);
  switch (name) {
    case 'exists':
      return readExists(tokens);
    case 'numeric':
      return readNumeric(tokens);
    case 'anything-but':
      return readAnythingBut(tokens, known);
    case 'cidr':
      // Of an operand that is no text, the library speaks as of a prefix.
      return readText(tokens, 'prefix', ofBlock);
    default:
      return readText(
        tokens,
        name,
        textTests[name] ?? fail(tokens, `No operator ${name}`),
        affixesIgnoreCase && (name === 'prefix' || name === 'suffix'),
      );
  }
}

function readText(
  tokens: JsonTokens,
  name: string,
  testOf: (operand: string) => ValueTest,
  mayIgnoreCase = false,
): ValueTest {
  const token = tokens.next();
  if (token === '{' && mayIgnoreCase) return readIgnoringCase(tokens, name, testOf);
  if (token !== 'string') fail(tokens, `${name} match pattern must be a string`);
  const test = compiled(testOf, tokens.text);
  close(tokens, oneKey);
  return test;
}

/** `{"prefix": {"equals-ignore-case": "a"}}` from behind its second brace. */
function readIgnoringCase(
  tokens: JsonTokens,
  name: string,
  testOf: (operand: string) => ValueTest,
): ValueTest {
  if (tokens.next() !== 'name') fail(tokens, 'Match expression name not found');
  if (tokens.text !== 'equals-ignore-case')
    fail(tokens, `Unsupported ${name} pattern: ${tokens.text}`);
  if (tokens.next() !== 'string') fail(tokens, 'equals-ignore-case match pattern must be a string');
  const test = testOf(tokens.text.toLowerCase());
  close(tokens, oneKey);
  close(tokens, oneKey);
  return ofText((value) => test(value.toLowerCase()));
}

function readExists(tokens: JsonTokens): MatchExpression {
  const token = tokens.next();
  if (token !== 'true' && token !== 'false')
    fail(tokens, 'exists match pattern must be either true or false.');
  close(tokens, oneKey);
  return token === 'true' ? () => true : 'absent';
}

function readNumeric(tokens: JsonTokens): ValueTest {
  if (tokens.next() !== '[') fail(tokens, 'Value of numeric must be an array.');
  if (tokens.next() !== 'string') fail(tokens, `Invalid member in numeric match: ${tokens.text}`);
  const operator = tokens.text;
  const token = tokens.next();
  const test = readComparison(tokens, operator, token);
  close(tokens, tooMany);
  return test;
}

function readComparison(tokens: JsonTokens, operator: string, token: JsonToken): ValueTest {
  if (!['=', '<', '<=', '>', '>='].includes(operator))
    fail(tokens, `Unrecognized numeric range operator: ${operator}`);
  if (token !== 'number')
    fail(tokens, `Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const value = Number(tokens.text);
  const open = operator === '<' || operator === '>';
  const after = tokens.next();
  if (operator.startsWith('>')) {
    if (after === ']') return ofRange({ value, open }, undefined);
    return readTop(tokens, after, { value, open });
  }
  if (after !== ']') fail(tokens, tooMany);
  if (operator === '=') return (given) => given === value;
  return ofRange(undefined, { value, open });
}

function readTop(tokens: JsonTokens, token: JsonToken, bottom: Bound): ValueTest {
  if (token !== 'string') fail(tokens, `Bad value in numeric range: ${tokens.text}`);
  const operator = tokens.text;
  if (operator !== '<' && operator !== '<=')
    fail(tokens, `Bad numeric range operator: ${operator}`);
  if (tokens.next() !== 'number') fail(tokens, `Value of ${operator} must be numeric`);
  const value = Number(tokens.text);
  if (tokens.next() !== ']') fail(tokens, 'Too many terms in numeric range expression');
  if (bottom.value >= value) fail(tokens, 'Bottom must be less than top');
  return ofRange(bottom, { value, open: operator === '<' });
}

/** `anything-but`: there is a value, and it is none of these. */
function readAnythingBut(tokens: JsonTokens, known: ReadonlySet<MatchType>): ValueTest {
  const token = tokens.next();
  if (token === '{') {
    const excluded = readExcludedTexts(tokens, known);
    close(tokens, oneKey);
    return (value) => !excluded.some((test) => test(value));
  }
  const excluded = new Set<string | number>();
  if (token === 'string') excluded.add(tokens.text);
  else if (token === 'number') excluded.add(Number(tokens.text));
  else if (token === '[') readExcludedList(tokens, excluded);
  else fail(tokens, notExcludable);
  close(tokens, tooMany);
  return (value) =>
    !(typeof value === 'string' || typeof value === 'number') || !excluded.has(value);
}

function readExcludedList(tokens: JsonTokens, excluded: Set<string | number>): void {
  for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
    if (token === 'string') excluded.add(tokens.text);
    else if (token === 'number') excluded.add(Number(tokens.text));
    else fail(tokens, 'Inside anything but list, start|null|boolean is not supported.');
  }
  const kinds = new Set([...excluded].map((value) => typeof value));
  if (kinds.size !== 1)
    fail(
      tokens,
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
}

/** An operator inside `anything-but`, with one text or a list of them. */
function readExcludedTexts(tokens: JsonTokens, known: ReadonlySet<MatchType>): ValueTest[] {
  if (tokens.next() !== 'name') fail(tokens, 'Anything-But expression name not found');
  const name = tokens.text;
  const testOf = textTests[name];
  if (!testOf || !isKnown(name, known)) fail(tokens, `Unsupported anything-but pattern: ${name}`);
  const tests: ValueTest[] = [];
  const token = tokens.next();
  if (token === '[') {
    for (let item = tokens.next(); item !== ']'; item = tokens.next())
      tests.push(compiled(testOf, excludedText(tokens, name, item)));
    if (tests.length === 0) fail(tokens, 'Empty arrays are not allowed');
  } else {
    tests.push(compiled(testOf, excludedText(tokens, name, token)));
  }
  close(tokens, oneKey);
  return tests;
}

function excludedText(tokens: JsonTokens, name: string, token: JsonToken): string {
  const affix = name === 'prefix' || name === 'suffix';
  if (affix && token === '{') fail(tokens, notExcludable);
  if (token !== 'string')
    fail(
      tokens,
      affix
        ? 'prefix/suffix match pattern must be a string'
        : `Inside anything-but/${name} list, number|start|null|boolean is not supported.`,
    );
  const { text } = tokens;
  if (affix && text === '') fail(tokens, 'Null prefix/suffix not allowed');
  return text;
}

/** What is wrong with an operand itself is said without a place. */
function compiled(testOf: (operand: string) => ValueTest, operand: string): ValueTest {
  try {
    return testOf(operand);
  } catch (error) {
    if (error instanceof RangeError) throw new PatternError(error.message);
    throw error;
  }
}

function close(tokens: JsonTokens, message: string): void {
  if (tokens.next() !== '}') fail(tokens, message);
}

function isKnown(name: string, known: ReadonlySet<MatchType>): name is MatchType {
  const names: ReadonlySet<string> = known;
  return names.has(name);
}

function fail(tokens: JsonTokens, message: string): never {
  throw new PatternError(message, tokens.location);
}
