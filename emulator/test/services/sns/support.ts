import { SNS } from '@aws-sdk/client-sns';
import { type Message, SQS } from '@aws-sdk/client-sqs';
import type { Clock } from '../../../src/clock/clock';
import { Emulator } from '../../../src/emulator';
import type { EmulatorOptions } from '../../../src/options';

/** The account that clients call as unless they say otherwise. */
export const account = '000000000000';
export const region = 'us-east-1';

/** A document as SNS puts it into a queue. */
export interface Envelope {
  readonly Type: string;
  readonly MessageId: string;
  readonly SequenceNumber?: string;
  readonly Token?: string;
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
  readonly SubscribeURL?: string;
  readonly Timestamp: string;
  readonly SignatureVersion?: string;
  readonly Signature?: string;
  readonly SigningCertURL?: string;
  readonly UnsubscribeURL?: string;
  readonly MessageAttributes?: Readonly<Record<string, { Type: string; Value: string }>>;
}

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
    Attributes: Record<string, string> = {},
    sqs = this.sqs,
  ): Promise<TestQueue> {
    const { QueueUrl = '' } = await sqs.createQueue({
      QueueName,
      Attributes: {
        ...(QueueName.endsWith('.fifo') && { FifoQueue: 'true' }),
        Policy: openPolicy,
        ...Attributes,
      },
    });
    const found = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
    return new TestQueue(this.aws.clock, sqs, QueueUrl, found.Attributes?.QueueArn ?? '');
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

/** A queue, received from when nothing is on its way any more. */
export class TestQueue {
  constructor(
    private readonly clock: Clock & { settle(): Promise<void> },
    private readonly sqs: SQS,
    readonly url: string,
    readonly arn: string,
  ) {}

  /** Takes out everything that there is. */
  async take(): Promise<Message[]> {
    await this.clock.settle();
    const taken: Message[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.receiveMessage({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      });
      if (Messages.length === 0) return taken;
      taken.push(...Messages);
      await this.sqs.deleteMessageBatch({
        QueueUrl: this.url,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      });
    }
  }

  /** Takes out everything, as the documents that SNS has put in. */
  async documents(): Promise<Envelope[]> {
    return (await this.take()).map(({ Body = '' }) => JSON.parse(Body));
  }

  /** Takes out everything, as the messages inside SNS's documents. */
  async texts(): Promise<string[]> {
    return (await this.documents()).map(({ Message: text }) => text);
  }

  /** Takes out everything, as it is. */
  async bodies(): Promise<string[]> {
    return (await this.take()).map(({ Body = '' }) => Body);
  }
}

/** A queue policy that lets SNS send. */
export const openPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    },
  ],
});

function startManual(options: EmulatorOptions) {
  return Emulator.start({ ...options, clock: 'manual' });
}
