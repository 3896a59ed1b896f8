import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  Bucket,
  type BucketProps,
  EventType,
  type IBucket,
  type NotificationKeyFilter,
} from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import {
  LambdaDestination,
  SnsDestination,
  SqsDestination,
} from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

jest.setTimeout(30_000);

let aws: Emulator<ManualClock>;
let s3: S3;
let sqs: SQS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  s3 = aws.client(S3);
  sqs = aws.client(SQS);
});

afterEach(() => aws.stop());

/** But for log groups that Lambda has made, as on AWS. */
function leaks(): string[] {
  return aws.leaks().filter((leak) => !leak.includes('/aws/lambda/'));
}

const doomed: BucketProps = { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY };

/** A stack with a queue that is told of what is created in a bucket. */
function inbox(
  bucketOf: (stack: Stack) => IBucket,
  name = 'Inbox',
  ...filters: NotificationKeyFilter[]
) {
  const stack = new Stack(new App(), name);
  const bucket = bucketOf(stack);
  const queue = new Queue(stack, 'Queue', { queueName: name.toLowerCase() });
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue), ...filters);
  return { stack, bucket, queue };
}

const own = (stack: Stack) => new Bucket(stack, 'Bucket', { bucketName: 'uploads', ...doomed });
const imported = (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'uploads');

const configuration = () => s3.getBucketNotificationConfiguration({ Bucket: 'uploads' });

/** Keys of the objects that a queue has been told of. */
async function told(queueName: string): Promise<string[]> {
  // S3 takes a moment to tell of an event.
  await aws.clock.advance(Duration.seconds(5));
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName: queueName });
  const { Messages: messages = [] } = await sqs.receiveMessage({
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  return messages.flatMap(({ Body: body = '{}' }) => {
    const { Event: event, Records: records = [] } = JSON.parse(body);
    return event ? [event] : records.map((record: S3Record) => record.s3.object.key);
  });
}

interface S3Record {
  readonly s3: { readonly object: { readonly key: string } };
}

const put = (key: string) => s3.putObject({ Bucket: 'uploads', Key: key, Body: key });

describe('the notifications of a stack’s own bucket', () => {
  test('tell a queue, are changed by an update and leave nothing behind', async () => {
    await aws.deploy(inbox(own).stack);
    await put('a.txt');
    expect((await told('inbox')).sort()).toEqual(['a.txt', 's3:TestEvent']);
    const { stack } = inbox(own, 'Inbox', { prefix: 'in/', suffix: '.txt' });
    await aws.deploy(stack);
    await put('in/b.txt');
    await put('c.txt');
    expect((await told('inbox')).sort()).toEqual(['in/b.txt', 's3:TestEvent']);
    expect((await configuration()).QueueConfigurations).toMatchObject([
      {
        Events: ['s3:ObjectCreated:*'],
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'Suffix', Value: '.txt' },
              { Name: 'Prefix', Value: 'in/' },
            ],
          },
        },
      },
    ]);
    await aws.destroy(stack);
    expect(leaks()).toEqual([]);
  });

  test('go with the last one, while the bucket stays', async () => {
    await aws.deploy(inbox(own).stack);
    const stack = new Stack(new App(), 'Inbox');
    own(stack);
    await aws.deploy(stack);
    expect((await configuration()).QueueConfigurations).toBeUndefined();
  });

  test('run a function', async () => {
    const { stack, bucket, queue } = inbox(own, 'Inbox', { prefix: 'done/' });
    const copier = new LambdaFunction(stack, 'Copier', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      timeout: Duration.seconds(30),
      code: Code.fromInline(`
        const { S3 } = require('@aws-sdk/client-s3');
        exports.handler = async ({ Records }) => {
          for (const { s3: { bucket, object } } of Records)
            await new S3({}).putObject({ Bucket: bucket.name, Key: 'done/' + object.key, Body: '' });
        };`),
    });
    bucket.grantReadWrite(copier);
    queue.grantSendMessages(copier);
    const created = { prefix: 'new-' };
    bucket.addEventNotification(
      EventType.OBJECT_CREATED_PUT,
      new LambdaDestination(copier),
      created,
    );
    await aws.deploy(stack);
    await put('new-1');
    await aws.clock.advance(Duration.seconds(5));
    expect((await told('inbox')).sort()).toEqual(['done/new-1', 's3:TestEvent']);
    await aws.destroy(stack);
    expect(leaks()).toEqual([]);
  });

  test('tell of what BucketDeployment brings and prunes', async () => {
    const make = (file: string) => {
      const { stack, bucket, queue } = inbox(own);
      bucket.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(queue));
      const destinationBucket = bucket;
      const deployment = new BucketDeployment(stack, 'Deploy', {
        sources: [Source.data(file, file)],
        destinationBucket,
      });
      deployment.node.addDependency(bucket.node.findChild('Notifications'));
      return stack;
    };
    await aws.deploy(make('one'));
    expect((await told('inbox')).sort()).toEqual(['one', 's3:TestEvent']);
    await aws.deploy(make('two'));
    expect((await told('inbox')).sort()).toEqual(['one', 'two']);
  });

  test('may be for EventBridge', async () => {
    const stack = new Stack(new App(), 'Events');
    new Bucket(stack, 'Bucket', { bucketName: 'uploads', eventBridgeEnabled: true });
    await aws.deploy(stack);
    expect((await configuration()).EventBridgeConfiguration).toEqual({});
  });
});

describe('the notifications of another stack’s bucket', () => {
  const foreign = {
    Id: 'foreign',
    Events: ['s3:ObjectRemoved:*' as const],
    QueueArn: 'arn:aws:sqs:us-east-1:000000000000:other',
  };

  beforeEach(async () => {
    await s3.createBucket({ Bucket: 'uploads' });
    // S3 asks every destination, whichever is new.
    const allowed = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: foreign.QueueArn };
    const statement = { ...allowed, Principal: { Service: 's3.amazonaws.com' } };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await sqs.createQueue({ QueueName: 'other', Attributes: { Policy } });
    await s3.putBucketNotificationConfiguration({
      Bucket: 'uploads',
      NotificationConfiguration: { QueueConfigurations: [foreign] },
      SkipDestinationValidation: true,
    });
  });

  const described = async () =>
    ((await configuration()).QueueConfigurations ?? []).map(({ Id: id, Filter: filter }) => [
      id?.replace(/[0-9a-f-]{36}-?[0-9]+$/, '…'),
      filter?.Key?.FilterRules?.[0]?.Value,
    ]);

  test('are added to what is there, replaced and taken away again', async () => {
    const prefix = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Inbox/';
    const { stack } = inbox(imported);
    await aws.deploy(stack);
    const [, added] = (await configuration()).QueueConfigurations ?? [];
    expect(added?.Id).toMatch(new RegExp(`^${prefix}[0-9a-f-]{36}--?[0-9]+$`));
    expect(await described()).toHaveLength(2);
    const update = inbox(imported, 'Inbox', { prefix: 'in/' });
    await aws.deploy(update.stack);
    expect((await described()).map(([, filter]) => filter)).toEqual([undefined, 'in/']);
    await put('in/a');
    expect(await told('inbox')).toContain('in/a');
    await aws.destroy(update.stack);
    // The handler gives all that it compares in an update a new id, whoever has made it.
    const [left, ...others] = (await configuration()).QueueConfigurations ?? [];
    expect({ ...left, Id: 'foreign' }).toEqual(foreign);
    expect(others).toEqual([]);
    expect(leaks().sort()).toEqual([
      'S3 bucket uploads',
      'SQS queue arn:aws:sqs:us-east-1:000000000000:other',
    ]);
  });

  test('of two stacks do not touch each other', async () => {
    await aws.deploy(inbox(imported, 'First', { prefix: '1' }).stack);
    const second = inbox(imported, 'Second', { prefix: '2' });
    await aws.deploy(second.stack);
    expect((await described()).map(([, filter]) => filter)).toEqual([undefined, '1', '2']);
    await aws.destroy(second.stack);
    expect((await described()).map(([, filter]) => filter)).toEqual([undefined, '1']);
  });
});

test('a destination that does not allow them fails the stack, in S3’s words', async () => {
  const stack = new Stack(new App(), 'Inbox');
  const bucket = own(stack);
  const queue = Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:000000000000:nowhere');
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
  await expect(aws.deploy(stack)).rejects.toThrow(
    /\(Custom::S3BucketNotifications\): .*Error: An error occurred \(InvalidArgument\) when calling the PutBucketNotificationConfiguration operation: Unable to validate the following destination configurations\. See the details in CloudWatch Log Stream: 2035\/01\/01\/\[\$LATEST\][0-9a-f]{32}/,
  );
});

test('a destination is not asked where the stack says so', async () => {
  const stack = new Stack(new App(), 'Inbox');
  const bucket = new Bucket(stack, 'Bucket', {
    bucketName: 'uploads',
    notificationsSkipDestinationValidation: true,
    ...doomed,
  });
  const queue = Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:000000000000:nowhere');
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
  await aws.deploy(stack);
  expect((await configuration()).QueueConfigurations).toHaveLength(1);
});

test('topics are told as well', async () => {
  const stack = new Stack(new App(), 'Inbox');
  own(stack).addEventNotification(
    EventType.OBJECT_CREATED,
    new SnsDestination(new Topic(stack, 'Topic')),
  );
  await aws.deploy(stack);
  expect((await configuration()).TopicConfigurations).toMatchObject([
    { TopicArn: expect.stringContaining('Inbox-Topic'), Events: ['s3:ObjectCreated:*'] },
  ]);
});
