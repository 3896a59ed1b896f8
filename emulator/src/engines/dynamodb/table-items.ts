import { Readable } from 'node:stream';
import { ServiceError } from '../../protocol/errors';
import { always, holds } from './conditions';
import {
  action,
  type DocumentPath,
  type DynaliteOutput,
  type DynaliteStore,
  database,
  type IndexSchema,
  type ItemAction,
  type ItemDatabase,
  type PreparedRequest,
  prepare,
  serviceError,
  type TableSchema,
  type UpdateSection,
} from './dynalite';
import { type Item, itemBytes, maxItemBytes } from './item';
import { SortedItems } from './sorted-items';

/** Operations that change an item. */
export type WriteAction = 'putItem' | 'updateItem' | 'deleteItem';

/** What a write did to its item. */
export interface ItemChange {
  /** Position of the item, for {@link TableItems.restore}. */
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A write that has been done. */
export interface Written extends ItemChange {
  /** As `ReturnValues` asks. */
  readonly attributes: Item | undefined;
}

/**
 * The items of one table and of its indexes.
 *
 * What an operation means is dynalite's: keys, conditions, update expressions, queries. It works on this store in place of
 * its own, which would answer after a while: here a write is done when the call returns, so that nothing
 * ever sees half of it, and two writes one after the other are a transaction.
 */
export class TableItems {
  private readonly items = new SortedItems();
  private readonly indexes = new Map<string, SortedItems>();
  private readonly store: DynaliteStore;
  private bytesOfItems = 0;
  private change: ItemChange | undefined;

  constructor(private schema: TableSchema) {
    const itemDb = databaseOf(this.items, {
      changing: (key, after) => this.record(key, after),
      stored: (item) => item,
    });
    this.store = {
      options: { maxItemSize: Number.POSITIVE_INFINITY },
      getTable: (_name, checkStatus, done) =>
        (typeof checkStatus === 'function' ? checkStatus : done)?.(null, this.schema),
      getItemDb: () => itemDb,
      getIndexDb: (_type, _table, index) =>
        databaseOf(this.index(index), { changing: () => undefined, stored: projected }),
    };
  }

  get count(): number {
    return this.items.size;
  }

  get bytes(): number {
    return this.bytesOfItems;
  }

  /** All items, in no order that means anything. */
  all(): Item[] {
    return this.items.values();
  }

  /** How many items an index holds, and their bytes. */
  indexSize(name: string): { readonly count: number; readonly bytes: number } {
    const items = this.index(name).values();
    return {
      count: items.length,
      bytes: items.reduce((total, item) => total + itemBytes(item), 0),
    };
  }

  /** Takes over other indexes: new ones are filled, those that are gone are forgotten. */
  changeIndexes(schema: TableSchema): void {
    const names = indexesOf(schema).map(({ IndexName }) => IndexName);
    for (const name of this.indexes.keys()) if (!names.includes(name)) this.indexes.delete(name);
    const added = indexesOf(schema).filter(
      ({ IndexName }) => !indexesOf(this.schema).some((index) => index.IndexName === IndexName),
    );
    this.schema = schema;
    for (const item of this.items.values()) this.updateIndexes(added, undefined, item);
  }

  /**
   * The item with the request's key, or with that of its item.
   *
   * @throws ServiceError ValidationException if the key does not fit the table.
   */
  find({ Key: key, Item: item }: PreparedRequest): Item | undefined {
    const { createKey, validateItem, validateKey } = database();
    const invalid = item ? validateItem(item, this.schema) : validateKey(key ?? {}, this.schema);
    if (invalid) throw serviceError(invalid);
    return this.items.get(createKey(item ?? key ?? {}, this.schema));
  }

  /** The encoded key of a request that {@link find} has accepted. */
  keyOf({ Key: key, Item: item }: PreparedRequest): string {
    return database().createKey(item ?? key ?? {}, this.schema);
  }

  /** Whether the request's condition holds for its item. */
  meetsCondition(request: PreparedRequest): boolean {
    const item = this.find(request);
    const { _condition: condition } = request;
    return condition
      ? holds(condition.expression, item ?? {})
      : !database().checkConditional(request, item);
  }

  /**
   * Puts, updates or deletes an item, whatever its condition: that is {@link meetsCondition}'s.
   *
   * @throws ServiceError ValidationException
   */
  write(name: WriteAction, request: PreparedRequest): Written {
    this.change = undefined;
    let outcome: { error?: unknown; output?: DynaliteOutput } | undefined;
    action(name)(this.store, unconditional(request), (error, output) => {
      outcome = { error: error ?? undefined, output };
    });
    if (!outcome) throw new Error(`${name} has not been done at once`);
    if (outcome.error) throw serviceError(outcome.error);
    const change: ItemChange = this.change ?? { key: '', before: undefined, after: undefined };
    if (name === 'updateItem' && change.after && itemBytes(change.after) > maxItemBytes) {
      this.restore(change);
      throw new ServiceError(
        'ValidationException',
        'Item size to update has exceeded the maximum allowed size',
      );
    }
    return { ...change, attributes: outcome.output?.Attributes };
  }

  /** Undoes a write. */
  restore({ key, before, after }: ItemChange): void {
    this.updateIndexes(indexesOf(this.schema), after, before);
    this.record(key, before);
    if (before) this.items.put(key, before);
    else this.items.delete(key);
  }

  /** Removes an item, as its time to live does. */
  remove(item: Item): void {
    const key = database().createKey(item, this.schema);
    this.restore({ key, before: undefined, after: item });
  }

  /** Reads one item, as its projection asks. */
  get(request: PreparedRequest): Item | undefined {
    let answer: { error?: unknown; output?: DynaliteOutput } | undefined;
    action('getItem')(this.store, request, (error, output) => {
      answer = { error: error ?? undefined, output };
    });
    if (!answer) throw new Error('getItem has not been done at once');
    if (answer.error) throw serviceError(answer.error);
    return answer.output?.Item;
  }

  /** Queries or scans what is there at this moment. */
  async search(name: 'query' | 'scan', request: PreparedRequest): Promise<DynaliteOutput> {
    const { _filter: filter, _projection: projection, Select: select } = request;
    if (!filter) return this.run(name, request);
    // Filtered here; dynalite checks the expressions, and reads.
    const { Items = [], ...output } = await this.run(name, {
      ...request,
      Select: select === 'COUNT' ? undefined : select,
      _filter: { ...filter, expression: always },
      _projection: projection && { ...projection, paths: undefined },
    });
    const found = Items.filter((item) => holds(filter.expression, item));
    const paths = projection?.paths;
    return {
      ...output,
      Count: found.length,
      Items:
        select === 'COUNT'
          ? undefined
          : paths
            ? found.map((item) => database().mapPaths(paths, item))
            : found,
    };
  }

  private run(name: 'query' | 'scan', request: PreparedRequest): Promise<DynaliteOutput> {
    return new Promise((resolve, reject) => {
      action(name)(this.store, request, (error, output = {}) => {
        if (error) reject(serviceError(error));
        else resolve(output);
      });
    });
  }

  /** Notes what becomes of an item, just before it does. */
  private record(key: string, after: Item | undefined): void {
    const before = this.items.get(key);
    this.change = { key, before, after };
    this.bytesOfItems += (after ? itemBytes(after) : 0) - (before ? itemBytes(before) : 0);
  }

  private updateIndexes(
    indexes: readonly IndexSchema[],
    before: Item | undefined,
    after: Item | undefined,
  ): void {
    const { deletes, puts } = database().getIndexActions(indexes, before, after, this.schema);
    for (const { index, key } of deletes) this.index(index).delete(key);
    for (const { index, key, item } of puts) this.index(index).put(key, projected(item));
  }

  private index(name: string): SortedItems {
    let items = this.indexes.get(name);
    if (!items) {
      items = new SortedItems();
      this.indexes.set(name, items);
    }
    return items;
  }
}

/**
 * Checks an operation on items before its table is looked at.
 *
 * @throws ServiceError in DynamoDB's words.
 */
export function prepareItemRequest(name: ItemAction, input: object): PreparedRequest {
  const request = prepare(name, input);
  if (request.Item && itemBytes(request.Item) > maxItemBytes)
    throw new ServiceError(
      'ValidationException',
      'Item size has exceeded the maximum allowed size',
    );
  return request;
}

/** All indexes of a table, global ones first. */
export function indexesOf(schema: TableSchema): readonly IndexSchema[] {
  return [...(schema.GlobalSecondaryIndexes ?? []), ...(schema.LocalSecondaryIndexes ?? [])];
}

/**
 * Positions in lists are those before the update, so elements are removed from the last to the first, after
 * all that is set.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
function removalsLast(updates: { sections: UpdateSection[] }): void {
  const removals = updates.sections.filter(({ type }) => type === 'remove');
  const position = (path: DocumentPath) => Number(path.at(-1));
  updates.sections = [
    ...updates.sections.filter(({ type }) => type !== 'remove'),
    ...removals.filter(({ path }) => typeof path.at(-1) === 'string'),
    ...removals
      .filter(({ path }) => typeof path.at(-1) === 'number')
      .sort((a, b) => position(b.path) - position(a.path)),
  ];
}

/** A request whose condition has been met; dynalite would look at the older form of conditions as well. */
function unconditional(request: PreparedRequest): PreparedRequest {
  if (request._updates) removalsLast(request._updates);
  return { ...request, _condition: undefined };
}

/** An index's part of an item, without the attributes that the item lacks. */
function projected(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}

function databaseOf(
  items: SortedItems,
  {
    changing,
    stored,
  }: {
    readonly changing: (key: string, after: Item | undefined) => void;
    readonly stored: (item: Item) => Item;
  },
): ItemDatabase {
  return {
    get: (key, done) => done(null, items.get(key)),
    put(key, item, done) {
      changing(key, item);
      items.put(key, stored(item));
      done(null);
    },
    del(key, done) {
      changing(key, undefined);
      items.delete(key);
      done(null);
    },
    lock: (_key, run) => run((done) => done),
    createValueStream: (range) => {
      const found = items.range(range);
      return new Readable({
        objectMode: true,
        read() {
          for (const item of found.splice(0, 100)) this.push(item);
          if (found.length === 0) this.push(null);
        },
      });
    },
  };
}
