import { Annotations, Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { isKnown } from '../validation';
import type { Delivery } from './delivery';
import type { WriteBufferProps } from './write-buffer-props';

/** SQS's own, where a queue's props do not say. */
const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_RETENTION_SECONDS = Duration.days(4).toSeconds();

/**
 * The dead-letter queue of a queue that exists: the one given, else its own if it was made in this app.
 */
export function deadLetterQueueOf({
  queue,
  deadLetterQueue,
}: WriteBufferProps): sqs.IQueue | undefined {
  return deadLetterQueue ?? (queue instanceof sqs.Queue ? queue.deadLetterQueue?.queue : undefined);
}

/**
 * The visibility timeout in seconds of a queue that was made in this app; undefined for others.
 */
export function visibilityOf(queue: sqs.IQueue | undefined): number | undefined {
  const resource = queue?.node.defaultChild;
  if (!(queue instanceof sqs.Queue) || !(resource instanceof sqs.CfnQueue)) {
    return undefined;
  }
  const seconds = resource.visibilityTimeout ?? DEFAULT_VISIBILITY_SECONDS;
  return isKnown(seconds) ? seconds : undefined;
}

function retentionOf(queue: sqs.Queue): number | undefined {
  const resource = queue.node.defaultChild;
  const seconds =
    resource instanceof sqs.CfnQueue
      ? (resource.messageRetentionPeriod ?? DEFAULT_RETENTION_SECONDS)
      : undefined;
  return isKnown(seconds) ? seconds : undefined;
}

/**
 * Says what could not be checked of a queue that exists, and what it falls short of.
 */
export function warnOfQueue(scope: IConstruct, queue: sqs.IQueue, needed: Delivery): void {
  const wanted = `a visibility timeout of at least ${needed.visibilityTimeout.toSeconds()} seconds, a maxReceiveCount of at least ${needed.maxReceiveCount} and a retention period of more than ${needed.lifetime.toSeconds()} seconds`;
  if (!(queue instanceof sqs.Queue)) {
    Annotations.of(scope).addWarningV2(
      'cdk-decouple:queueSettingsUnknown',
      `The queue is imported, so its settings are not known here: check that it has ${wanted}, and the dead-letter queue that was given.`,
    );
    return;
  }
  const receives = queue.deadLetterQueue?.maxReceiveCount;
  const visibility = visibilityOf(queue);
  const retention = retentionOf(queue);
  if (isKnown(receives) && visibility !== undefined && retention !== undefined) {
    const tolerated = receives * visibility;
    if (retention <= Math.max(tolerated, needed.lifetime.toSeconds())) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:retentionTooShort',
        `The queue keeps messages for ${retention} seconds only: in an outage SQS drops them before they are moved to the dead-letter queue. Give it ${wanted}.`,
      );
    }
    if (tolerated < needed.lifetime.toSeconds()) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:outageToleranceNotMet',
        `The queue moves messages to its dead-letter queue after an outage of about ${tolerated} seconds, sooner than outageTolerance says: give it ${wanted}.`,
      );
    }
  }
}
