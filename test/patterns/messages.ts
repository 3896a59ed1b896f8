import { createHash } from 'node:crypto';
import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Journal } from 'cdk-decouple-emulator';

/** Receives everything that can be received from a queue, without deleting it. */
export async function receiveAll(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
  }
}

/** A digest of a whole journal: equal for runs that went the same way. */
export function digestOf(journal: Journal): string {
  expect(journal.evicted).toBe(0);
  return createHash('sha256').update(JSON.stringify(journal.hops())).digest('hex');
}
