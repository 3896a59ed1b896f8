import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { METRICS } from '../mapping/settings';
import type { DeadLetters } from './dead-letters';
import { codeOf } from './error-code';
import { type Item, itemsOf } from './item';
import type { SinkWriter, WriteResult, WriterHooks } from './sink-writer';

/** What the handler works with. */
export interface BatchDependencies<V> {
  readonly writer: SinkWriter<V>;
  readonly deadLetters: Pick<DeadLetters, 'send'>;
  readonly logger: Pick<Logger, 'addContext' | 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'addMetric' | 'publishStoredMetrics'>;
  /** Milliseconds that have to be left for another message to be begun. */
  readonly reserve: number;
}

/**
 * A Lambda handler that writes batches of SQS messages.
 *
 * Messages that can never be written go to the dead-letter queue and count as done; what the sink cannot take now is
 * reported as failed and comes back after the visibility timeout. Within a message group of a FIFO
 * queue nothing is written after a message that is to come back.
 */
export function batchHandler<V>(dependencies: BatchDependencies<V>) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    dependencies.logger.addContext(context);
    const items = itemsOf(event.Records, dependencies.writer);
    await handle(items, context, dependencies);
    return respond(event, context, items);
  };
}

async function handle<V>(
  items: readonly Item<V>[],
  context: Context,
  dependencies: BatchDependencies<V>,
): Promise<void> {
  const { logger, deadLetters, writer } = dependencies;
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

  const result = await writer.write(items, hooks);
  if (result.sinkError !== undefined) {
    logger.error('The sink did not take all of the batch; what is left will be delivered again', {
      cause: codeOf(result.sinkError),
      messages: items.length,
    });
  }
  if (!isFifo) {
    await sendDeadLetters(items.filter(isToBeSent));
  }
  for (const item of items) {
    const isDone = item.outcome === 'written' || item.outcome === 'deadLettered';
    item.outcome = isDone ? item.outcome : 'retry';
  }
  report(items, result, dependencies);
}

function isToBeSent({ outcome, rejection }: Item): boolean {
  return outcome === 'rejected' || (outcome === undefined && rejection !== undefined);
}

function report(
  items: readonly Item[],
  { duplicates, sinkError, written }: WriteResult,
  { logger, metrics }: Pick<BatchDependencies<unknown>, 'logger' | 'metrics'>,
): void {
  const deadLettered = items.filter(({ outcome }) => outcome === 'deadLettered');
  for (const { record, rejection } of deadLettered) {
    logger.warn('Message can never be written; sent to the dead-letter queue', {
      messageId: record.messageId,
      reason: rejection?.reason,
      sqlState: rejection?.sqlState,
      errorName: rejection?.errorName,
      constraint: rejection?.constraint,
    });
  }
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
