import type { Message, SQS } from '@aws-sdk/client-sqs';
import type { Clock } from '../../src/clock/clock';

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

/** What a queue of a test is made with. */
export interface TestQueueOptions {
  /** The service that may send to it, such as `sns.amazonaws.com`. */
  readonly sender: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly sqs: SQS;
}

/** A queue, received from when nothing is on its way any more. */
export class TestQueue {
  /** Makes a queue that a service may send to; it is FIFO if its name says so. */
  static async create(
    clock: Clock & { settle(): Promise<void> },
    QueueName: string,
    { attributes, sender, sqs }: TestQueueOptions,
  ): Promise<TestQueue> {
    const { QueueUrl = '' } = await sqs.createQueue({
      QueueName,
      Attributes: {
        ...(QueueName.endsWith('.fifo') && { FifoQueue: 'true' }),
        Policy: policyFor(sender),
        ...attributes,
      },
    });
    const found = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
    return new TestQueue(clock, sqs, QueueUrl, found.Attributes?.QueueArn ?? '');
  }

  private constructor(
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

/** A queue policy that lets a service send. */
export function policyFor(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sqs:SendMessage',
        Resource: '*',
      },
    ],
  });
}
