import type { Delivery, ReceiveRequest, SentMessage } from './delivery';
import { invalidValue, overLimit, purgeQueueInProgress, queueDoesNotExist } from './errors';
import type { Message, MessageDraft } from './message';
import { inFlightLimit, MessageFlow } from './message-flow';
import { decodeReceiptHandle } from './receipt-handle';
import type { PollAnswer, PollContext } from './receivers';

/** The longest time for which a message can stay invisible after a receive: 12 hours. */
const longestVisibilityTimeout = 43_200_000;

const purgeInterval = 60_000;

/** A queue, standard or FIFO: what can be done with it. */
export abstract class Queue extends MessageFlow {
  readonly tags = new Map<string, string>();
  private modified = this.createdAt;
  private purgedAt = Number.NEGATIVE_INFINITY;

  /** LastModifiedTimestamp, in milliseconds since the epoch. */
  get modifiedAt(): number {
    return this.modified;
  }

  /** ApproximateNumberOfMessages, exactly. */
  get visible(): number {
    this.catchUp();
    return this.store.count('visible');
  }

  /** ApproximateNumberOfMessagesNotVisible, exactly. */
  get inFlight(): number {
    this.catchUp();
    return this.store.count('in-flight');
  }

  /** ApproximateNumberOfMessagesDelayed, exactly. */
  get delayed(): number {
    this.catchUp();
    return this.store.count('delayed');
  }

  /** Deleting by a receipt handle that is not the latest, or whose visibility timeout is over. */
  protected abstract deleteStale(message: Message, handle: string, latest: boolean): void;

  /** Sends messages, all before anyone is woken. */
  send(drafts: readonly MessageDraft[]): SentMessage[] {
    this.catchUp();
    const now = this.surroundings.clock.now();
    const sent = drafts.map((draft) => this.sendOne(draft, now));
    this.changed();
    return sent;
  }

  /**
   * Receives messages, waiting up to `wait` milliseconds for the first.
   *
   * @throws OverLimit on a standard queue with 120,000 messages in flight if `wait` is 0. Neither a
   *   long poll nor a FIFO queue says so; they return nothing.
   */
  async receive(
    request: ReceiveRequest,
    wait: number,
    context: PollContext,
  ): Promise<readonly Delivery[]> {
    let answer: PollAnswer = this.receiveNow(request, wait === 0);
    if (answer.length === 0 && wait > 0 && !context.signal.aborted) {
      answer = await this.receivers.poll(request, wait, context);
    }
    if (answer === 'queue-deleted') throw queueDoesNotExist();
    if (answer.length === 0) {
      this.metrics.touch(this.surroundings.clock.now());
      this.metrics.received(0);
    }
    return answer;
  }

  /** Receives what can be received now. `short`: says so if too many messages are in flight. */
  receiveNow(request: ReceiveRequest, short = true): Delivery[] {
    this.catchUp();
    if (short && !this.fifo && this.store.count('in-flight') >= inFlightLimit) {
      throw overLimit(
        `The maximum number of in flight messages (${inFlightLimit}) is reached for ${this.address.name}.`,
      );
    }
    const deliveries = this.take(request);
    this.changed();
    return deliveries;
  }

  /** Deletes the message of a receipt handle; that it is gone already is no error. */
  delete(handle: string): void {
    this.catchUp();
    const { message, latest } = this.resolve(handle);
    this.metrics.deleted();
    if (!message) return;
    if (latest && message.state === 'in-flight') this.deleteNow(message);
    else this.deleteStale(message, handle, latest);
    this.changed();
  }

  /** Hides the message of a receipt handle for another while, or shows it at once. */
  changeVisibility(handle: string, milliseconds: number): void {
    this.catchUp();
    const { message, latest } = this.resolve(handle);
    if (!message || (this.fifo && (!latest || message.state !== 'in-flight'))) {
      throw invalidValue(
        handle,
        'ReceiptHandle',
        'Message does not exist or is not available for visibility timeout change.',
      );
    }
    // On a standard queue AWS answers success and does nothing; nobody has got it to answer with the
    // documented MessageNotInflight: https://github.com/localstack/localstack/pull/9632
    if (!latest || message.state !== 'in-flight' || !message.receives) return;
    const now = this.surroundings.clock.now();
    const seconds = milliseconds / 1000;
    if (now + milliseconds > message.receives.lastAt + longestVisibilityTimeout) {
      throw invalidValue(
        seconds,
        'VisibilityTimeout',
        'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
      );
    }
    this.record('visibility-changed', message, { seconds });
    if (milliseconds === 0) this.show(message);
    else this.store.hide(message, 'in-flight', now + milliseconds);
    this.changed();
  }

  /** Removes all messages. @throws PurgeQueueInProgress within 60 seconds of the last time. */
  purge(): void {
    this.catchUp();
    const now = this.surroundings.clock.now();
    if (now < this.purgedAt + purgeInterval) throw purgeQueueInProgress(this.address.name);
    this.purgedAt = now;
    for (const message of this.store.all()) {
      this.record('purged', message);
      this.remove(message);
    }
    this.changed();
  }

  /** Changes attributes, for messages that are there already too. */
  setAttributes(changes: Readonly<Record<string, string>>): void {
    this.catchUp();
    this.attributes.set(changes);
    this.modified = this.surroundings.clock.now();
    // With a shorter retention period, messages may have expired already.
    this.catchUp();
  }

  /** Calls `listener` synchronously whenever a message becomes receivable and no long poll takes it. */
  onReceivable(listener: () => void): () => void {
    return this.receivers.listen(listener);
  }

  /** Takes the first receivable message out, to be moved elsewhere, if `accept` agrees. */
  takeForMove(accept: (message: Message) => boolean): Message | undefined {
    this.catchUp();
    for (const message of this.ready()) {
      if (accept(message)) {
        this.remove(message);
        return message;
      }
      this.notTaken(message);
      break;
    }
    return undefined;
  }

  /**
   * Takes in a message from a dead-letter queue as a new one: it gets another id and is sent now.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
   */
  acceptRedriven(message: Message): string {
    this.catchUp();
    const { deadLetterSourceArn, deadLetteredAt, receivedElsewhere, ...details } =
      message.details ?? {};
    const { clock, random } = this.surroundings;
    const redriven = this.newMessage(random.uuid(), message, clock.now(), details);
    this.store.add(redriven);
    this.record('sent', redriven, { redrivenFrom: message.id });
    this.onAdded(redriven);
    this.changed();
    return redriven.id;
  }

  /** Ends the queue: its long polls answer that it does not exist. */
  close(): void {
    this.end();
  }

  protected deleteNow(message: Message): void {
    this.record('deleted', message);
    this.remove(message);
  }

  private resolve(handle: string): { message: Message | undefined; latest: boolean } {
    const { order, receive } = decodeReceiptHandle(this.id, handle);
    const message = this.store.find(order);
    return { message, latest: message?.receiveCount === receive };
  }
}
