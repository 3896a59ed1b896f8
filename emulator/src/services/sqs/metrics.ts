import type { MetricPlace, MetricSink, StatisticSet } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';

const minute = 60_000;

/** AWS stops publishing a queue's metrics when nothing was asked of it for six hours. */
const activeFor = 6 * 60 * minute;

/**
 * Names of the metrics in namespace `AWS/SQS`, with dimension `QueueName`.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export type SqsMetricName =
  | 'ApproximateAgeOfOldestMessage'
  | 'ApproximateNumberOfGroupsWithInflightMessages'
  | 'ApproximateNumberOfMessagesDelayed'
  | 'ApproximateNumberOfMessagesNotVisible'
  | 'ApproximateNumberOfMessagesVisible'
  | 'NumberOfDeduplicatedSentMessages'
  | 'NumberOfEmptyReceives'
  | 'NumberOfMessagesDeleted'
  | 'NumberOfMessagesReceived'
  | 'NumberOfMessagesSent'
  | 'SentMessageSize';

/** What a queue holds at an instant. */
export interface QueueGauges {
  readonly visible: number;
  readonly notVisible: number;
  readonly delayed: number;
  /** When the message that counts as the oldest arrived. */
  readonly oldestArrival?: number;
  /** On FIFO queues. */
  readonly groupsInFlight?: number;
}

/** What was done in a minute. */
interface Activity {
  sent: number;
  sentBytes: number;
  smallest: number;
  largest: number;
  deduplicated: number;
  received: number;
  emptyReceives: number;
  deleted: number;
}

/** Whose metrics a queue publishes, and where. */
export interface QueueMetricsOptions {
  readonly sink: MetricSink;
  readonly place: MetricPlace & { readonly name: string };
  readonly fifo: boolean;
  readonly gauges: () => QueueGauges;
}

/**
 * Publishes every minute what a queue holds and what was done, without a timer: between two operations nothing
 * changes, so that what was true at the end of a minute can be published at the next operation after it, or when
 * somebody reads metrics.
 */
export class QueueMetrics {
  private readonly metrics: ResourceMetrics<SqsMetricName>;
  private current: number;
  private lastActive: number;
  private activity = noActivity();

  constructor(
    now: number,
    private readonly options: QueueMetricsOptions,
  ) {
    const { place, sink } = options;
    this.metrics = new ResourceMetrics({
      sink,
      place,
      namespace: 'AWS/SQS',
      dimensions: { QueueName: place.name },
      units: { ApproximateAgeOfOldestMessage: 'Seconds', SentMessageSize: 'Bytes' },
    });
    this.current = startOfMinute(now);
    this.lastActive = this.current;
  }

  /** Publishes the minutes that are over, before something is asked of the queue or changes in it. */
  touch(now: number): void {
    this.publish(now);
    this.lastActive = this.current;
  }

  /** Publishes the minutes that are over. */
  publish(now: number): void {
    if (now < this.current + minute) return;
    const gauges = this.options.gauges();
    const end = startOfMinute(now);
    const holdsMessages = gauges.visible + gauges.notVisible + gauges.delayed > 0;
    const lastPublished = holdsMessages ? end : Math.min(end, this.lastActive + activeFor + minute);
    if (this.current < lastPublished) {
      this.publishMinutes(gauges, this.activity, this.current, this.current + minute);
      this.publishMinutes(gauges, noActivity(), this.current + minute, lastPublished);
    }
    this.current = end;
    this.activity = noActivity();
  }

  sent(bytes: number): void {
    const { activity } = this;
    activity.sent += 1;
    activity.sentBytes += bytes;
    if (activity.sent === 1 || bytes < activity.smallest) activity.smallest = bytes;
    if (bytes > activity.largest) activity.largest = bytes;
  }

  deduplicated(): void {
    this.activity.deduplicated += 1;
  }

  /** A ReceiveMessage call that returned so many. */
  received(messages: number): void {
    this.activity.received += messages;
    if (messages === 0) this.activity.emptyReceives += 1;
  }

  deleted(): void {
    this.activity.deleted += 1;
  }

  private publishMinutes(gauges: QueueGauges, activity: Activity, from: number, to: number): void {
    const minutes = (to - from) / minute;
    if (minutes <= 0) return;
    const value = (metric: SqsMetricName, amount: number) =>
      this.metrics.of(metric).addSet(setOf(amount), from, minutes);
    value('ApproximateNumberOfMessagesVisible', gauges.visible);
    value('ApproximateNumberOfMessagesNotVisible', gauges.notVisible);
    value('ApproximateNumberOfMessagesDelayed', gauges.delayed);
    value('NumberOfMessagesSent', activity.sent);
    value('NumberOfMessagesReceived', activity.received);
    value('NumberOfEmptyReceives', activity.emptyReceives);
    value('NumberOfMessagesDeleted', activity.deleted);
    this.publishAge(gauges, from, to);
    if (this.options.fifo) {
      value('ApproximateNumberOfGroupsWithInflightMessages', gauges.groupsInFlight ?? 0);
      value('NumberOfDeduplicatedSentMessages', activity.deduplicated);
    }
    if (activity.sent > 0) {
      const { sent, sentBytes, smallest, largest } = activity;
      this.metrics
        .of('SentMessageSize')
        .addSet({ sum: sentBytes, minimum: smallest, maximum: largest, sampleCount: sent }, from);
    }
  }

  private publishAge({ oldestArrival }: QueueGauges, from: number, to: number): void {
    const recorder = this.metrics.of('ApproximateAgeOfOldestMessage');
    if (oldestArrival === undefined) {
      recorder.addSet(setOf(0), from, (to - from) / minute);
      return;
    }
    for (let start = from; start < to; start += minute)
      recorder.addSet(setOf(Math.floor((start + minute - oldestArrival) / 1000)), start);
  }
}

function setOf(amount: number): StatisticSet {
  return { sum: amount, minimum: amount, maximum: amount, sampleCount: 1 };
}

function startOfMinute(time: number): number {
  return Math.floor(time / minute) * minute;
}

function noActivity(): Activity {
  return {
    sent: 0,
    sentBytes: 0,
    smallest: 0,
    largest: 0,
    deduplicated: 0,
    received: 0,
    emptyReceives: 0,
    deleted: 0,
  };
}
