import type { Clock } from '../../clock/clock';
import type { HopKind, Journal } from '../../journal/journal';
import type { MetricSink } from '../../metrics/metric-sink';
import type { RandomStream } from '../../random/random';
import type { Delivery, ReceiveRequest, SentMessage } from './delivery';
import type { SqsFaults } from './faults';
import { Message, type MessageDetails, type MessageDraft } from './message';
import { MessageStore } from './message-store';
import { type QueueGauges, QueueMetrics } from './metrics';
import { type QueueAddress, queueArn } from './names';
import type { QueueAttributes } from './queue-attributes';
import { encodeReceiptHandle } from './receipt-handle';
import { Receivers } from './receivers';
import { WakeTimer } from './wake-timer';

/**
 * How many messages a queue has in flight at most.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const inFlightLimit = 120_000;

/** What a queue needs from around it. */
export interface QueueSurroundings {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly metrics: MetricSink;
  readonly random: RandomStream;
  readonly faults: SqsFaults;
  /** The queue of that ARN, if it exists. */
  find(queueArn: string): MessageFlow | undefined;
}

/**
 * How messages come into a queue, are handed out, come back and leave it.
 *
 * Everything that is due by now has always happened before an operation looks, so that what it sees is
 * exact. One timer wakes the queue when the next thing is due.
 */
export abstract class MessageFlow {
  abstract readonly fifo: boolean;
  readonly arn: string;
  readonly createdAt: number;
  readonly metrics: QueueMetrics;
  /** Ties receipt handles to this queue. */
  protected readonly id: string;
  protected readonly store = new MessageStore();
  protected readonly receivers: Receivers;
  private readonly timer: WakeTimer;
  private nextOrder = 0;
  private closed = false;

  constructor(
    readonly address: QueueAddress,
    readonly attributes: QueueAttributes,
    protected readonly surroundings: QueueSurroundings,
  ) {
    const { clock } = surroundings;
    this.arn = queueArn(address);
    this.id = surroundings.random.hex(16);
    this.createdAt = clock.now();
    this.metrics = new QueueMetrics(this.createdAt, {
      sink: surroundings.metrics,
      place: address,
      fifo: attributes.fifo,
      gauges: () => this.gauges(),
    });
    this.timer = new WakeTimer(clock, `messages of ${this.arn}`, () => this.catchUp());
    this.receivers = new Receivers(clock, this.arn, {
      hasReady: () => this.hasReady(),
      take: (request) => this.take(request),
    });
  }

  /** Whether a receive would find something. */
  abstract hasReady(): boolean;
  /** Takes what can be received out of its place, in order, for as long as it is asked. */
  protected abstract ready(): Generator<Message, void>;
  /** Puts back a message that {@link ready} gave and nobody received. */
  protected abstract notTaken(message: Message): void;
  protected abstract sendOne(draft: MessageDraft, now: number): SentMessage;
  /** A message has come, visible or delayed. */
  protected abstract onAdded(message: Message): void;
  /** A hidden message has become visible: one that was in flight, or else delayed. */
  protected abstract onShown(message: Message, wasInFlight: boolean): void;
  /** A message is gone. */
  protected abstract onGone(message: Message, wasInFlight: boolean): void;
  /** SentTimestamp and details of a message that another queue has given up. */
  protected abstract deadLettered(message: Message, now: number): [number, MessageDetails];
  protected abstract groupsInFlight(): number | undefined;

  /** Takes in a message that another queue has given up: it keeps its id and its receive count. */
  acceptDeadLettered(given: Message, sourceArn: string): void {
    this.catchUp();
    const now = this.surroundings.clock.now();
    const [sentTimestamp, details] = this.deadLettered(given, now);
    const message = this.newMessage(given.id, given, sentTimestamp, {
      ...details,
      deadLetterSourceArn: sourceArn,
      deadLetteredAt: now,
      receivedElsewhere: given.receiveCount,
    });
    message.receiveCount = given.receiveCount;
    message.receives = given.receives && { ...given.receives };
    this.store.add(message);
    this.onAdded(message);
    this.changed();
  }

  /** Makes everything happen that is due by now. */
  protected catchUp(): void {
    const now = this.surroundings.clock.now();
    this.metrics.touch(now);
    const { retention } = this.attributes;
    if (this.store.nextChange(retention) <= now) {
      let old = this.store.expiredAt(now, retention);
      for (; old; old = this.store.expiredAt(now, retention)) {
        this.record('expired', old);
        this.remove(old);
      }
      for (let due = this.store.dueAt(now); due; due = this.store.dueAt(now)) {
        if (due.state === 'in-flight') this.record('visibility-expired', due);
        this.show(due);
      }
      this.changed();
    } else {
      this.setTimer();
    }
  }

  /** Called at the end of whatever has changed something: serves those who wait and sets the timer. */
  protected changed(): void {
    if (this.closed) return;
    this.receivers.serve();
    this.setTimer();
  }

  /** Ends the timer and all waiting. */
  protected end(): void {
    this.closed = true;
    this.timer.cancel();
    this.receivers.close();
  }

  protected newMessage(
    id: string,
    given: Pick<Message, 'content' | 'senderId'>,
    sentTimestamp: number,
    details: MessageDetails | undefined,
  ): Message {
    const { content, senderId } = given;
    // An id that was put together from parts would keep all of them in memory for as long as it lives.
    const flatId = Buffer.from(id, 'latin1').toString('latin1');
    return new Message(this.nextOrder++, flatId, content, senderId, sentTimestamp, details);
  }

  /** Takes in a message that was sent here. */
  protected accept(draft: MessageDraft, details: MessageDetails | undefined, now: number): Message {
    const message = this.newMessage(this.surroundings.random.uuid(), draft, now, details);
    const { delaySeconds } = draft;
    const delay = delaySeconds === undefined ? this.attributes.delay : delaySeconds * 1000;
    this.store.add(message, delay > 0 ? now + delay : undefined);
    this.metrics.sent(draft.size);
    this.record('sent', message, delay > 0 ? { delaySeconds: delay / 1000 } : undefined);
    this.onAdded(message);
    return message;
  }

  protected take(request: ReceiveRequest): Delivery[] {
    const room = inFlightLimit - this.store.count('in-flight');
    const wanted = Math.min(request.maxMessages, room);
    const deliveries: Delivery[] = [];
    if (wanted <= 0) return deliveries;
    const now = this.surroundings.clock.now();
    const timeout = request.visibilityTimeout ?? this.attributes.visibilityTimeout;
    for (const message of this.ready()) {
      const deadLetterQueue = this.deadLetterQueueOf(message);
      if (deadLetterQueue) this.giveUp(message, deadLetterQueue);
      else deliveries.push(this.deliver(message, now, timeout));
      if (deliveries.length === wanted) break;
    }
    if (deliveries.length > 0) this.metrics.received(deliveries.length);
    return deliveries;
  }

  /** Receives one message: hides it and makes its receipt handle. */
  protected deliver(message: Message, now: number, visibilityTimeout: number): Delivery {
    message.receiveCount += 1;
    if (message.receives) message.receives.lastAt = now;
    else message.receives = { firstAt: now, lastAt: now };
    this.store.hide(message, 'in-flight', now + visibilityTimeout);
    const { order, receiveCount } = message;
    this.record('received', message, { receiveCount });
    const receiptHandle = encodeReceiptHandle(this.id, { order, receive: receiveCount });
    return { message, receiveCount, receiptHandle };
  }

  protected show(message: Message): void {
    const wasInFlight = message.state === 'in-flight';
    this.store.show(message);
    this.onShown(message, wasInFlight);
  }

  protected remove(message: Message): void {
    const wasInFlight = message.state === 'in-flight';
    this.store.remove(message);
    this.onGone(message, wasInFlight);
  }

  protected record(
    kind: HopKind,
    message: Message,
    detail?: Parameters<Journal['record']>[3],
  ): void {
    this.surroundings.journal.record(kind, message.id, this.arn, detail);
  }

  private setTimer(): void {
    if (!this.closed) this.timer.set(this.store.nextChange(this.attributes.retention));
  }

  /** Where a message goes that has been received as often as it may; undefined if it may be received. */
  private deadLetterQueueOf(message: Message): MessageFlow | undefined {
    const policy = this.attributes.redrivePolicy;
    if (!policy || message.receivedHere < policy.maxReceiveCount) return undefined;
    return this.surroundings.find(policy.deadLetterTargetArn);
  }

  private giveUp(message: Message, deadLetterQueue: MessageFlow): void {
    this.record('dead-lettered', message, {
      deadLetterQueue: deadLetterQueue.arn,
      receiveCount: message.receiveCount,
    });
    this.remove(message);
    deadLetterQueue.acceptDeadLettered(message, this.arn);
  }

  private gauges(): QueueGauges {
    return {
      visible: this.store.count('visible'),
      notVisible: this.store.count('in-flight'),
      delayed: this.store.count('delayed'),
      // A standard queue moves what was received three times and more to its end and leaves it out here.
      oldestArrival: this.store.oldestArrival(
        (message) => this.fifo || message.receivedHere < receivesBeforeLast,
      ),
      groupsInFlight: this.groupsInFlight(),
    };
  }
}

/**
 * After so many receives without deletion a standard queue puts a message at its end.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const receivesBeforeLast = 3;
