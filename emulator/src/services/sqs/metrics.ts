const minute = 60_000;

/** AWS stops publishing a queue's metrics when nothing was asked of it for six hours. */
const activeMinutes = 6 * 60;

/** How many minutes with activity are kept: two weeks if there is some in every minute. */
const recordsKept = 14 * 24 * 60;

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

/** One metric of one minute, as a statistic set. */
export interface SqsDatapoint {
  readonly metric: SqsMetricName;
  readonly unit: 'Count' | 'Seconds' | 'Bytes';
  /** Start of the minute, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sampleCount: number;
}

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

interface MinuteRecord extends QueueGauges {
  readonly start: number;
  readonly activity: Activity;
}

/**
 * What a queue publishes every minute, kept without a timer: between two operations nothing changes,
 * so that what was true at the end of a minute can be written down at the next operation after it.
 */
export class QueueMetrics {
  private readonly records = new Map<number, MinuteRecord>();
  private readonly created: number;
  private current: number;
  private activity = noActivity();

  constructor(
    now: number,
    private readonly fifo: boolean,
    private readonly gauges: () => QueueGauges,
  ) {
    this.current = startOfMinute(now);
    this.created = this.current;
  }

  /** Closes the minutes that are over. Called before each change to the queue. */
  roll(now: number): void {
    if (now < this.current + minute) return;
    this.records.set(this.current, {
      ...this.gauges(),
      start: this.current,
      activity: this.activity,
    });
    if (this.records.size > recordsKept) {
      const [oldest] = this.records.keys();
      if (oldest !== undefined) this.records.delete(oldest);
    }
    this.current = startOfMinute(now);
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

  /** The datapoints of all complete minutes that start in [from, to). */
  datapoints(from: number, to: number, now: number): SqsDatapoint[] {
    this.roll(now);
    const points: SqsDatapoint[] = [];
    let record = this.lastBefore(from);
    const first = Math.max(Math.ceil(from / minute) * minute, this.created);
    for (let start = first; start < to && start < this.current; start += minute) {
      record = this.records.get(start) ?? record;
      if (!record) continue;
      const holdsMessages = record.visible + record.notVisible + record.delayed > 0;
      if (!holdsMessages && start - record.start > activeMinutes * minute) continue;
      points.push(...this.pointsOf(record, start));
    }
    return points;
  }

  private pointsOf(record: MinuteRecord, timestamp: number): SqsDatapoint[] {
    const activity = record.start === timestamp ? record.activity : noActivity();
    const value = (
      metric: SqsMetricName,
      amount: number,
      unit: SqsDatapoint['unit'] = 'Count',
    ): SqsDatapoint => ({
      metric,
      unit,
      timestamp,
      sum: amount,
      minimum: amount,
      maximum: amount,
      sampleCount: 1,
    });
    const points = [
      value('ApproximateNumberOfMessagesVisible', record.visible),
      value('ApproximateNumberOfMessagesNotVisible', record.notVisible),
      value('ApproximateNumberOfMessagesDelayed', record.delayed),
      value('NumberOfMessagesSent', activity.sent),
      value('NumberOfMessagesReceived', activity.received),
      value('NumberOfEmptyReceives', activity.emptyReceives),
      value('NumberOfMessagesDeleted', activity.deleted),
    ];
    const age = record.oldestArrival === undefined ? 0 : timestamp + minute - record.oldestArrival;
    points.push(value('ApproximateAgeOfOldestMessage', Math.floor(age / 1000), 'Seconds'));
    if (this.fifo) {
      points.push(
        value('ApproximateNumberOfGroupsWithInflightMessages', record.groupsInFlight ?? 0),
        value('NumberOfDeduplicatedSentMessages', activity.deduplicated),
      );
    }
    if (activity.sent > 0) {
      points.push({
        metric: 'SentMessageSize',
        unit: 'Bytes',
        timestamp,
        sum: activity.sentBytes,
        minimum: activity.smallest,
        maximum: activity.largest,
        sampleCount: activity.sent,
      });
    }
    return points;
  }

  private lastBefore(time: number): MinuteRecord | undefined {
    let last: MinuteRecord | undefined;
    for (const record of this.records.values()) {
      if (record.start >= time) break;
      last = record;
    }
    return last;
  }
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
