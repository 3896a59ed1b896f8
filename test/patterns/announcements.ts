import {
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { FanOut, type FanOutProps, type WorkQueue } from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import type { Surroundings } from './every-run-alike';
import { digestOf, receiveAll } from './messages';

/** Adds to the fan-out what a test needs, and returns the queues to look into, by name. */
export type Subscribe = (fanOut: FanOut, stack: Stack) => Readonly<Record<string, WorkQueue>>;

/** A stack with a fan-out, whose queues are outputs. */
export function announcementsStack(subscribe: Subscribe, props?: FanOutProps): Stack {
  const stack = new Stack(new App(), 'Announcements');
  const fanOut = new FanOut(stack, 'Orders', props);
  new CfnOutput(stack, 'Topic', { value: fanOut.topic.topicArn });
  for (const [name, { queue }] of Object.entries(subscribe(fanOut, stack))) {
    new CfnOutput(stack, name, { value: queue.queueUrl });
  }
  for (const [id, { deadLetterQueue }] of fanOut.subscriptions) {
    if (deadLetterQueue) {
      new CfnOutput(stack, `Undelivered${id}`, { value: deadLetterQueue.queueUrl });
    }
  }
  return stack;
}

/** A fan-out that is deployed. */
export class Announcements implements Surroundings {
  readonly sns: SNSClient;
  readonly sqs: SQSClient;

  private constructor(
    readonly aws: Emulator<ManualClock>,
    readonly deployment: Deployment,
  ) {
    this.sns = aws.client(SNSClient);
    this.sqs = aws.client(SQSClient);
  }

  static async open(subscribe: Subscribe, props?: FanOutProps): Promise<Announcements> {
    const aws = await Emulator.start({ clock: 'manual' });
    return new Announcements(aws, await aws.deploy(announcementsStack(subscribe, props)));
  }

  get topicArn(): string {
    return this.deployment.output('Topic');
  }

  async publish(message: Omit<PublishCommandInput, 'TopicArn'>): Promise<string> {
    const { MessageId = '' } = await this.sns.send(
      new PublishCommand({ TopicArn: this.topicArn, ...message }),
    );
    return MessageId;
  }

  /** Publishes ten at a time. */
  async publishAll(entries: readonly Omit<PublishBatchRequestEntry, 'Id'>[]): Promise<void> {
    for (let i = 0; i < entries.length; i += 10) {
      const { Failed } = await this.sns.send(
        new PublishBatchCommand({
          TopicArn: this.topicArn,
          PublishBatchRequestEntries: entries
            .slice(i, i + 10)
            .map((entry, index) => ({ ...entry, Id: String(index) })),
        }),
      );
      expect(Failed ?? []).toEqual([]);
    }
  }

  /** Bodies of all messages that can be received from a queue. */
  async bodies(output: string): Promise<string[]> {
    await this.aws.clock.settle();
    return (await this.messages(output)).map(({ Body = '' }) => Body);
  }

  messages(output: string): Promise<Message[]> {
    return this.messagesAt(this.deployment.output(output));
  }

  messagesAt(queueUrl: string): Promise<Message[]> {
    return receiveAll(this.sqs, queueUrl);
  }

  /** Receives and deletes until the queue is empty, as a consumer of a FIFO queue has to. */
  async consume(output: string): Promise<Message[]> {
    const QueueUrl = this.deployment.output(output);
    const all: Message[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 0,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) return all;
      all.push(...Messages);
      for (const { ReceiptHandle } of Messages) {
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  /** Takes away what admits the topic to a queue. */
  async breakPolicy(output: string): Promise<void> {
    await this.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: this.deployment.output(output),
        Attributes: { Policy: '' },
      }),
    );
  }

  journalDigest(): string {
    return digestOf(this.aws.journal);
  }

  close(): Promise<void> {
    return this.aws.stop();
  }
}
