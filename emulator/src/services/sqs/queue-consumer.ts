import type { Caller } from '../../iam/caller';
import type { Delivery } from './delivery';
import { queueDoesNotExist } from './errors';
import { parseQueueUrl, queueArn } from './names';
import type { Queue } from './queue';
import type { QueueSender } from './queue-sender';
import { readSystemAttributes } from './received-message';
import type { PollContext } from './receivers';
import type { SqsState } from './sqs-state';

/** What a receive asks for. Times are in milliseconds. */
export interface ConsumerRequest {
  readonly queueUrl: string;
  /** Where the queue is, unless its URL says it. */
  readonly region: string;
  /** 1 to 10. */
  readonly maxMessages: number;
  readonly wait: number;
  /** @default - the queue's */
  readonly visibilityTimeout?: number;
}

/** A message that was received. */
export class ConsumedMessage {
  constructor(
    private readonly queue: Queue,
    private readonly delivery: Delivery,
  ) {}

  get messageId(): string {
    return this.delivery.message.id;
  }

  get body(): string {
    return this.delivery.message.body;
  }

  get receiptHandle(): string {
    return this.delivery.receiptHandle;
  }

  /** How often it has been received by now, this time included. */
  get receiveCount(): number {
    return this.delivery.receiveCount;
  }

  /** ARN of its queue. */
  get queueArn(): string {
    return this.queue.arn;
  }

  /** What SQS itself says of it, such as `SentTimestamp`. */
  get attributes(): Readonly<Record<string, string>> {
    return readSystemAttributes(this.queue, this.delivery, allSystemAttributes) ?? {};
  }

  /** Texts of its message attributes. */
  get messageAttributes(): Readonly<Record<string, string>> {
    const given = Object.entries(this.delivery.message.details?.attributes ?? {});
    return Object.fromEntries(
      given.flatMap(([name, { StringValue: value }]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
  }
}

/** What a received message is named by. */
export type MessageReference = Pick<ConsumedMessage, 'queueArn' | 'receiptHandle'>;

const allSystemAttributes: ReadonlySet<string> = new Set(['All']);

/** Queues for programs that run in this process: what ReceiveMessage, DeleteMessage and ChangeMessageVisibility do, without a client. */
export class QueueConsumer {
  constructor(
    private readonly state: SqsState,
    private readonly sender: QueueSender,
  ) {}

  /** Sends a message. @returns its MessageId @throws ServiceError what SendMessage does */
  send(queueUrl: string, region: string, body: string, caller: Caller): string | undefined {
    const arn = queueArn(parseQueueUrl(queueUrl, region));
    return this.sender.send(arn, { MessageBody: body }, caller);
  }

  /** Receives messages, waiting for the first. @throws ServiceError AccessDenied, QueueDoesNotExist, OverLimit */
  async receive(
    request: ConsumerRequest,
    caller: Caller,
    context: PollContext,
  ): Promise<ConsumedMessage[]> {
    const { maxMessages, queueUrl, region, visibilityTimeout, wait } = request;
    const arn = queueArn(parseQueueUrl(queueUrl, region));
    const queue = this.queue(arn, 'ReceiveMessage', caller);
    this.state.encryption.forReceiving(queue, caller);
    const deliveries = await queue.receive({ maxMessages, visibilityTimeout }, wait, context);
    return deliveries.map((delivery) => new ConsumedMessage(queue, delivery));
  }

  /** @throws ServiceError AccessDenied, QueueDoesNotExist */
  delete({ queueArn: arn, receiptHandle }: MessageReference, caller: Caller): void {
    this.queue(arn, 'DeleteMessage', caller).delete(receiptHandle);
  }

  /** @throws ServiceError AccessDenied, QueueDoesNotExist, InvalidParameterValue */
  changeVisibility(
    { queueArn: arn, receiptHandle }: MessageReference,
    milliseconds: number,
    caller: Caller,
  ): void {
    this.queue(arn, 'ChangeMessageVisibility', caller).changeVisibility(
      receiptHandle,
      milliseconds,
    );
  }

  /** Milliseconds for which a queue hides what is received; undefined if there is no such queue. */
  visibilityTimeout({ queueArn: arn }: Pick<MessageReference, 'queueArn'>): number | undefined {
    return this.state.find(arn)?.attributes.visibilityTimeout;
  }

  private queue(arn: string, action: string, caller: Caller): Queue {
    this.state.hideMissing(arn, caller);
    this.state.environment.authorize({ caller, action: `sqs:${action}`, resource: arn });
    const queue = this.state.find(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }
}
