/** A type of one value. */
export type PrimitiveType =
  | {
      readonly kind:
        | 'bigint'
        | 'binary'
        | 'boolean'
        | 'date'
        | 'double'
        | 'float'
        | 'int'
        | 'smallint'
        | 'string'
        | 'timestamp'
        | 'tinyint';
    }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'char' | 'varchar'; readonly length: number };

export interface StructMember {
  readonly name: string;
  readonly type: HiveType;
}

/** A type of a column in Hive's notation, which the Glue Data Catalog uses. */
export type HiveType =
  | PrimitiveType
  | { readonly kind: 'array'; readonly element: HiveType }
  | { readonly kind: 'map'; readonly key: PrimitiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly members: readonly StructMember[] };

/** A type that Hive does not have, or that has no place in Parquet. */
export class HiveTypeError extends Error {}

/** Names besides those of {@link PrimitiveType}. */
const synonyms: Readonly<Record<string, string>> = { integer: 'int', real: 'float' };
const simpleKinds = [
  'bigint',
  'binary',
  'boolean',
  'date',
  'double',
  'float',
  'int',
  'smallint',
  'string',
  'timestamp',
  'tinyint',
] as const;

const longestChar = 255;
const longestVarchar = 65_535;
/** https://cwiki.apache.org/confluence/display/hive/languagemanual+types */
const largestPrecision = 38;
const deepest = 64;

/**
 * Reads a type such as `array<struct<id:int,price:decimal(10,2)>>`.
 *
 * @throws HiveTypeError also for `uniontype`, which Parquet lacks
 */
export function parseHiveType(text: string): HiveType {
  const parser = new TypeParser(text);
  return parser.whole();
}

class TypeParser {
  private position = 0;

  constructor(private readonly text: string) {}

  whole(): HiveType {
    const type = this.type(0);
    this.skipBlanks();
    if (this.position < this.text.length) throw this.error();
    return type;
  }

  private type(depth: number): HiveType {
    if (depth > deepest) throw this.error();
    const word = this.word().toLowerCase();
    switch (word) {
      case 'array': {
        const element = this.inBrackets(() => this.type(depth + 1));
        return { kind: 'array', element };
      }
      case 'map':
        return this.inBrackets(() => {
          const key = this.type(depth + 1);
          if (key.kind === 'array' || key.kind === 'map' || key.kind === 'struct')
            throw this.error();
          if (!this.take(',')) throw this.error();
          return { kind: 'map', key, value: this.type(depth + 1) };
        });
      case 'struct': {
        const members = this.inBrackets(() => this.members(depth));
        return { kind: 'struct', members };
      }
      default:
        return this.primitive(synonyms[word] ?? word);
    }
  }

  private members(depth: number): StructMember[] {
    const members: StructMember[] = [];
    do {
      const name = this.memberName();
      if (name === '' || !this.take(':')) throw this.error();
      members.push({ name, type: this.type(depth + 1) });
    } while (this.take(','));
    const names = new Set(members.map(({ name }) => name.toLowerCase()));
    if (names.size < members.length) throw this.error();
    return members;
  }

  private primitive(word: string): PrimitiveType {
    if (word === 'decimal') {
      const [precision = 10, scale = 0] = this.numbers();
      if (precision < 1 || precision > largestPrecision || scale > precision) throw this.error();
      return { kind: 'decimal', precision, scale };
    }
    if (word === 'char' || word === 'varchar') {
      const [length = 0] = this.numbers();
      if (length < 1 || length > (word === 'char' ? longestChar : longestVarchar))
        throw this.error();
      return { kind: word, length };
    }
    const kind = simpleKinds.find((name) => name === word);
    if (!kind) throw this.error();
    if (kind === 'double') this.takeWord('precision');
    return { kind };
  }

  /** Numbers in parentheses; none without these. */
  private numbers(): number[] {
    if (!this.take('(')) return [];
    const numbers: number[] = [];
    do {
      const word = this.word();
      if (!/^\d{1,5}$/.test(word)) throw this.error();
      numbers.push(Number(word));
    } while (this.take(','));
    if (!this.take(')')) throw this.error();
    return numbers;
  }

  private inBrackets<T>(read: () => T): T {
    if (!this.take('<')) throw this.error();
    const result = read();
    if (!this.take('>')) throw this.error();
    return result;
  }

  /** Between backticks a name may hold anything; two of them are one in the name. */
  private memberName(): string {
    this.skipBlanks();
    const quoted = /`((?:[^`]|``)+)`/y;
    quoted.lastIndex = this.position;
    const found = quoted.exec(this.text);
    if (!found) return this.word();
    this.position = quoted.lastIndex;
    return (found[1] ?? '').replaceAll('``', '`');
  }

  private word(): string {
    this.skipBlanks();
    const start = this.position;
    while (/[\w$.-]/.test(this.text[this.position] ?? '')) this.position += 1;
    return this.text.slice(start, this.position);
  }

  private takeWord(wanted: string): void {
    const { position } = this;
    if (this.word().toLowerCase() !== wanted) this.position = position;
  }

  private take(character: string): boolean {
    this.skipBlanks();
    if (this.text[this.position] !== character) return false;
    this.position += 1;
    return true;
  }

  private skipBlanks(): void {
    while (this.text[this.position] === ' ') this.position += 1;
  }

  private error(): HiveTypeError {
    return new HiveTypeError(`Unsupported type ${this.text}`);
  }
}
