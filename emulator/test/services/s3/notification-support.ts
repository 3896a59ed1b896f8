import { type Event, type NotificationConfiguration, S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { Emulator } from '../../../src';

export const Bucket = 'orders';

/** One record of an event message, as far as tests look at it. */
export interface EventRecord {
  readonly eventVersion: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly userIdentity: { readonly principalId: string };
  readonly responseElements: { readonly 'x-amz-request-id': string };
  readonly s3: {
    readonly configurationId: string;
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string;
      readonly sequencer?: string;
    };
  };
}

/** An emulator with a bucket, and shorthand for queues that are told of its events. */
export async function startNotifications() {
  const aws = await Emulator.start({ clock: 'manual' });
  const s3 = aws.client(S3);
  const sqs = aws.client(SQS);
  await s3.createBucket({ Bucket });

  /** A queue that S3 may send to on behalf of these buckets. */
  async function createQueue(name: string, buckets = 'arn:aws:s3:::*') {
    const arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: {
          ArnLike: { 'aws:SourceArn': buckets },
          StringEquals: { 'aws:SourceAccount': '000000000000' },
        },
      },
    });
    const { QueueUrl } = await sqs.createQueue({ QueueName: name, Attributes: { Policy } });
    return { arn, url: QueueUrl ?? '' };
  }

  /** Everything that is in a queue once the clock has settled, emptied out of it. */
  async function bodies(url: string): Promise<string[]> {
    await aws.clock.settle();
    const found: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
      });
      if (Messages.length === 0) return found;
      for (const { Body = '', ReceiptHandle } of Messages) {
        found.push(Body);
        await sqs.deleteMessage({ QueueUrl: url, ReceiptHandle });
      }
    }
  }

  /** The events in a queue. */
  async function events(url: string): Promise<EventRecord[]> {
    const messages = (await bodies(url)).map((body): { Records: EventRecord[] } =>
      JSON.parse(body),
    );
    return messages.flatMap(({ Records }) => Records);
  }

  /** Names and keys of the events in a queue. */
  async function eventNames(url: string): Promise<string[]> {
    return (await events(url)).map(({ eventName, s3: { object } }) => `${eventName} ${object.key}`);
  }

  const configure = (NotificationConfiguration: NotificationConfiguration, more: object = {}) =>
    s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration, ...more });

  /** A queue that is told of these events, without the test message. */
  async function toldQueue(...events: Event[]) {
    const queue = await createQueue('told');
    await configure({ QueueConfigurations: [{ ...rule(queue.arn, ...events), Id: 'all' }] });
    await bodies(queue.url);
    return queue;
  }

  return { aws, s3, sqs, createQueue, bodies, events, eventNames, configure, toldQueue };
}

export type Notifications = Awaited<ReturnType<typeof startNotifications>>;

type QueueRule = NonNullable<NotificationConfiguration['QueueConfigurations']>[number];

/** A configuration for a queue. */
export function rule(QueueArn: string, ...events: Event[]): QueueRule {
  return { QueueArn, Events: events };
}

/** A filter for keys. */
export function filter(ends: { readonly prefix?: string; readonly suffix?: string }) {
  return {
    Key: {
      FilterRules: Object.entries(ends).map(([name, Value]) => ({
        Name: name === 'prefix' ? ('prefix' as const) : ('suffix' as const),
        Value,
      })),
    },
  };
}
