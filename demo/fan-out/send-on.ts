import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** The queues between which messages are sent on. */
export interface SendOnRoute {
  /** The dead-letter queue of a subscription. */
  readonly from: string;
  /** The queue that SNS could not deliver to. */
  readonly to: string;
}

/**
 * Sends everything in a subscription's dead-letter queue on to where it was meant to go. SQS does not do that itself
 * (StartMessageMoveTask): it was SNS that moved the messages, not a queue.
 *
 * A message is deleted once the other queue has it, so that it may come twice but is never lost.
 *
 * @returns how many were sent
 */
export async function sendOn(sqs: SQSClient, { from, to }: SendOnRoute): Promise<number> {
  let sent = 0;
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: from,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return sent;
    const { Successful = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: to, Entries: Messages.map(entryOf) }),
    );
    const taken = Successful.flatMap(({ Id }) => Messages[Number(Id)] ?? []);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: from,
        Entries: taken.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    sent += taken.length;
  }
}

function entryOf({ Body, MessageAttributes = {} }: Message, index: number) {
  return {
    Id: String(index),
    MessageBody: Body,
    MessageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
        name,
        { DataType, StringValue },
      ]),
    ),
  };
}
