import type { Readable } from 'node:stream';
import { ServiceError } from '../../protocol/errors';
import type { AttributeValue, Item } from './item';
import type { KeyRange } from './sorted-items';

/** A secondary index as dynalite reads it. */
export interface IndexSchema {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: {
    readonly ProjectionType?: 'ALL' | 'INCLUDE' | 'KEYS_ONLY';
    readonly NonKeyAttributes?: readonly string[];
  };
}

/** One attribute of a key: the partition key's (`HASH`) or the sort key's (`RANGE`). */
export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

/** The type of a key's attribute. */
export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: 'S' | 'N' | 'B';
}

/** What dynalite knows of a table. */
export interface TableSchema {
  readonly TableName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly LocalSecondaryIndexes?: readonly IndexSchema[];
  readonly GlobalSecondaryIndexes?: readonly IndexSchema[];
}

/** Reads and writes a second. */
export interface CapacityUnits {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** A CreateTable request that dynalite has validated. */
export interface PreparedTable extends TableSchema {
  readonly BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: CapacityUnits;
  readonly GlobalSecondaryIndexes?: readonly (IndexSchema & {
    readonly ProvisionedThroughput?: CapacityUnits;
  })[];
}

/** A request that dynalite has validated, its expressions parsed. */
export interface PreparedRequest {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Select?: string;
  readonly _updates?: { sections: UpdateSection[] };
  readonly _condition?: { readonly expression: Expression };
  readonly _filter?: { readonly expression: Expression };
  readonly _projection?: { readonly paths?: readonly DocumentPath[] };
}

/** Where a value is in an item: names of attributes and members, positions in lists. */
export type DocumentPath = readonly (string | number)[];

/** A condition, or a function in one, as dynalite has parsed it. */
export interface Expression {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly Operand[];
}

/** What an operator or a function works on. */
export type Operand = Expression | DocumentPath | AttributeValue;

/** One clause of an update expression. */
export interface UpdateSection {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: DocumentPath;
}

/** What dynalite answers. */
export interface DynaliteOutput {
  readonly Item?: Item;
  readonly Items?: Item[];
  readonly Attributes?: Item;
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly LastEvaluatedKey?: Item;
  readonly ConsumedCapacity?: SearchCapacity;
}

/** Capacity that a query or a scan has consumed. */
export interface SearchCapacity {
  CapacityUnits: number;
  readonly TableName: string;
  Table?: { CapacityUnits: number };
  LocalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
}

type Callback<T> = (error: Error | null | undefined, value?: T) => void;

/** A sorted collection of items, as dynalite's actions use it. */
export interface ItemDatabase {
  get(key: string, done: Callback<Item>): void;
  put(key: string, item: Item, done: Callback<void>): void;
  del(key: string, done: Callback<void>): void;
  lock(key: string, run: (release: <T>(done: Callback<T>) => Callback<T>) => void): void;
  createValueStream(range: KeyRange): Readable;
}

/** Where dynalite's actions find tables and items. */
export interface DynaliteStore {
  readonly options: { readonly maxItemSize: number };
  getTable(
    name: string,
    checkStatus: boolean | Callback<TableSchema>,
    done?: Callback<TableSchema>,
  ): void;
  getItemDb(table: string): ItemDatabase;
  getIndexDb(type: string, table: string, index: string): ItemDatabase;
}

/** Operations on items, by the names of dynalite's modules. */
export type ItemAction =
  | 'putItem'
  | 'updateItem'
  | 'deleteItem'
  | 'getItem'
  | 'query'
  | 'scan'
  | 'batchGetItem'
  | 'batchWriteItem';

type Action = (
  store: DynaliteStore,
  request: PreparedRequest,
  done: Callback<DynaliteOutput>,
) => void;

type Custom = (request: object, store: Pick<DynaliteStore, 'options'>) => string | undefined;

interface Validations {
  checkTypes<T>(input: object, types: object): T;
  checkValidations<T>(
    request: T,
    types: object,
    custom: Custom | undefined,
    store: Pick<DynaliteStore, 'options'>,
  ): void;
}

interface Database {
  createKey(item: Item, table: TableSchema): string;
  validateKey(key: Item, table: TableSchema): DynaliteError | undefined;
  validateItem(item: Item, table: TableSchema): DynaliteError | undefined;
  checkConditional(request: PreparedRequest, item: Item | undefined): DynaliteError | undefined;
  matchesExprFilter(item: Item, expression: Expression): boolean;
  mapPath(path: DocumentPath, item: Item): AttributeValue | null | undefined;
  mapPaths(paths: readonly DocumentPath[], item: Item): Item;
  getIndexActions(
    indexes: readonly IndexSchema[],
    before: Item | undefined,
    after: Item | undefined,
    table: TableSchema,
  ): {
    readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Item }[];
    readonly deletes: readonly { readonly index: string; readonly key: string }[];
  };
}

interface DynaliteError extends Error {
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

/** Items are not measured by dynalite: it counts characters where DynamoDB counts bytes. */
const unlimited = { options: { maxItemSize: Number.POSITIVE_INFINITY } };

let loadedDatabase: Database | undefined;
let loadedValidations: Validations | undefined;

/** Functions of dynalite about keys, conditions and indexes; loaded when first needed. */
export function database(): Database {
  loadedDatabase ??= require('dynalite/db') as Database;
  return loadedDatabase;
}

/** The code of an operation. */
export function action(name: ItemAction): Action {
  return require(`dynalite/actions/${name}`);
}

/**
 * Checks a request about items as DynamoDB does before it looks at the table, and parses its expressions.
 *
 * @throws ServiceError in DynamoDB's words.
 */
export function prepare(name: ItemAction, input: object): PreparedRequest {
  return validated(name, input);
}

/**
 * Checks what a table is to be.
 *
 * @throws ServiceError in DynamoDB's words.
 */
export function prepareTable(input: object): PreparedTable {
  return validated('createTable', input);
}

function validated<T>(name: string, input: object): T {
  loadedValidations ??= require('dynalite/validations') as Validations;
  const { types, custom } = require(`dynalite/validations/${name}`) as {
    readonly types: object;
    readonly custom?: Custom;
  };
  try {
    // Makes copies of all objects that it later brings into another form, such as numbers.
    const request = loadedValidations.checkTypes<T>({ ...input }, types);
    loadedValidations.checkValidations(request, types, custom, unlimited);
    return request;
  } catch (error) {
    throw serviceError(error);
  }
}

/** What dynalite rejects, as an error of the service; anything else as it is. */
export function serviceError(error: unknown): unknown {
  if (!isDynaliteError(error)) return error;
  const { __type, message, Message } = error.body;
  return new ServiceError(__type.split('#')[1] ?? __type, message ?? Message ?? error.message);
}

function isDynaliteError(error: unknown): error is DynaliteError {
  return error instanceof Error && 'body' in error;
}
