import { Duration } from 'aws-cdk-lib';
import {
  failuresOf,
  integerBetween,
  isKnown,
  knownSeconds,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import {
  ALARM_TOPIC_RULE,
  DEFAULT_DEAD_LETTER_RETENTION,
  DEFAULT_RETENTION,
  WORK_QUEUE_RULES,
} from '../work-queue/work-queue-rules';
import { type Delivery, deliveryOf } from './delivery';
import { deadLetterQueueOf, visibilityOf } from './existing-queue';
import type { BufferedQueueProps, WriteBufferProps } from './write-buffer-props';

/** Where the props do not say. */
const DEFAULT_OUTAGE_TOLERANCE = Duration.hours(6);
/** Lambda's longest, assumed of functions whose timeout is not known. */
const LONGEST_TIMEOUT = Duration.minutes(15);

const WITHOUT_WINDOW = 10;

/**
 * Every mistake in the props, those of the sink and of the queue to be made included.
 */
export function writeBufferFailures(props: WriteBufferProps): string[] {
  return [
    ...failuresOf(props, WRITE_BUFFER_RULES),
    ...failuresOf(props, props.queue === undefined ? WORK_QUEUE_RULES : [ALARM_TOPIC_RULE]),
    ...props.sink.validate().map((failure) => `sink: ${failure}`),
  ];
}

/**
 * What is derived from the timeout of the sink, the batching window and the outage to be survived.
 */
export function deliveryFor({
  sink,
  maxBatchingWindow,
  outageTolerance,
}: Pick<WriteBufferProps, 'sink' | 'maxBatchingWindow' | 'outageTolerance'>): Delivery {
  return deliveryOf(
    sink.timeout ?? LONGEST_TIMEOUT,
    maxBatchingWindow ?? Duration.seconds(0),
    outageTolerance ?? DEFAULT_OUTAGE_TOLERANCE,
  );
}

/**
 * How long the queue keeps messages: as long as the props say, else the default, longer if the outage needs it.
 */
export function retentionFor(props: WriteBufferProps, { lifetime }: Delivery): Duration {
  const needed = Duration.seconds(lifetime.toSeconds() + 1);
  return (
    props.retentionPeriod ??
    (needed.toSeconds() > DEFAULT_RETENTION.toSeconds() ? needed : DEFAULT_RETENTION)
  );
}

const WRITE_BUFFER_RULES: ReadonlyArray<ValidationRule<WriteBufferProps>> = [
  integerBetween('batchSize', (props) => props.batchSize, { min: 1, max: 10_000 }),
  secondsBetween('maxBatchingWindow', (props) => props.maxBatchingWindow, { min: 0, max: 300 }),
  {
    fails: (props) => isFifo(props) && isKnown(props.batchSize) && props.batchSize > WITHOUT_WINDOW,
    message: ({ batchSize }) => `batchSize of a FIFO queue must be at most 10, got ${batchSize}`,
  },
  {
    fails: (props) => isFifo(props) && props.maxBatchingWindow !== undefined,
    message: () => 'maxBatchingWindow is for standard queues only: leave it out',
  },
  {
    fails: (props) =>
      !isFifo(props) &&
      isKnown(props.batchSize) &&
      props.batchSize > WITHOUT_WINDOW &&
      knownSeconds(props.maxBatchingWindow ?? Duration.seconds(0)) === 0,
    message: ({ batchSize }) =>
      `batchSize above 10 needs a maxBatchingWindow of at least 1 second, got ${batchSize} without one`,
  },
  {
    fails: ({ outageTolerance, maxBatchingWindow, sink }) =>
      [outageTolerance, maxBatchingWindow, sink.timeout].some((d) => d?.isUnresolved()),
    message: () =>
      'outageTolerance, maxBatchingWindow and the timeout of the sink must be known at synthesis: visibility timeout and maxReceiveCount are derived from them',
  },
  secondsBetween('outageTolerance', (props) => props.outageTolerance, { min: 60, max: 1_209_600 }),
  {
    fails: (props) => {
      const kept = knownSeconds(props.retentionPeriod ?? longestRetention(props));
      const lifetime = knownSeconds(knownDelivery(props)?.lifetime);
      return (
        props.queue === undefined &&
        kept !== undefined &&
        lifetime !== undefined &&
        kept <= lifetime
      );
    },
    message: (props) =>
      `outageTolerance needs messages to be kept for more than ${knownDelivery(props)?.lifetime.toSeconds()} seconds, got ${(props.retentionPeriod ?? longestRetention(props)).toSeconds()}${props.retentionPeriod === undefined ? ', the most that deadLetterRetentionPeriod leaves' : ' as retentionPeriod'}: SQS would drop them before they are moved to the dead-letter queue`,
  },
  secondsBetween('the timeout of the sink', ({ sink }) => sink.timeout, { min: 1, max: 900 }),
  {
    fails: ({ sink }) =>
      isKnown(sink.maxConcurrency) &&
      (!Number.isInteger(sink.maxConcurrency) ||
        sink.maxConcurrency < 2 ||
        sink.maxConcurrency > 1_000),
    message: ({ sink }) =>
      `the sink must bear a concurrency between 2 and 1,000, the bounds of Lambda's event source, got ${sink.maxConcurrency}`,
  },
  {
    fails: (props) => props.queue !== undefined && queuePropsIn(props).length > 0,
    message: (props) =>
      `${queuePropsIn(props).join(', ')} cannot be applied to a queue that exists: leave them out or leave out queue`,
  },
  {
    fails: ({ queue, deadLetterQueue }) => queue === undefined && deadLetterQueue !== undefined,
    message: () => 'deadLetterQueue belongs to queue: the queue that is made here has its own',
  },
  {
    fails: (props) => props.queue !== undefined && deadLetterQueueOf(props) === undefined,
    message: () =>
      "deadLetterQueue is required: messages that can never be written go there, and the queue's own is not known or there is none",
  },
  {
    fails: (props) => {
      const { queue } = props;
      const deadLetterQueue = deadLetterQueueOf(props);
      return (
        queue !== undefined && deadLetterQueue !== undefined && deadLetterQueue.fifo !== queue.fifo
      );
    },
    message: () => 'queue and deadLetterQueue must both be FIFO queues or both standard queues',
  },
  {
    fails: ({ queue, sink }) => {
      const visibility = visibilityOf(queue);
      const timeout = knownSeconds(sink.timeout);
      return visibility !== undefined && timeout !== undefined && visibility < 6 * timeout;
    },
    message: ({ queue, sink }) =>
      `the visibility timeout of queue must be at least six times the timeout of the sink (${6 * (sink.timeout?.toSeconds() ?? 0)} seconds), got ${visibilityOf(queue)}`,
  },
];

/** What is derived from the props; undefined if they are not valid, or not known. */
function knownDelivery({ sink, maxBatchingWindow, outageTolerance }: WriteBufferProps) {
  const given = [sink.timeout, maxBatchingWindow, outageTolerance];
  return given.every(
    (duration) => duration === undefined || Number.isInteger(knownSeconds(duration)),
  )
    ? deliveryFor({ sink, maxBatchingWindow, outageTolerance })
    : undefined;
}

/** A dead-letter queue has to keep messages for longer than its source. */
function longestRetention({ deadLetterRetentionPeriod }: WriteBufferProps): Duration {
  const deadLetters = knownSeconds(deadLetterRetentionPeriod ?? DEFAULT_DEAD_LETTER_RETENTION);
  return Duration.seconds(Math.floor(deadLetters ?? DEFAULT_DEAD_LETTER_RETENTION.toSeconds()) - 1);
}

/** The props that say what a queue to be made is like. */
const QUEUE_PROPS: Readonly<Record<keyof BufferedQueueProps | 'retentionPeriod', true>> = {
  queueName: true,
  fifo: true,
  contentBasedDeduplication: true,
  deduplicationScope: true,
  fifoThroughputLimit: true,
  retentionPeriod: true,
  deadLetterRetentionPeriod: true,
  deliveryDelay: true,
  receiveMessageWaitTime: true,
  maxMessageSizeBytes: true,
  encryptionKey: true,
  dataKeyReuse: true,
  alarmTopic: true,
  maxDepth: true,
  maxAge: true,
  removalPolicy: true,
};

function queuePropsIn(props: WriteBufferProps): string[] {
  return Object.entries(props).flatMap(([name, value]) =>
    name in QUEUE_PROPS && name !== 'alarmTopic' && value !== undefined ? [name] : [],
  );
}

function isFifo({ queue, fifo }: WriteBufferProps): boolean {
  return queue?.fifo ?? fifo === true;
}
