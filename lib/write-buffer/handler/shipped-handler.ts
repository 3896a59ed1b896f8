import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SQSClient } from '@aws-sdk/client-sqs';
import { batchHandler } from './batch-handler';
import { clientSettings } from './client-settings';
import { DeadLetters } from './dead-letters';
import type { CommonSettings } from './settings';
import type { SinkWriter } from './sink-writer';

/** The handler of a shipped function. */
export function shippedHandler<V>(
  writer: SinkWriter<V>,
  { deadLetterQueueUrl, timeouts }: CommonSettings,
) {
  return batchHandler({
    writer,
    deadLetters: new DeadLetters(
      // Else the host in the queue's URL would win over AWS_ENDPOINT_URL.
      new SQSClient({ ...clientSettings(timeouts), useQueueUrlAsEndpoint: false }),
      deadLetterQueueUrl,
    ),
    logger: new Logger(),
    metrics: new Metrics(),
    reserve: timeouts.reserve,
  });
}
