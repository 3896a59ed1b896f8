import { memberPath, parseJsonPath } from '../json/json-path';
import type { ValueSource } from './mapping/settings';

/**
 * Where the value of a column, or of a statement's parameter, comes from.
 */
export class Column {
  /**
   * A value in the message's JSON body, which has to be there; JSON null becomes NULL.
   *
   * Numbers are passed on digit by digit as they were sent, never through a floating-point number. Objects
   * and arrays become JSON text: make the column `json` or `jsonb`. Strings go without their quotes, for `text`, `uuid`
   * or `timestamptz`; a `jsonb` column would read them as JSON.
   *
   * @param path such as `$.orderId`, `$.lines[0].sku` or `$['unit price']`; `$` is the whole body
   */
  public static path(path: string): Column {
    return Column.atPath(path, false);
  }

  /**
   * The same, but a missing value becomes NULL.
   *
   * @param path such as `$.note`
   */
  public static optionalPath(path: string): Column {
    return Column.atPath(path, true);
  }

  /**
   * The whole body, for a `jsonb`, `json` or `text` column. It has to be JSON.
   */
  public static body(): Column {
    return new Column({ kind: 'body' });
  }

  /**
   * The id that SQS gave the message: the same each time this message is delivered, another one if the
   * producer sends it again.
   */
  public static messageId(): Column {
    return new Column({ kind: 'messageId' });
  }

  /**
   * When SQS took the message in, to the millisecond, for a `timestamptz` column.
   *
   * Unlike the database's `now()` it does not move when the message waits or is retried.
   */
  public static sentTimestamp(): Column {
    return new Column({ kind: 'sentTimestamp' });
  }

  /**
   * A message attribute of type String or Number; NULL where the message has none of that name. A message with a Binary
   * one goes to the dead-letter queue.
   *
   * @param name of the attribute, case-sensitive
   */
  public static messageAttribute(name: string): Column {
    return new Column({ kind: 'messageAttribute', name });
  }

  private static atPath(text: string, optional: boolean): Column {
    const path = parseJsonPath(text);
    return path === undefined
      ? new Column(
          undefined,
          `'${text}' is not a path to one value: write '$.name', '$.list[0]' or "$['a name']"`,
        )
      : new Column({ kind: 'path', path, ...(optional ? { optional } : {}) });
  }

  private constructor(
    private readonly source: ValueSource | undefined,
    private readonly mistake?: string,
  ) {}

  /** What is wrong with it, if something is. @internal */
  public validate(): string | undefined {
    return this.mistake;
  }

  /** True if a missing value becomes NULL. @internal */
  public isOptional(): boolean {
    return this.source?.kind === 'path' && this.source.optional === true;
  }

  /** What the function is told. Throws if the column is not valid. @internal */
  public render(): ValueSource {
    if (this.source === undefined) {
      throw new Error(this.mistake);
    }
    return this.source;
  }
}

/**
 * Columns, or a statement's parameters, by name: a {@link Column}, or the path of one.
 */
export type ColumnMap = Readonly<Record<string, Column | string>>;

/** A list of names that are also the body's keys, as a map. */
export function toColumnMap(columns: ColumnMap | readonly string[]): Record<string, Column> {
  const entries = isNameList(columns)
    ? columns.map((name): [string, Column] => [name, Column.path(memberPath(name))])
    : Object.entries(columns).map(([name, column]): [string, Column] => [
        name,
        typeof column === 'string' ? Column.path(column) : column,
      ]);
  return Object.fromEntries(entries);
}

function isNameList(columns: ColumnMap | readonly string[]): columns is readonly string[] {
  return Array.isArray(columns);
}
