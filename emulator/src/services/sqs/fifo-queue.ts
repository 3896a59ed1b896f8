import { createHash } from 'node:crypto';
import { DeduplicationWindow } from '../deduplication-window';
import type { Delivery, ReceiveRequest, SentMessage } from './delivery';
import { invalidValue } from './errors';
import {
  type Message,
  type MessageDetails,
  type MessageDraft,
  type Schedule,
  sequenceNumber,
} from './message';
import { MessageGroup } from './message-group';
import { Queue } from './queue';
import { ReadyLine } from './ready-line';

/** The message that was sent first with a deduplication id. */
type Original = Pick<Message, 'id' | 'order'>;

/** What a receive with a ReceiveRequestAttemptId returned, and when it becomes visible again. */
interface Attempt {
  readonly delivery: Delivery;
  readonly schedule: Schedule | undefined;
}

/**
 * A FIFO queue: the messages of a group in order, one receive's worth of a group at a time, and each
 * message once within the deduplication interval.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoQueue extends Queue {
  readonly fifo = true;
  private readonly groups = new Map<string, MessageGroup>();
  private readonly line = new ReadyLine<MessageGroup>(
    (group) => group.ready,
    (group) => group.first()?.order ?? 0,
    (group) => {
      group.inLine = false;
      this.settle(group);
    },
  );
  private readonly sent = new DeduplicationWindow<Original>();
  private readonly attempts = new DeduplicationWindow<readonly Attempt[]>();
  private hiddenGroups = 0;

  hasReady(): boolean {
    return this.store.count('visible') > 0 && this.line.any();
  }

  /**
   * With the ReceiveRequestAttemptId of an earlier receive, returns the same messages and receipt
   * handles and starts their visibility timeout anew, if none was deleted or changed in the meantime.
   */
  override receiveNow(request: ReceiveRequest, short?: boolean): Delivery[] {
    this.catchUp();
    const now = this.surroundings.clock.now();
    const attempt =
      request.attemptId === undefined ? undefined : this.attempts.get(request.attemptId, now);
    if (!attempt?.every(isUntouched)) return super.receiveNow(request, short);
    const timeout = request.visibilityTimeout ?? this.attributes.visibilityTimeout;
    const deliveries = attempt.map(({ delivery }) => delivery);
    for (const { message } of deliveries) this.store.hide(message, 'in-flight', now + timeout);
    this.remember(request, deliveries);
    this.metrics.received(deliveries.length);
    this.changed();
    return deliveries;
  }

  /** The delay of a FIFO queue holds for the messages that are delayed already, too. */
  override setAttributes(changes: Readonly<Record<string, string>>): void {
    super.setAttributes(changes);
    if (changes.DelaySeconds === undefined) return;
    for (const message of this.store.all()) {
      if (message.state !== 'delayed') continue;
      this.store.hide(message, 'delayed', message.sentTimestamp + this.attributes.delay);
    }
    this.catchUp();
    this.changed();
  }

  protected override take(request: ReceiveRequest): Delivery[] {
    const deliveries = super.take(request);
    if (deliveries.length > 0) this.remember(request, deliveries);
    return deliveries;
  }

  /** As many as possible of the group with the oldest message, then of the next group. */
  protected override *ready(): Generator<Message, void> {
    for (let group = this.line.take(); group; group = this.line.take()) {
      try {
        // The group stays marked as in line, so that nobody puts it back while it is being read.
        for (let message = group.take(); message; message = group.take()) yield message;
      } finally {
        group.inLine = false;
        this.settle(group);
      }
    }
  }

  protected override notTaken(message: Message): void {
    this.groupOf(message).restore(message);
  }

  protected override deliver(message: Message, now: number, timeout: number): Delivery {
    const group = this.groupOf(message);
    if (!group.inFlight) this.hiddenGroups += 1;
    group.hide();
    return super.deliver(message, now, timeout);
  }

  protected override sendOne(draft: MessageDraft, now: number): SentMessage {
    const groupId = draft.details?.groupId ?? '';
    const deduplicationId = draft.details?.deduplicationId ?? contentId(draft.content.body);
    // Neither id can contain a blank, so that it separates them.
    const key = this.attributes.deduplicationPerGroup
      ? `${groupId} ${deduplicationId}`
      : deduplicationId;
    const original = this.sent.get(key, now);
    if (original) {
      this.metrics.deduplicated();
      this.surroundings.journal.record('deduplicated', original.id, this.arn, { deduplicationId });
      return sentMessage(original);
    }
    const message = this.accept(draft, { ...draft.details, groupId, deduplicationId }, now);
    // Only what the answer needs: the body would stay in memory after the message is deleted.
    this.sent.set(key, { id: message.id, order: message.order }, now);
    return sentMessage(message);
  }

  protected override onAdded(message: Message): void {
    const group = this.groupOf(message);
    group.add(message);
    if (!group.ready || group.inLine) return;
    group.inLine = true;
    this.line.add(group);
  }

  protected override onShown(message: Message, wasInFlight: boolean): void {
    const group = this.groupOf(message);
    if (wasInFlight) {
      group.putBack(message);
      this.noteFreed(group);
    }
    this.settle(group);
  }

  protected override onGone(message: Message, wasInFlight: boolean): void {
    const group = this.groupOf(message);
    if (wasInFlight) {
      group.release();
      this.noteFreed(group);
    }
    this.settle(group);
    this.line.skip();
  }

  /**
   * A receipt handle of a FIFO queue expires with the visibility timeout.
   *
   * @see https://repost.aws/knowledge-center/sqs-receipt-handle-error
   */
  protected override deleteStale(_message: Message, handle: string): void {
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }

  /**
   * In a FIFO queue the time of sending starts anew, and the message's id becomes its deduplication id,
   * so that two messages with the same one are both kept.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
   */
  protected override deadLettered(message: Message, now: number): [number, MessageDetails] {
    return [now, { ...message.details, deduplicationId: message.id }];
  }

  protected override groupsInFlight(): number {
    return this.hiddenGroups;
  }

  private groupOf(message: Message): MessageGroup {
    const id = message.details?.groupId ?? '';
    let group = this.groups.get(id);
    if (!group) {
      group = new MessageGroup(id);
      this.groups.set(id, group);
    }
    return group;
  }

  private noteFreed(group: MessageGroup): void {
    if (!group.inFlight) this.hiddenGroups -= 1;
  }

  /** Puts a group in line if its first message can be received, and forgets it when it is empty. */
  private settle(group: MessageGroup): void {
    if (group.inLine) return;
    if (group.ready) {
      group.inLine = true;
      this.line.putBack(group);
    } else if (group.empty) {
      this.groups.delete(group.id);
    }
  }

  private remember(request: ReceiveRequest, deliveries: readonly Delivery[]): void {
    if (request.attemptId === undefined) return;
    const attempt = deliveries.map((delivery) => ({
      delivery,
      schedule: delivery.message.schedule,
    }));
    this.attempts.set(request.attemptId, attempt, this.surroundings.clock.now());
  }
}

function sentMessage({ id, order }: Original): SentMessage {
  return { messageId: id, sequenceNumber: sequenceNumber(order) };
}

function isUntouched({ delivery, schedule }: Attempt): boolean {
  return delivery.message.state === 'in-flight' && delivery.message.schedule === schedule;
}

/** The deduplication id of a message without one: SHA-256 of its body, but not of its attributes. */
function contentId(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
