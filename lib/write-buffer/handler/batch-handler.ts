import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { METRICS, type WritePlan } from '../mapping/settings';
import type { Connection } from './connection';
import type { DeadLetters } from './dead-letters';
import { type Item, itemsOf } from './item';
import { type Tally, type WriterHooks, writeRows } from './row-writer';
import { codeOf, isConnectionLost } from './sql-error';

/** What the handler works with. */
export interface BatchDependencies {
  readonly plan: WritePlan;
  readonly connection: Pick<Connection, 'get' | 'discard'>;
  readonly deadLetters: Pick<DeadLetters, 'send'>;
  readonly logger: Pick<Logger, 'addContext' | 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'addMetric' | 'publishStoredMetrics'>;
  /** Milliseconds that have to be left for another row to be begun. */
  readonly reserve: number;
}

/**
 * A Lambda handler that writes batches of SQS messages.
 *
 * Messages that can never be written go to the dead-letter queue and count as done; if the database cannot take the
 * batch, all of it is reported as failed and comes back after the visibility timeout. Within a message group of a FIFO
 * queue nothing is written after a message that is to come back.
 */
export function batchHandler(dependencies: BatchDependencies) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    dependencies.logger.addContext(context);
    const items = itemsOf(event.Records, dependencies.plan);
    await handle(items, context, dependencies);
    return respond(event, context, items);
  };
}

async function handle(
  items: readonly Item[],
  context: Context,
  dependencies: BatchDependencies,
): Promise<void> {
  const { logger, metrics, deadLetters } = dependencies;
  const hasTime = (reserve: number): boolean => context.getRemainingTimeInMillis() > reserve;
  const isFifo = items.some(({ group }) => group !== undefined);
  const sendDeadLetters = async (rejected: readonly Item[]): Promise<void> => {
    // Half of what rows leave: after a long batch there is time for its dead letters.
    const failure = await deadLetters.send(rejected, () => hasTime(dependencies.reserve / 2));
    if (failure !== undefined) {
      logger.error('The dead-letter queue did not take messages', { cause: codeOf(failure) });
    }
  };
  const hooks: WriterHooks = {
    // Order counts in a FIFO queue: whether the message has left its group decides about those behind it.
    reject: async (item) => {
      item.outcome = 'rejected';
      if (isFifo) {
        await sendDeadLetters([item]);
      }
    },
    hasTime: () => hasTime(dependencies.reserve),
  };

  let tally: Tally = { written: 0, duplicates: 0 };
  let sinkError: unknown;
  try {
    tally = await write(items, hooks, dependencies);
  } catch (error) {
    sinkError = error;
    dependencies.connection.discard();
    logger.error('The database did not take the batch; it will be delivered again', {
      cause: codeOf(error),
      messages: items.length,
    });
  }
  if (!isFifo) {
    await sendDeadLetters(items.filter(isToBeSent));
  }
  for (const item of items) {
    const isWritten = item.outcome === 'written' && sinkError === undefined;
    item.outcome = isWritten || item.outcome === 'deadLettered' ? item.outcome : 'retry';
  }
  report(items, tally, sinkError, logger, metrics);
}

function isToBeSent({ outcome, rejection }: Item): boolean {
  return outcome === 'rejected' || (outcome === undefined && rejection !== undefined);
}

/** A connection may have died while the instance was frozen: that says nothing of the database, so try once more. */
async function write(
  items: readonly Item[],
  hooks: WriterHooks,
  { plan, connection }: BatchDependencies,
): Promise<Tally> {
  if (items.every(({ values, group }) => values === undefined && group === undefined)) {
    return { written: 0, duplicates: 0 };
  }
  const { client, reused } = await connection.get();
  try {
    return await writeRows(client, plan, items, hooks);
  } catch (error) {
    if (!reused || !isConnectionLost(error)) {
      throw error;
    }
    connection.discard();
    for (const item of items) {
      item.outcome = item.outcome === 'written' ? undefined : item.outcome;
    }
    return writeRows((await connection.get()).client, plan, items, hooks);
  }
}

function report(
  items: readonly Item[],
  tally: Tally,
  sinkError: unknown,
  logger: BatchDependencies['logger'],
  metrics: BatchDependencies['metrics'],
): void {
  const deadLettered = items.filter(({ outcome }) => outcome === 'deadLettered');
  for (const { record, rejection } of deadLettered) {
    logger.warn('Message can never be written; sent to the dead-letter queue', {
      messageId: record.messageId,
      reason: rejection?.reason,
      sqlState: rejection?.sqlState,
      constraint: rejection?.constraint,
    });
  }
  const { written, duplicates } = sinkError === undefined ? tally : { written: 0, duplicates: 0 };
  logger.info('Batch done', {
    messages: items.length,
    written,
    duplicates,
    deadLettered: deadLettered.length,
    retried: items.filter(({ outcome }) => outcome === 'retry').length,
  });
  metrics.addMetric(METRICS.rowsWritten, MetricUnit.Count, written);
  metrics.addMetric(METRICS.duplicatesAbsorbed, MetricUnit.Count, duplicates);
  metrics.addMetric(METRICS.messagesRejected, MetricUnit.Count, deadLettered.length);
  metrics.addMetric(METRICS.sinkErrors, MetricUnit.Count, sinkError === undefined ? 0 : 1);
  metrics.publishStoredMetrics();
}

function respond(
  event: SQSEvent,
  context: Context,
  items: readonly Item[],
): Promise<SQSBatchResponse> {
  const comeBack = new Set(
    items.filter(({ outcome }) => outcome === 'retry').map(({ record }) => record.messageId),
  );
  const settle = async ({ messageId }: SQSRecord): Promise<void> => {
    if (comeBack.has(messageId)) {
      throw new Error('to be delivered again');
    }
  };
  return items.some(({ group }) => group !== undefined)
    ? processPartialResponse(event, settle, new SqsFifoPartialProcessorAsync(), {
        context,
        skipGroupOnError: true,
        throwOnFullBatchFailure: false,
      })
    : processPartialResponse(event, settle, new BatchProcessor(EventType.SQS), {
        context,
        throwOnFullBatchFailure: false,
      });
}
