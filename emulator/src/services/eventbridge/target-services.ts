import type { Caller } from '../../iam/caller';

/** A message attribute as SQS has it. */
interface TextAttribute {
  readonly DataType: 'String';
  readonly StringValue: string;
}

/** A message for a queue. */
export interface QueueMessage {
  readonly MessageBody: string;
  readonly MessageGroupId?: string | undefined;
  readonly MessageAttributes?: Readonly<Record<string, TextAttribute>>;
  readonly MessageSystemAttributes?: Readonly<Record<string, TextAttribute>>;
}

/** What rules send to: the same calls that a client makes. Each throws the ServiceError that the client would get. */
export interface TargetServices {
  readonly queues: {
    /** @returns the message's id */
    send(queueArn: string, message: QueueMessage, caller: Caller): string | undefined;
  };
  readonly topics: {
    /** @returns the message's id */
    publish(topicArn: string, message: string, caller: Caller): string;
  };
  readonly functions: {
    /**
     * Has a function run soon.
     *
     * @param payload - JSON
     * @returns the invocation's request id
     */
    invoke(functionArn: string, payload: string, caller: Caller): string;
  };
}

/** A text as a message attribute. */
export function textAttribute(text: string): TextAttribute {
  return { DataType: 'String', StringValue: text };
}
