import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message that could not be written. */
export interface DeadLetter {
  readonly body: string;
  /** Its `FailureReason` attribute; undefined if SQS itself moved it. */
  readonly reason: string | undefined;
}

/** Empties a dead-letter queue. */
export async function takeDeadLetters(sqs: SQSClient, queueUrl: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return letters;
    for (const message of Messages) {
      letters.push({
        body: message.Body ?? '',
        reason: message.MessageAttributes?.FailureReason?.StringValue,
      });
      await sqs.send(
        new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }),
      );
    }
  }
}
