import { NotImplementedError } from '../../../protocol/errors';
import { validationError } from '../errors';
import { type Token, tokensOf } from './tokens';

/** A parsed expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'reference'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

/** The functions that there are, with how many arguments they take. */
export const functions = {
  AVG: [1, 1],
  FILL: [2, 2],
  IF: [2, 3],
  MAX: [1, 1],
  METRICS: [0, 1],
  MIN: [1, 1],
  PERIOD: [1, 1],
  RATE: [1, 1],
  SUM: [1, 1],
} as const;

/** Name of a function that there is. */
export type FunctionName = keyof typeof functions;

/** From those that bind least. */
const levels: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/'],
];

const words: Readonly<Record<string, string>> = { AND: '&&', OR: '||' };

/**
 * Parses a metric math expression.
 *
 * @throws ServiceError for what is none; NotImplementedError for a function of AWS that is missing here
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).parse();
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(private readonly source: string) {
    this.tokens = tokensOf(source);
  }

  parse(): Expression {
    const expression = this.binary(0);
    if (this.position < this.tokens.length) throw this.unexpected();
    return expression;
  }

  private binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const token = this.tokens[this.position];
      if (!token || token.kind === 'text' || !operators.includes(token.text)) return left;
      this.position += 1;
      const operator = words[token.text] ?? token.text;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  private unary(): Expression {
    if (this.take('-')) return { kind: 'negation', operand: this.unary() };
    return this.power();
  }

  private power(): Expression {
    const left = this.operand();
    if (!this.take('^')) return left;
    return { kind: 'binary', operator: '^', left, right: this.unary() };
  }

  private operand(): Expression {
    const token = this.tokens[this.position];
    if (!token) throw this.unexpected();
    this.position += 1;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (token.kind === 'name')
      return this.take('(') ? this.call(token.text) : { kind: 'reference', id: token.text };
    if (token.text === '(') {
      const inner = this.binary(0);
      this.expect(')');
      return inner;
    }
    if (token.text === '[') return { kind: 'list', items: this.list(']') };
    this.position -= 1;
    throw this.unexpected();
  }

  private call(name: string): Expression {
    const args = this.list(')');
    if (!isFunction(name))
      throw new NotImplementedError(`the function ${name} of metric math expressions`);
    const [least, most] = functions[name];
    if (args.length < least || args.length > most)
      throw this.error(`the function ${name} takes ${least} to ${most} arguments`);
    return { kind: 'call', name, args };
  }

  private list(end: string): Expression[] {
    const items: Expression[] = [];
    if (this.take(end)) return items;
    do items.push(this.binary(0));
    while (this.take(','));
    this.expect(end);
    return items;
  }

  private take(operator: string): boolean {
    const token = this.tokens[this.position];
    if (token?.kind !== 'operator' || token.text !== operator) return false;
    this.position += 1;
    return true;
  }

  private expect(operator: string): void {
    if (!this.take(operator)) throw this.unexpected();
  }

  private unexpected(): Error {
    const token = this.tokens[this.position];
    return this.error(token ? `unexpected '${token.text}'` : 'unexpected end');
  }

  private error(reason: string): Error {
    return validationError(`Error in expression '${this.source}': ${reason}`);
  }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}
