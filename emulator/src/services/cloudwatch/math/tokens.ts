import { validationError } from '../errors';

/** A piece of an expression. */
export interface Token {
  readonly kind: 'name' | 'number' | 'operator' | 'text';
  readonly text: string;
}

const pattern =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|"(?<text>[^"]*)"|'(?<quoted>[^']*)'|(?<operator><=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]))/y;

/** Takes an expression apart. @throws ServiceError for what is in no expression */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(expression)?.groups;
    if (!groups)
      throw validationError(
        `Error in expression '${expression}': unexpected character at position ${at}`,
      );
    const { name, number, operator, quoted, text } = groups;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else tokens.push({ kind: 'text', text: text ?? quoted ?? '' });
  }
  return tokens;
}
