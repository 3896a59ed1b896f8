import type { ItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import { itemBytes, type PreparedRequest, prepareItemRequest } from '../../engines/dynamodb';
import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers, InputOf, OutputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { engineRequest, itemOutput } from './attribute-values';
import { CapacityCounter } from './capacity';
import { throughputExceeded, validation } from './errors';
import { kindOf } from './faults';
import { collectionMetrics, writeItem } from './item-operations';
import type { DynamoDbState } from './state';
import type { Table } from './table';
import type { TableAddress } from './table-address';

type Client = typeof import('@aws-sdk/client-dynamodb');
type BatchWriteInput = InputOf<Client, 'BatchWriteItem'>;
type WriteRequest = BatchWriteInput['RequestItems'][string][number];

/** Items that a batch may write. */
const mostWrites = 25;
/** What a batch reads at most. */
const mostBytes = 16 * 1024 * 1024;

/** Operations on several items, each by itself. */
export function batchOperations(state: DynamoDbState): Handlers<Client> {
  return {
    async BatchGetItem(input, context) {
      acceptOnly('BatchGetItem', input, ['RequestItems', 'ReturnConsumedCapacity']);
      const requests = byTable(state, input.RequestItems, context);
      prepareItemRequest('batchGetItem', withNames(input, requests));
      await state.delay(addressesOf(requests), context);
      return readAll(state, requests, input, context);
    },

    async BatchWriteItem(input, context) {
      acceptOnly('BatchWriteItem', input, [
        'RequestItems',
        'ReturnConsumedCapacity',
        'ReturnItemCollectionMetrics',
      ]);
      const requests = byTable(state, input.RequestItems, context);
      const count = requests.reduce((total, { request }) => total + request.length, 0);
      if (count > mostWrites && requests.length > 1)
        throw validation('Too many items requested for the BatchWriteItem call');
      prepareItemRequest('batchWriteItem', withNames(input, requests));
      await state.delay(addressesOf(requests), context);
      return writeAll(state, requests, input, context);
    },
  };
}

interface TableRequest<T> {
  /** As the caller named it. */
  readonly name: string;
  readonly address: TableAddress;
  readonly request: T;
}

function byTable<T>(
  state: DynamoDbState,
  items: Readonly<Record<string, T>>,
  context: CallContext,
): TableRequest<T>[] {
  return Object.entries(items).map(([name, request]) => ({
    name,
    request,
    address: state.permit(name, context),
  }));
}

function addressesOf(requests: readonly TableRequest<unknown>[]): TableAddress[] {
  return requests.map(({ address }) => address);
}

/** The request with names in place of ARNs, as the engine takes it. */
function withNames<T extends object>(input: object, requests: readonly TableRequest<T>[]): object {
  const items = requests.map(({ address, request }) => [address.name, request] as const);
  return engineRequest({ ...input, RequestItems: Object.fromEntries(items) });
}

function readAll(
  state: DynamoDbState,
  requests: readonly TableRequest<InputOf<Client, 'BatchGetItem'>['RequestItems'][string]>[],
  input: InputOf<Client, 'BatchGetItem'>,
  context: CallContext,
): OutputOf<Client, 'BatchGetItem'> {
  const responses: NonNullable<OutputOf<Client, 'BatchGetItem'>['Responses']> = {};
  const unprocessed: NonNullable<OutputOf<Client, 'BatchGetItem'>['UnprocessedKeys']> = {};
  const counters: CapacityCounter[] = [];
  let bytes = 0;
  let throttled: Table | undefined;
  let processed = 0;
  for (const { address, name, request } of requests) {
    const { Keys: keys = [], ...how } = request;
    const table = state.usable(address, context);
    const counter = new CapacityCounter(name);
    const found = [];
    const left = [];
    for (const key of keys) {
      if (state.faults.isThrottled(table.arn, context.operation)) {
        throttled = table;
        left.push(key);
        continue;
      }
      const read = prepareItemRequest('getItem', {
        ...engineRequest({ ...how, Key: key }),
        TableName: address.name,
      });
      const stored = table.items.find(read);
      const size = stored ? itemBytes(stored) : 0;
      if (bytes + size > mostBytes) {
        left.push(key);
        continue;
      }
      bytes += size;
      processed += 1;
      counter.read(stored, how.ConsistentRead);
      const item = table.items.get(read);
      if (item) found.push(itemOutput(item));
    }
    responses[name] = found;
    if (left.length > 0) unprocessed[name] = { ...how, Keys: left };
    counters.push(counter);
  }
  if (throttled && processed === 0)
    throw throughputExceeded(throttled.arn, kindOf(context.operation));
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: capacities(counters, input.ReturnConsumedCapacity),
  };
}

interface BatchedWrite {
  readonly name: string;
  readonly table: Table;
  readonly action: 'putItem' | 'deleteItem';
  readonly request: PreparedRequest;
  readonly original: WriteRequest;
}

function writeAll(
  state: DynamoDbState,
  requests: readonly TableRequest<WriteRequest[]>[],
  input: BatchWriteInput,
  context: CallContext,
): OutputOf<Client, 'BatchWriteItem'> {
  // Everything is checked before anything is written.
  const writes = requests.flatMap((request) => prepareWrites(state, request, context));
  const unprocessed: Record<string, WriteRequest[]> = {};
  const counters = new Map<string, CapacityCounter>();
  const metrics: Record<string, ItemCollectionMetrics[]> = {};
  let throttled: Table | undefined;
  for (const { action, name, original, request, table } of writes) {
    if (state.faults.isThrottled(table.arn, context.operation)) {
      throttled = table;
      unprocessed[name] = [...(unprocessed[name] ?? []), original];
      continue;
    }
    const counter = counters.get(name) ?? new CapacityCounter(name);
    counters.set(name, counter.write(table, writeItem(table, action, request)));
    const collection = collectionMetrics(table, request, input.ReturnItemCollectionMetrics);
    if (collection) metrics[name] = [...(metrics[name] ?? []), collection];
  }
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
  if (throttled && counters.size === 0)
    throw throughputExceeded(throttled.arn, kindOf(context.operation));
  return {
    UnprocessedItems: unprocessed,
    ItemCollectionMetrics: Object.keys(metrics).length > 0 ? metrics : undefined,
    ConsumedCapacity: capacities([...counters.values()], input.ReturnConsumedCapacity),
  };
}

function prepareWrites(
  state: DynamoDbState,
  { address, name, request: originals }: TableRequest<WriteRequest[]>,
  context: CallContext,
): BatchedWrite[] {
  const table = state.usable(address, context);
  const keys = new Set<string>();
  return originals.map((original) => {
    const { DeleteRequest: deletion, PutRequest: put } = original;
    const action = put ? 'putItem' : 'deleteItem';
    const request = prepareItemRequest(action, {
      ...engineRequest(put ?? deletion ?? {}),
      TableName: address.name,
    });
    checkKey(table, request);
    const key = table.items.keyOf(request);
    if (keys.has(key)) throw validation('Provided list of item keys contains duplicates');
    keys.add(key);
    return { name, table, action, request, original };
  });
}

/** A batch has one message for everything that is wrong with a key. */
function checkKey(table: Table, request: PreparedRequest): void {
  try {
    table.items.find(request);
  } catch (error) {
    if (
      error instanceof ServiceError &&
      /Missing the key|Type mismatch for key/.test(error.message)
    )
      throw validation('The provided key element does not match the schema');
    throw error;
  }
}

function capacities(
  counters: readonly CapacityCounter[],
  kind: InputOf<Client, 'BatchGetItem'>['ReturnConsumedCapacity'],
) {
  const consumed = counters.flatMap((counter) => counter.output(kind) ?? []);
  return consumed.length > 0 ? consumed : undefined;
}
