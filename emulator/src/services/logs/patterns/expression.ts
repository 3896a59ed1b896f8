import { comparison, type NumberOf, type ValueTest } from './comparison';
import { invalidPattern } from './pattern-errors';
import type { Regexes } from './regular-expression';

/** Whether a message, as its kind of pattern sees it, satisfies an expression. */
export type Expression<M> = (message: M) => boolean;

/** The values that a selector finds in a message; none if it finds nothing. */
export type Selection<M> = (message: M) => readonly unknown[];

/** What the kinds of patterns have their own of. */
export interface Dialect<M> {
  /** @throws ServiceError for what is no selector */
  readonly select: (selector: string) => Selection<M>;
  readonly numberOf: NumberOf;
  /** Whether it knows `IS NULL`, `IS TRUE`, `IS FALSE` and `NOT EXISTS`. */
  readonly hasWords: boolean;
}

const tokenPattern =
  /\s*(&&|\|\||[()]|<=|>=|!=|=|<|>|"(?:[^"\\]|\\.)*"|\$(?:\.?\['[^']*'\]|\.[A-Za-z0-9_*-]+|\[(?:\d+|\*)\])+|%[^%]*%|[^\s()&|=<>!"]+)/y;

/**
 * Compiles comparisons that are joined by `&&` and `||`, of which the first binds closer, and grouped by parentheses.
 *
 * @throws ServiceError InvalidParameterException
 */
export function compileExpression<M>(
  text: string,
  dialect: Dialect<M>,
  regexes: Regexes,
): Expression<M> {
  return new Parser(tokensOf(text), dialect, regexes).parse();
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < trimmed.length) {
    const [, token] = tokenPattern.exec(trimmed) ?? [];
    if (token === undefined) throw invalidPattern();
    tokens.push(token);
  }
  return tokens;
}

class Parser<M> {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly dialect: Dialect<M>,
    private readonly regexes: Regexes,
  ) {}

  parse(): Expression<M> {
    const expression = this.alternatives();
    if (this.at < this.tokens.length) throw invalidPattern();
    return expression;
  }

  private alternatives(): Expression<M> {
    const parts = [this.conditions()];
    while (this.accept('||')) parts.push(this.conditions());
    return (message) => parts.some((part) => part(message));
  }

  private conditions(): Expression<M> {
    const parts = [this.condition()];
    while (this.accept('&&')) parts.push(this.condition());
    return (message) => parts.every((part) => part(message));
  }

  private condition(): Expression<M> {
    if (this.accept('(')) {
      const expression = this.alternatives();
      if (!this.accept(')')) throw invalidPattern();
      return expression;
    }
    const select = this.dialect.select(this.next());
    const operator = this.next();
    if (this.dialect.hasWords && operator === 'NOT') {
      if (!this.accept('EXISTS')) throw invalidPattern();
      return (message) => select(message).length === 0;
    }
    const test =
      this.dialect.hasWords && operator === 'IS'
        ? identity(this.next())
        : comparison(operator, this.next(), this.dialect.numberOf, this.regexes);
    return (message) => select(message).some(test);
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

function identity(word: string): ValueTest {
  if (word === 'NULL') return (value) => value === null;
  if (word === 'TRUE') return (value) => value === true;
  if (word === 'FALSE') return (value) => value === false;
  throw invalidPattern();
}
