import {
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ItemPlan } from '../../mapping/settings';
import type { Item } from '../item';
import type { SinkWriter, Tally, WriterHooks } from '../sink-writer';
import { isDuplicate, rejectionOf } from './item-error';
import { type ItemValues, itemOf } from './item-values';

/** What the writer is told. */
export interface ItemWriterOptions {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly plan: ItemPlan;
  /** Items that are written at a time. */
  readonly concurrency: number;
}

/**
 * Writes items, each by a put with a condition: what is written stays, whatever becomes of the rest of the batch.
 *
 * Some are written at a time, those of a message group one after the other. Once the table has turned one away, no more
 * are begun: the rest comes back, which gives the table time.
 */
export function itemWriter({
  client,
  concurrency,
  plan,
  tableName,
}: ItemWriterOptions): SinkWriter<ItemValues> {
  return {
    read: (record) => itemOf(record, plan),

    async write(items, hooks) {
      const tally: Tally = { written: 0, duplicates: 0 };
      let sinkError: unknown;
      const put = async (item: Item<ItemValues>, values: ItemValues): Promise<void> => {
        try {
          await client.send(
            new PutItemCommand({
              TableName: tableName,
              Item: { ...values },
              ...conditionOf(plan, values),
            }),
          );
          tally.written++;
          item.outcome = 'written';
        } catch (error) {
          if (isDuplicate(error)) {
            tally.duplicates++;
            item.outcome = 'written';
            return;
          }
          item.rejection = rejectionOf(error);
          sinkError = item.rejection === undefined ? (sinkError ?? error) : sinkError;
        }
      };
      const lanes = lanesOf(items);
      const work = async (): Promise<void> => {
        for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
          await writeLane(lane, hooks, put, () => sinkError === undefined);
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, lanes.length) }, work));
      return { ...tally, sinkError };
    },
  };
}

/** One after the other; behind one that comes back, the rest does too. */
async function writeLane(
  lane: readonly Item<ItemValues>[],
  hooks: WriterHooks,
  put: (item: Item<ItemValues>, values: ItemValues) => Promise<void>,
  isSinkWell: () => boolean,
): Promise<void> {
  let isBlocked = false;
  for (const item of lane) {
    const { values } = item;
    if (!isBlocked && values !== undefined && isSinkWell() && hooks.hasTime()) {
      await put(item, values);
    }
    if (!isBlocked && item.rejection !== undefined) {
      await hooks.reject(item);
    }
    const isGone = item.outcome !== undefined && item.outcome !== 'retry';
    isBlocked ||= !isGone;
    item.outcome = isGone ? item.outcome : 'retry';
  }
}

/** Messages that may be written side by side: each of a standard queue, each group of a FIFO queue. */
function lanesOf(items: readonly Item<ItemValues>[]): Item<ItemValues>[][] {
  const groups = new Map<unknown, Item<ItemValues>[]>();
  for (const item of items) {
    const lane = item.group ?? item;
    groups.set(lane, [...(groups.get(lane) ?? []), item]);
  }
  return [...groups.values()];
}

/** The same item again is turned away by its key, an older one by its version. */
function conditionOf(
  { key: [partitionKey = ''], version }: ItemPlan,
  values: ItemValues,
): Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> {
  const own = version === undefined ? undefined : values[version];
  return version === undefined || own === undefined
    ? {
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': partitionKey },
      }
    : {
        ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
        ExpressionAttributeNames: { '#version': version },
        ExpressionAttributeValues: { ':version': own },
      };
}
