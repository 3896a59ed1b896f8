import { NotImplementedError } from '../../protocol/errors';
import { invalid } from './errors';

type Test = (document: unknown) => boolean;

/**
 * Compiles a filter pattern for JSON events: comparisons of `$.member` with numbers, texts (`*` stands
 * for anything), NULL, TRUE, FALSE and existence, joined by `&&` and `||`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * @param pattern - without its braces
 * @throws ServiceError InvalidParameterException if it is no pattern
 */
export function compileJsonPattern(pattern: string): (message: string) => boolean {
  const parser = new Parser(tokensOf(pattern));
  const test = parser.parse();
  return (message) => {
    try {
      const document: unknown = JSON.parse(message);
      return typeof document === 'object' && document !== null && test(document);
    } catch {
      return false;
    }
  };
}

const tokenPattern =
  /\s*(&&|\|\||[()]|<=|>=|!=|=|<|>|"(?:[^"\\]|\\.)*"|\$(?:\.[A-Za-z0-9_-]+|\[\d+\])+|%[^%]*%|[^\s()&|=<>!]+)/y;

function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  const text = pattern.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const [, token] = tokenPattern.exec(text) ?? [];
    if (token === undefined) throw invalidPattern();
    tokens.push(token);
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  parse(): Test {
    const test = this.alternatives();
    if (this.at < this.tokens.length) throw invalidPattern();
    return test;
  }

  private alternatives(): Test {
    const tests = [this.conditions()];
    while (this.accept('||')) tests.push(this.conditions());
    return (document) => tests.some((test) => test(document));
  }

  private conditions(): Test {
    const tests = [this.condition()];
    while (this.accept('&&')) tests.push(this.condition());
    return (document) => tests.every((test) => test(document));
  }

  private condition(): Test {
    if (this.accept('(')) {
      const test = this.alternatives();
      if (!this.accept(')')) throw invalidPattern();
      return test;
    }
    const selector = this.next();
    if (!selector.startsWith('$')) throw invalidPattern();
    const select = selection(selector);
    const test = this.comparison(this.next());
    return (document) => test(select(document));
  }

  private comparison(operator: string): Test {
    if (operator === 'IS') return this.identity(this.next());
    if (operator === 'NOT' && this.accept('EXISTS')) return (value) => value === undefined;
    if (operator === 'EXISTS') return (value) => value !== undefined;
    const operand = this.next();
    if (operand.startsWith('%'))
      throw new NotImplementedError(`regular expressions in filter patterns (${operand})`);
    if (operator === '=') return equality(operand);
    if (operator === '!=') {
      const equals = equality(operand);
      return (value) => value !== undefined && !equals(value);
    }
    return order(operator, Number(operand));
  }

  private identity(word: string): Test {
    if (word === 'NULL') return (value) => value === null;
    if (word === 'TRUE') return (value) => value === true;
    if (word === 'FALSE') return (value) => value === false;
    throw invalidPattern();
  }

  private accept(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw invalidPattern();
    return token;
  }
}

/** Reads what a selector such as `$.a.b[0]` names. */
function selection(selector: string): (document: unknown) => unknown {
  const keys = selector.match(/[A-Za-z0-9_-]+/g) ?? [];
  return (document) => {
    let value = document;
    for (const key of keys) value = isIndexable(value) ? value[key] : undefined;
    return value;
  };
}

function isIndexable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function equality(operand: string): Test {
  const text = operand.startsWith('"') ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  const wild = new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  const number = Number(text);
  return (value) =>
    typeof value === 'number'
      ? value === number
      : (typeof value === 'string' || typeof value === 'boolean') && wild.test(String(value));
}

function order(operator: string, bound: number): Test {
  if (Number.isNaN(bound)) throw invalidPattern();
  const compare = {
    '<': (value: number) => value < bound,
    '<=': (value: number) => value <= bound,
    '>': (value: number) => value > bound,
    '>=': (value: number) => value >= bound,
  }[operator];
  if (!compare) throw invalidPattern();
  return (value) => typeof value === 'number' && compare(value);
}

function invalidPattern() {
  return invalid('Invalid filter pattern');
}
