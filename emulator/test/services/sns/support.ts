import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { Emulator } from '../../../src/emulator';
import type { EmulatorOptions } from '../../../src/options';
import { policyFor, TestQueue } from '../test-queue';

/** The account that clients call as unless they say otherwise. */
export const account = '000000000000';
export const region = 'us-east-1';

const sender = 'sns.amazonaws.com';

/** An emulator on the manual clock with clients of SNS and SQS, and what tests do again and again. */
export class SnsBench {
  private constructor(
    readonly aws: Awaited<ReturnType<typeof startManual>>,
    readonly sns: SNS,
    readonly sqs: SQS,
  ) {}

  static async start(options: EmulatorOptions = {}): Promise<SnsBench> {
    const aws = await startManual(options);
    return new SnsBench(aws, aws.client(SNS), aws.client(SQS));
  }

  async stop(): Promise<void> {
    await this.aws.stop();
  }

  /** Makes a topic. @returns its ARN */
  async topic(Name: string, Attributes: Record<string, string> = {}): Promise<string> {
    const { TopicArn = '' } = await this.sns.createTopic({
      Name,
      Attributes: { ...(Name.endsWith('.fifo') && { FifoTopic: 'true' }), ...Attributes },
    });
    return TopicArn;
  }

  /** Makes a queue that SNS may send to. */
  async queue(
    QueueName: string,
    attributes: Record<string, string> = {},
    sqs = this.sqs,
  ): Promise<TestQueue> {
    return TestQueue.create(this.aws.clock, QueueName, { sender, attributes, sqs });
  }

  /** Subscribes something. @returns the subscription's ARN */
  async subscribe(
    TopicArn: string,
    Endpoint: string,
    Attributes: Record<string, string> = {},
    Protocol = 'sqs',
  ): Promise<string> {
    const { SubscriptionArn } = await this.sns.subscribe({
      TopicArn,
      Protocol,
      Endpoint,
      Attributes,
      ReturnSubscriptionArn: true,
    });
    return SubscriptionArn ?? '';
  }
}

/** A queue policy that lets SNS send. */
export const openPolicy = policyFor(sender);

function startManual(options: EmulatorOptions) {
  return Emulator.start({ ...options, clock: 'manual' });
}
