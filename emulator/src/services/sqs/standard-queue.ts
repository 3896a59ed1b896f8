import type { Delivery, ReceiveRequest, SentMessage } from './delivery';
import type { Message, MessageDetails, MessageDraft } from './message';
import { receivesBeforeLast } from './message-flow';
import { Queue } from './queue';
import { ReadyLine } from './ready-line';

/**
 * A standard queue: at-least-once delivery, best-effort order.
 *
 * Without faults it delivers once and in the order of sending, and a message that comes back takes its
 * old place; after three receives it goes to the end, as on AWS. Duplicates and reordering are a fault
 * to be asked for.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 */
export class StandardQueue extends Queue {
  readonly fifo = false;
  private readonly line = new ReadyLine<Message>(
    (message) => message.state === 'visible',
    (message) => message.order,
  );

  hasReady(): boolean {
    return this.store.count('visible') > 0;
  }

  protected override *ready(): Generator<Message, void> {
    const { faults } = this.surroundings;
    const random = faults.behaviourOf(this.arn).reorder ? faults.stream(this.arn) : undefined;
    while (this.store.count('visible') > 0) {
      const message = this.line.take(random);
      if (!message) return;
      yield message;
    }
  }

  protected override notTaken(message: Message): void {
    this.line.putBack(message);
  }

  protected override sendOne(draft: MessageDraft, now: number): SentMessage {
    return { messageId: this.accept(draft, draft.details, now).id };
  }

  protected override take(request: ReceiveRequest): Delivery[] {
    const deliveries = super.take(request);
    const { faults } = this.surroundings;
    const { duplicate } = faults.behaviourOf(this.arn);
    if (duplicate > 0) {
      for (const { message } of deliveries) {
        if (faults.stream(this.arn).next() < duplicate) this.duplicate(message);
      }
    }
    return deliveries;
  }

  protected override onAdded(message: Message): void {
    if (message.state === 'visible') this.line.add(message);
  }

  protected override onShown(message: Message, wasInFlight: boolean): void {
    if (wasInFlight && message.receivedHere < receivesBeforeLast) this.line.putBack(message);
    else this.line.add(message);
  }

  protected override onGone(): void {
    this.line.skip();
  }

  /**
   * AWS answers success to an old handle, "but the message might not be deleted": here it is not. The
   * latest handle deletes the message even when its visibility timeout is over.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
   */
  protected override deleteStale(message: Message, _handle: string, latest: boolean): void {
    if (latest) this.deleteNow(message);
  }

  /** A standard queue's messages keep their SentTimestamp. */
  protected override deadLettered(message: Message): [number, MessageDetails] {
    return [message.sentTimestamp, { ...message.details }];
  }

  protected override groupsInFlight(): undefined {
    return undefined;
  }

  /** A copy that a server of SQS still had: it lives and dies by itself. */
  private duplicate(message: Message): void {
    const copy = this.newMessage(message.id, message, message.sentTimestamp, message.details);
    copy.receiveCount = message.receiveCount;
    copy.receives = message.receives && { ...message.receives };
    this.store.add(copy);
    this.record('duplicated', copy);
    this.onAdded(copy);
  }
}
