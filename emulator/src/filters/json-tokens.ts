/** A token of JSON text, by its first character or its kind. */
export type JsonToken =
  | '{'
  | '}'
  | '['
  | ']'
  | 'name'
  | 'string'
  | 'number'
  | 'true'
  | 'false'
  | 'null'
  | 'end';

interface Lexeme {
  readonly token: JsonToken;
  readonly start: number;
  readonly end: number;
}

const lexemes =
  /[\s,:]*(?:([{}[\]])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

const colon = /\s*:/y;

/** How much of a text its errors quote. */
const quotedLength = 500;

/**
 * Reads JSON token by token and knows where it is, the way the parser does that AWS's services read
 * patterns with: a string is not read beyond its first quote until somebody asks for its text, and a
 * member's name is only read together with the beginning of its value. Positions in error messages
 * follow from that.
 */
export class JsonTokens {
  private current: Lexeme = { token: 'end', start: 0, end: 0 };
  private pending: Lexeme | undefined;
  /** How far the text has been read. */
  private position = 0;

  /** @param source - well-formed JSON */
  constructor(private readonly source: string) {}

  /** Goes to the next token. */
  next(): JsonToken {
    if (this.pending) {
      this.current = this.pending;
      this.pending = undefined;
      return this.current.token;
    }
    this.current = this.lex(this.current.end);
    if (this.current.token === 'string' && this.followedByColon(this.current.end)) {
      this.pending = this.lex(this.current.end);
      this.current = { ...this.current, token: 'name' };
    }
    return this.current.token;
  }

  /** The text of the current token; of a string or a name without quotes and escapes. */
  get text(): string {
    const { token, start, end } = this.current;
    if (token === 'string') this.position = end;
    const text = this.source.slice(start, end);
    return token === 'string' || token === 'name' ? String(JSON.parse(text)) : text;
  }

  /** Where reading has got to, as it stands at the end of error messages. */
  get location(): string {
    const before = this.source.slice(0, this.position);
    const line = before.split('\n').length;
    const column = this.position - before.lastIndexOf('\n');
    const rest = this.source.length - quotedLength;
    const quoted =
      rest > 0
        ? `"${this.source.slice(0, quotedLength)}"[truncated ${rest} chars]`
        : `"${this.source}"`;
    return `\n at [Source: (String)${quoted}; line: ${line}, column: ${column}]`;
  }

  private lex(from: number): Lexeme {
    lexemes.lastIndex = from;
    const match = lexemes.exec(this.source);
    const end = lexemes.lastIndex;
    if (!match) return { token: 'end', start: this.source.length, end: this.source.length };
    const [, bracket, string, number, word] = match;
    const start = end - (bracket ?? string ?? number ?? word ?? '').length;
    this.position = string === undefined ? end : start + 1;
    const token =
      string !== undefined ? 'string' : number !== undefined ? 'number' : tokenOf(bracket ?? word);
    return { token, start, end };
  }

  private followedByColon(from: number): boolean {
    colon.lastIndex = from;
    return colon.test(this.source);
  }
}

function tokenOf(text: string | undefined): JsonToken {
  switch (text) {
    case '{':
    case '}':
    case '[':
    case ']':
    case 'true':
    case 'false':
    case 'null':
      return text;
    default:
      return 'end';
  }
}
