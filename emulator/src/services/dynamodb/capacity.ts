import { isDeepStrictEqual } from 'node:util';
import type { Capacity, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { type IndexSchema, type Item, type ItemChange, itemBytes } from '../../engines/dynamodb';
import type { Table } from './table';

/** Capacity that one operation consumes of one table, added up over a batch or a transaction. */
export class CapacityCounter {
  private table = 0;
  private readonly global = new Map<string, number>();
  private readonly local = new Map<string, number>();

  constructor(
    private readonly tableName: string,
    /** Transactions read and write twice. */
    private readonly factor = 1,
  ) {}

  /**
   * Counts a write: a unit for each KB that begins of the larger of the item before and after, and the same for each index
   * whose entry changes; twice if its key changes.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
   */
  write(table: Table, { after, before }: Pick<ItemChange, 'before' | 'after'>): this {
    this.table += this.factor * Math.max(writeUnits(before), writeUnits(after), 1);
    const { globalIndexes, localIndexes } = table.definition;
    for (const index of globalIndexes) this.writeIndex(this.global, table, index, before, after);
    for (const index of localIndexes) this.writeIndex(this.local, table, index, before, after);
    return this;
  }

  /** Counts a read: half a unit for each 4 KB that begin, a whole one if it is consistent. */
  read(item: Item | undefined, consistent: boolean | undefined): this {
    this.table += readUnits(item) * (this.factor === 1 && !consistent ? 0.5 : this.factor);
    return this;
  }

  /** What the operation returns. */
  output(kind: ReturnConsumedCapacity | undefined): ConsumedCapacity | undefined {
    if (kind === undefined || kind === 'NONE') return undefined;
    const indexes = [...this.global.values(), ...this.local.values()];
    const total = { TableName: this.tableName, CapacityUnits: indexes.reduce(add, this.table) };
    if (kind === 'TOTAL') return total;
    return {
      ...total,
      Table: { CapacityUnits: this.table },
      GlobalSecondaryIndexes: byIndex(this.global),
      LocalSecondaryIndexes: byIndex(this.local),
    };
  }

  private writeIndex(
    units: Map<string, number>,
    table: Table,
    index: IndexSchema,
    before: Item | undefined,
    after: Item | undefined,
  ): void {
    const old = entryOf(index, table, before);
    const now = entryOf(index, table, after);
    if (isDeepStrictEqual(old, now)) return;
    const moved = old && now && index.KeySchema.some(differs(old, now));
    const consumed = moved
      ? writeUnits(old) + writeUnits(now)
      : Math.max(writeUnits(old), writeUnits(now));
    units.set(index.IndexName, (units.get(index.IndexName) ?? 0) + consumed * this.factor);
  }
}

/** What an index holds of an item; undefined if the item lacks one of its keys. */
function entryOf(
  { KeySchema, Projection }: IndexSchema,
  { definition }: Table,
  item: Item | undefined,
): Item | undefined {
  if (!item || KeySchema.some(({ AttributeName }) => item[AttributeName] === undefined))
    return undefined;
  if (Projection.ProjectionType === 'ALL') return { ...item };
  const names = [...KeySchema, ...definition.keySchema].map(({ AttributeName }) => AttributeName);
  const projected = new Set([...names, ...(Projection.NonKeyAttributes ?? [])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => projected.has(name)));
}

function differs(old: Item, now: Item): (key: { readonly AttributeName: string }) => boolean {
  return ({ AttributeName: name }) => !isDeepStrictEqual(old[name], now[name]);
}

function writeUnits(item: Item | undefined): number {
  return item ? Math.ceil(itemBytes(item) / 1024) : 0;
}

function readUnits(item: Item | undefined): number {
  return item ? Math.ceil(itemBytes(item) / 4096) : 1;
}

function byIndex(units: ReadonlyMap<string, number>): Record<string, Capacity> | undefined {
  return units.size === 0
    ? undefined
    : Object.fromEntries([...units].map(([name, count]) => [name, { CapacityUnits: count }]));
}

function add(a: number, b: number): number {
  return a + b;
}
