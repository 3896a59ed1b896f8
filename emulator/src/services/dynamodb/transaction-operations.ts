import { createHash } from 'node:crypto';
import type { ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { itemBytes, prepareItemRequest, type WriteAction } from '../../engines/dynamodb';
import type { CallContext, Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { engineRequest, itemOutput } from './attribute-values';
import { CapacityCounter } from './capacity';
import { throughputExceeded, validation } from './errors';
import { RequestTokens } from './request-tokens';
import type { DynamoDbState } from './state';
import { Transaction, type TransactionStep } from './transaction';

type Client = typeof import('@aws-sdk/client-dynamodb');
type WriteInput = InputOf<Client, 'TransactWriteItems'>;

/** What a transaction may be made of. */
const kinds: readonly {
  readonly member: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  readonly permission: string;
  readonly action: WriteAction | 'check';
}[] = [
  { member: 'Put', permission: 'PutItem', action: 'putItem' },
  { member: 'Update', permission: 'UpdateItem', action: 'updateItem' },
  { member: 'Delete', permission: 'DeleteItem', action: 'deleteItem' },
  { member: 'ConditionCheck', permission: 'ConditionCheckItem', action: 'check' },
];

/** What the items of a transaction may amount to. */
const mostBytes = 4 * 1024 * 1024;

/** Operations on several items that are done together or not at all. */
export function transactionOperations(state: DynamoDbState): Handlers<Client> {
  const tokens = new RequestTokens(state.clock);
  return {
    async TransactWriteItems(input, context) {
      acceptOnly('TransactWriteItems', input, [
        'TransactItems',
        'ClientRequestToken',
        'ReturnConsumedCapacity',
        'ReturnItemCollectionMetrics',
      ]);
      new Constraints('ValidationException')
        .length('transactItems', input.TransactItems, 1, 100)
        .length('clientRequestToken', input.ClientRequestToken, 1, 36)
        .check();
      const steps = input.TransactItems.map((item) => stepOf(state, item, context));
      await state.delay(
        steps.map(({ table }) => table.address),
        context,
      );
      const transaction = new Transaction(steps);
      const { ClientRequestToken: token, ...request } = input;
      if (token !== undefined) {
        const scope = `${context.account}/${context.region}/${token}`;
        if (tokens.isRepeated(scope, digestOf(request)))
          return { ConsumedCapacity: repeated(steps, input.ReturnConsumedCapacity) };
        transaction.run(state.faults);
        tokens.remember(scope, digestOf(request));
      } else {
        transaction.run(state.faults);
      }
      return {
        ConsumedCapacity: transaction.capacity(input.ReturnConsumedCapacity),
        ItemCollectionMetrics: transaction.metrics(input.ReturnItemCollectionMetrics),
      };
    },

    async TransactGetItems(input, context) {
      acceptOnly('TransactGetItems', input, ['TransactItems', 'ReturnConsumedCapacity']);
      new Constraints('ValidationException')
        .length('transactItems', input.TransactItems, 1, 100)
        .check();
      const counters = new Map<string, CapacityCounter>();
      let bytes = 0;
      const reads = input.TransactItems.map(({ Get: get }) => {
        const address = state.permit(get?.TableName ?? '', context, 'GetItem');
        const request = prepareItemRequest('getItem', {
          ...engineRequest(get ?? {}),
          TableName: address.name,
        });
        const table = state.usable(address, context);
        if (state.faults.isThrottled(table.arn, context.operation))
          throw throughputExceeded(table.arn, 'Read');
        return { request, table };
      });
      await state.delay(
        reads.map(({ table }) => table.address),
        context,
      );
      const responses = reads.map(({ request, table }) => {
        const stored = table.items.find(request);
        const counter = counters.get(table.name) ?? new CapacityCounter(table.name, 2);
        counters.set(table.name, counter.read(stored, true));
        bytes += stored ? itemBytes(stored) : 0;
        const item = table.items.get(request);
        return { Item: item && itemOutput(item) };
      });
      if (bytes > mostBytes)
        throw validation('Aggregated size of items in the transaction exceeds 4 MB');
      return {
        Responses: responses,
        ConsumedCapacity: outputs([...counters.values()], input.ReturnConsumedCapacity),
      };
    },
  };
}

/** @throws ServiceError ValidationException unless it is exactly one of the kinds. */
function stepOf(
  state: DynamoDbState,
  item: WriteInput['TransactItems'][number],
  context: CallContext,
): TransactionStep {
  const given = kinds.filter(({ member }) => item[member] !== undefined);
  const [kind] = given;
  const operation = kind && item[kind.member];
  if (!kind || !operation || given.length > 1)
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  const address = state.permit(operation.TableName, context, kind.permission);
  const request = prepareItemRequest(kind.action === 'check' ? 'deleteItem' : kind.action, {
    ...engineRequest(operation),
    TableName: address.name,
  });
  return {
    table: state.usable(address, context),
    action: kind.action,
    request,
    returnsItem: operation.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

/** A request that has been carried out before consumes what reading its items does. */
function repeated(
  steps: readonly TransactionStep[],
  kind: ReturnConsumedCapacity | undefined,
): ConsumedCapacity[] | undefined {
  const counters = new Map<string, CapacityCounter>();
  for (const { request, table } of steps) {
    const counter = counters.get(table.name) ?? new CapacityCounter(table.name, 2);
    counters.set(table.name, counter.read(table.items.find(request), true));
  }
  return outputs([...counters.values()], kind);
}

function outputs(
  counters: readonly CapacityCounter[],
  kind: ReturnConsumedCapacity | undefined,
): ConsumedCapacity[] | undefined {
  const consumed = counters.flatMap((counter) => counter.output(kind) ?? []);
  return consumed.length > 0 ? consumed : undefined;
}

function digestOf(request: object): string {
  return createHash('sha256')
    .update(JSON.stringify(engineRequest(request)))
    .digest('hex');
}
