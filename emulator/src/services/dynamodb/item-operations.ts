import type {
  ConsumedCapacity,
  ItemCollectionMetrics,
  ReturnItemCollectionMetrics,
} from '@aws-sdk/client-dynamodb';
import {
  type Item,
  type PreparedRequest,
  prepareItemRequest,
  type SearchCapacity,
  type WriteAction,
  type Written,
} from '../../engines/dynamodb';
import type { CallContext, Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { engineRequest, itemOutput } from './attribute-values';
import { CapacityCounter } from './capacity';
import { conditionFailed } from './errors';
import type { DynamoDbState } from './state';
import type { Table } from './table';

type Client = typeof import('@aws-sdk/client-dynamodb');

type WriteInput = Pick<
  InputOf<Client, 'PutItem'>,
  | 'TableName'
  | 'ReturnConsumedCapacity'
  | 'ReturnItemCollectionMetrics'
  | 'ReturnValuesOnConditionCheckFailure'
>;

const conditionParameters = [
  'TableName',
  'ConditionExpression',
  'ConditionalOperator',
  'Expected',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
] as const;

const searchParameters = [
  'TableName',
  'AttributesToGet',
  'ConditionalOperator',
  'ConsistentRead',
  'ExclusiveStartKey',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'FilterExpression',
  'IndexName',
  'Limit',
  'ProjectionExpression',
  'ReturnConsumedCapacity',
  'Select',
] as const;

/** Operations on one item, and queries and scans. */
export function itemOperations(state: DynamoDbState): Handlers<Client> {
  const write = async (action: WriteAction, input: WriteInput, context: CallContext) => {
    const address = state.permit(input.TableName, context);
    const request = prepareItemRequest(action, {
      ...engineRequest(input),
      TableName: address.name,
    });
    await state.delay([address], context);
    const table = state.usable(address, context);
    state.faults.check(table.arn, context.operation);
    const written = writeItem(table, action, request, input.ReturnValuesOnConditionCheckFailure);
    return {
      Attributes: written.attributes && itemOutput(written.attributes),
      ConsumedCapacity: new CapacityCounter(table.name)
        .write(table, written)
        .output(input.ReturnConsumedCapacity),
      ItemCollectionMetrics: collectionMetrics(table, request, input.ReturnItemCollectionMetrics),
    };
  };
  const search = async (
    action: 'query' | 'scan',
    input: InputOf<Client, 'Query'> | InputOf<Client, 'Scan'>,
    context: CallContext,
  ) => {
    const address = state.permit(input.TableName, context, context.operation, input.IndexName);
    const request = prepareItemRequest(action, {
      ...engineRequest(input),
      TableName: address.name,
    });
    await state.delay([address], context);
    const table = state.usable(address, context);
    table.requireReadableIndex(input.IndexName);
    state.faults.check(table.arn, context.operation);
    const { ConsumedCapacity, Count, Items, LastEvaluatedKey, ScannedCount } =
      await table.items.search(action, request);
    return {
      Items: Items?.map(itemOutput),
      Count,
      ScannedCount,
      LastEvaluatedKey: LastEvaluatedKey && itemOutput(LastEvaluatedKey),
      ConsumedCapacity: searchCapacity(ConsumedCapacity, input.ConsistentRead ?? false),
    };
  };

  return {
    PutItem(input, context) {
      acceptOnly('PutItem', input, [...conditionParameters, 'Item']);
      return write('putItem', input, context);
    },

    UpdateItem(input, context) {
      acceptOnly('UpdateItem', input, [
        ...conditionParameters,
        'AttributeUpdates',
        'Key',
        'UpdateExpression',
      ]);
      return write('updateItem', input, context);
    },

    DeleteItem(input, context) {
      acceptOnly('DeleteItem', input, [...conditionParameters, 'Key']);
      return write('deleteItem', input, context);
    },

    async GetItem(input, context) {
      acceptOnly('GetItem', input, [
        'TableName',
        'Key',
        'AttributesToGet',
        'ConsistentRead',
        'ExpressionAttributeNames',
        'ProjectionExpression',
        'ReturnConsumedCapacity',
      ]);
      const address = state.permit(input.TableName, context);
      const request = prepareItemRequest('getItem', {
        ...engineRequest(input),
        TableName: address.name,
      });
      await state.delay([address], context);
      const table = state.usable(address, context);
      state.faults.check(table.arn, context.operation);
      const item = table.items.get(request);
      return {
        Item: item && itemOutput(item),
        ConsumedCapacity: new CapacityCounter(table.name)
          .read(table.items.find(request), input.ConsistentRead)
          .output(input.ReturnConsumedCapacity),
      };
    },

    Query(input, context) {
      acceptOnly('Query', input, [
        ...searchParameters,
        'KeyConditionExpression',
        'KeyConditions',
        'QueryFilter',
        'ScanIndexForward',
      ]);
      return search('query', input, context);
    },

    Scan(input, context) {
      acceptOnly('Scan', input, [...searchParameters, 'ScanFilter', 'Segment', 'TotalSegments']);
      return search('scan', input, context);
    },
  };
}

/**
 * Writes an item.
 *
 * @param onFailure - whether an error about its condition carries the item
 * @throws ServiceError ConditionalCheckFailedException, ValidationException
 */
export function writeItem(
  table: Table,
  action: WriteAction,
  request: PreparedRequest,
  onFailure?: 'ALL_OLD' | 'NONE',
): Written {
  const existing = table.items.find(request);
  if (!table.items.meetsCondition(request))
    throw conditionFailed(onFailure === 'ALL_OLD' && existing ? itemOutput(existing) : undefined);
  const written = table.items.write(action, request);
  table.timeToLive.watch(written.after);
  return written;
}

/**
 * The item collection that a write belongs to; only tables with local indexes have any.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections
 */
export function collectionMetrics(
  { definition }: Table,
  { Item: item, Key: key }: { readonly Item?: Item; readonly Key?: Item },
  kind: ReturnItemCollectionMetrics | undefined,
): ItemCollectionMetrics | undefined {
  const name = definition.keySchema[0]?.AttributeName ?? '';
  const partition = (item ?? key)?.[name];
  if (kind !== 'SIZE' || definition.localIndexes.length === 0 || !partition) return undefined;
  return { ItemCollectionKey: itemOutput({ [name]: partition }), SizeEstimateRangeGB: [0, 1] };
}

/** Nothing found is read as well: it takes the smallest read. */
function searchCapacity(
  capacity: SearchCapacity | undefined,
  consistent: boolean,
): ConsumedCapacity | undefined {
  if (!capacity || capacity.CapacityUnits > 0) return capacity;
  const units = { CapacityUnits: consistent ? 1 : 0.5 };
  return { ...capacity, ...units, ...(capacity.Table && { Table: units }) };
}
