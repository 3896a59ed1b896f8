/** A number as it is written: no digit of it is lost. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** An object: its members in the order in which they are written. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;

/** Text that is no JSON. */
export class JsonSyntaxError extends Error {}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const blank = /[ \t\r\n]*/y;
/** All but quotes, backslashes and control characters. */
const plainText = /[ !#-[\]-\u{10ffff}]*/uy;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads the JSON documents of a text, one after the other, with or without blanks between them.
 *
 * `JSON.parse` reads one document, and keeps 17 digits of a number.
 *
 * @param keyOf - what a member is called instead of what is written
 * @throws JsonSyntaxError
 */
export function readDocuments(text: string, keyOf: (key: string) => string): JsonValue[] {
  const reader = new DocumentReader(text, keyOf);
  const documents: JsonValue[] = [];
  while (!reader.ended()) documents.push(reader.value(0));
  return documents;
}

/** A document as text without blanks. */
export function jsonText(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof Map) {
    const members = [...value].map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Deeper than Jackson reads by default. */
const deepest = 1000;

class DocumentReader {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly keyOf: (key: string) => string,
  ) {}

  /** Whether nothing but blanks is left. */
  ended(): boolean {
    this.skip(blank);
    return this.position >= this.text.length;
  }

  value(depth: number): JsonValue {
    if (depth > deepest) throw new JsonSyntaxError(`Document nesting depth exceeds ${deepest}`);
    this.skip(blank);
    switch (this.text[this.position]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.position += 1;
    if (this.take('}')) return members;
    do {
      this.skip(blank);
      if (this.text[this.position] !== '"') throw this.unexpected('a member name');
      const key = this.keyOf(this.string());
      if (!this.take(':')) throw this.unexpected('a colon');
      members.set(key, this.value(depth + 1));
    } while (this.take(','));
    if (!this.take('}')) throw this.unexpected('a comma or the end of the object');
    return members;
  }

  private array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.position += 1;
    if (this.take(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.take(','));
    if (!this.take(']')) throw this.unexpected('a comma or the end of the array');
    return items;
  }

  private string(): string {
    this.position += 1;
    let result = this.skip(plainText);
    while (this.text[this.position] === '\\') {
      result += this.escaped();
      result += this.skip(plainText);
    }
    if (this.text[this.position] !== '"') throw this.unexpected('the end of the string');
    this.position += 1;
    return result;
  }

  private escaped(): string {
    const kind = this.text[this.position + 1] ?? '';
    if (kind === 'u') {
      const digits = this.text.slice(this.position + 2, this.position + 6);
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.unexpected('four hexadecimal digits');
      this.position += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = escapes[kind];
    if (character === undefined) throw this.unexpected('an escaped character');
    this.position += 2;
    return character;
  }

  private number(): JsonNumber {
    const text = this.skip(numberPattern);
    if (text === '') throw this.unexpected('a value');
    return new JsonNumber(text);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) throw this.unexpected('a value');
    this.position += word.length;
    return value;
  }

  private take(character: string): boolean {
    this.skip(blank);
    if (this.text[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  /** Goes past what a sticky pattern matches. */
  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.position += found.length;
    return found;
  }

  private unexpected(wanted: string): JsonSyntaxError {
    const { position, text } = this;
    if (position >= text.length)
      return new JsonSyntaxError(`Unexpected end-of-input: expected ${wanted}`);
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
    return new JsonSyntaxError(
      `Unexpected character ('${character}' (code ${character.codePointAt(0)})): expected ${wanted} at column ${position + 1}`,
    );
  }
}
