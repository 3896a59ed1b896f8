import type {
  CancellationReason,
  ConsumedCapacity,
  ItemCollectionMetrics,
  ReturnConsumedCapacity,
  ReturnItemCollectionMetrics,
} from '@aws-sdk/client-dynamodb';
import {
  type ItemChange,
  itemBytes,
  type PreparedRequest,
  type WriteAction,
} from '../../engines/dynamodb';
import { ServiceError } from '../../protocol/errors';
import { itemOutput } from './attribute-values';
import { CapacityCounter } from './capacity';
import { validation } from './errors';
import type { DynamoDbFaults } from './faults';
import { collectionMetrics } from './item-operations';
import type { Table } from './table';

/** One write, or one condition to check. */
export interface TransactionStep {
  readonly table: Table;
  readonly action: WriteAction | 'check';
  readonly request: PreparedRequest;
  /** Whether a reason about its condition carries the item. */
  readonly returnsItem: boolean;
}

/** What the items of a transaction may amount to. */
const mostBytes = 4 * 1024 * 1024;

/** Writes that are done together or not at all. Nothing else happens meanwhile: writes are done in the turn that they are asked for. */
export class Transaction {
  private readonly changes: { readonly step: TransactionStep; readonly change: ItemChange }[] = [];

  /** @throws ServiceError ValidationException if two steps concern one item. */
  constructor(private readonly steps: readonly TransactionStep[]) {}

  /**
   * Does it.
   *
   * @throws ServiceError TransactionCanceledException with a reason for each step; nothing is written then.
   */
  run(faults: DynamoDbFaults): void {
    this.requireDistinctItems();
    const reasons = this.steps.map((step) => this.attempt(step, faults));
    const bytes = this.changes.reduce(
      (total, { change: { after, before } }) => total + itemBytes(after ?? before ?? {}),
      0,
    );
    const failed = reasons.some(({ Code }) => Code !== 'None');
    if (!failed && bytes <= mostBytes) {
      for (const { change, step } of this.changes) step.table.timeToLive.watch(change.after);
      return;
    }
    for (const { change, step } of this.changes) step.table.items.restore(change);
    throw failed
      ? cancelled(reasons)
      : validation('Aggregated size of items in the transaction exceeds 4 MB');
  }

  /** What it has consumed of each table. */
  capacity(kind: ReturnConsumedCapacity | undefined): ConsumedCapacity[] | undefined {
    const counters = new Map<string, CapacityCounter>();
    for (const { action, request, table } of this.steps) {
      const counter = counters.get(table.name) ?? new CapacityCounter(table.name, 2);
      counters.set(table.name, counter);
      // A check takes as much as a write of the item.
      const item = action === 'check' ? table.items.find(request) : undefined;
      if (action === 'check') counter.write(table, { before: item, after: item });
    }
    for (const { change, step } of this.changes)
      counters.get(step.table.name)?.write(step.table, change);
    const consumed = [...counters.values()].flatMap((counter) => counter.output(kind) ?? []);
    return consumed.length > 0 ? consumed : undefined;
  }

  /** The item collections that it has changed, by table. */
  metrics(
    kind: ReturnItemCollectionMetrics | undefined,
  ): Record<string, ItemCollectionMetrics[]> | undefined {
    const byTable: Record<string, ItemCollectionMetrics[]> = {};
    for (const { action, request, table } of this.steps) {
      const collection = action !== 'check' && collectionMetrics(table, request, kind);
      if (collection) byTable[table.name] = [...(byTable[table.name] ?? []), collection];
    }
    return Object.keys(byTable).length > 0 ? byTable : undefined;
  }

  private requireDistinctItems(): void {
    const items = new Set<string>();
    for (const { request, table } of this.steps) {
      table.items.find(request);
      const item = `${table.arn} ${table.items.keyOf(request)}`;
      if (items.has(item))
        throw validation('Transaction request cannot include multiple operations on one item');
      items.add(item);
    }
  }

  private attempt(step: TransactionStep, faults: DynamoDbFaults): CancellationReason {
    const { action, request, returnsItem, table } = step;
    if (faults.isThrottled(table.arn, 'TransactWriteItems'))
      return {
        Code: 'ProvisionedThroughputExceeded',
        Message:
          'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      };
    const existing = table.items.find(request);
    if (!table.items.meetsCondition(request))
      return {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: returnsItem && existing ? itemOutput(existing) : undefined,
      };
    if (action === 'check') return { Code: 'None' };
    try {
      this.changes.push({ step, change: table.items.write(action, request) });
      return { Code: 'None' };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { Code: 'ValidationError', Message: error.message };
    }
  }
}

function cancelled(reasons: readonly CancellationReason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}
