import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { queueDoesNotExist } from './errors';
import type { Queue } from './queue';
import { readSystemAttributes } from './received-message';
import type { SqsState } from './sqs-state';

/** A message as {@link SqsQueueSource.receive} returns it. */
export interface ReceivedSourceMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SourceAttribute>>;
}

/** A message attribute as {@link SqsQueueSource.receive} returns it. */
export interface SourceAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: Uint8Array;
}

const allSystemAttributes: ReadonlySet<string> = new Set(['All']);

/** Queues for event source mappings: receive and delete as a given caller, and a signal in place of empty polls. */
export class SqsQueueSource {
  constructor(private readonly state: SqsState) {}

  /** Undefined if there is no such queue. */
  describe(queueArn: string): { fifo: boolean; visibilityTimeoutSeconds: number } | undefined {
    const queue = this.state.find(queueArn);
    return (
      queue && {
        fifo: queue.fifo,
        visibilityTimeoutSeconds: queue.attributes.visibilityTimeout / 1000,
      }
    );
  }

  /** Up to 10 messages that can be received now. @throws AccessDenied, QueueDoesNotExist */
  receive(queueArn: string, maxMessages: number, caller: Caller): ReceivedSourceMessage[] {
    const queue = this.authorized(queueArn, 'sqs:ReceiveMessage', caller);
    this.state.encryption.forReceiving(queue, caller);
    return queue.receiveNow({ maxMessages }, false).map((delivery) => {
      const { message, receiptHandle } = delivery;
      const attributes = Object.entries(message.details?.attributes ?? {}).map(([name, value]) => [
        name,
        {
          dataType: value.DataType,
          stringValue: value.StringValue,
          binaryValue: value.BinaryValue,
        },
      ]);
      return {
        messageId: message.id,
        receiptHandle,
        body: message.body,
        md5OfBody: message.md5OfBody,
        md5OfMessageAttributes: message.details?.md5OfAttributes,
        attributes: readSystemAttributes(queue, delivery, allSystemAttributes) ?? {},
        messageAttributes: Object.fromEntries(attributes),
      };
    });
  }

  /** Deletes messages. A handle that SQS refuses leaves its message, as a failed entry of a batch does. */
  delete(queueArn: string, receiptHandles: readonly string[], caller: Caller): void {
    const queue = this.authorized(queueArn, 'sqs:DeleteMessage', caller);
    for (const handle of receiptHandles) {
      try {
        queue.delete(handle);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
      }
    }
  }

  /** Calls `listener` synchronously whenever a message becomes receivable. Returns what ends it. */
  onReceivable(queueArn: string, listener: () => void): () => void {
    return this.state.listeners.add(queueArn, listener);
  }

  private authorized(queueArn: string, action: string, caller: Caller): Queue {
    this.state.hideMissing(queueArn, caller);
    this.state.environment.authorize({ caller, action, resource: queueArn });
    const queue = this.state.find(queueArn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }
}
