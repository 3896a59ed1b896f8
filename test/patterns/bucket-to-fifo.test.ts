import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { WorkQueue } from 'cdk-decouple';
import { Emulator, type ManualClock } from 'cdk-decouple-emulator';

const bucketName = 'order-files';

function filesStack(): Stack {
  const stack = new Stack(new App(), 'Files');
  const bucket = new Bucket(stack, 'Bucket', {
    bucketName,
    eventBridgeEnabled: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const imports = new WorkQueue(stack, 'Imports', { fifo: true, contentBasedDeduplication: true });
  const undelivered = new WorkQueue(stack, 'Undelivered');
  new Rule(stack, 'Created', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ suffix: '.csv' }] } },
    },
    targets: [
      new SqsQueue(imports.queue, {
        messageGroupId: 'files',
        deadLetterQueue: undelivered.queue,
      }),
    ],
  });
  new CfnOutput(stack, 'QueueUrl', { value: imports.queue.queueUrl });
  new CfnOutput(stack, 'UndeliveredUrl', { value: undelivered.queue.queueUrl });
  return stack;
}

describe('files in a bucket reach a FIFO queue through EventBridge', () => {
  let aws: Emulator<ManualClock>;
  let s3: S3;

  beforeEach(async () => {
    aws = await Emulator.start({ clock: 'manual' });
    s3 = aws.client(S3);
  });

  afterEach(() => aws.stop());

  /** Receives and deletes whatever is in a queue. @returns the keys of the objects */
  async function keys(QueueUrl: string): Promise<string[]> {
    const sqs = aws.client(SQS);
    const found: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
      });
      if (Messages.length === 0) return found;
      for (const { Body = '', ReceiptHandle } of Messages) {
        found.push(JSON.parse(Body).detail.object.key);
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
      }
    }
  }

  const write = async (from: number, to: number): Promise<string[]> => {
    const names: string[] = [];
    for (let i = from; i < to; i++) {
      const Key = `orders-${i}.csv`;
      await s3.putObject({ Bucket: bucketName, Key, Body: 'x' });
      await s3.putObject({ Bucket: bucketName, Key: `orders-${i}.txt`, Body: 'x' });
      names.push(Key);
    }
    return names;
  };

  test('in the order in which they were written', async () => {
    const deployed = await aws.deploy(filesStack());
    const written = await write(0, 50);
    await aws.clock.settle();
    expect(await keys(deployed.output('QueueUrl'))).toEqual(written);
    expect(await keys(deployed.output('UndeliveredUrl'))).toEqual([]);
  });

  test('after an hour in which the queue took nothing, none lost', async () => {
    const deployed = await aws.deploy(filesStack());
    const end = aws.faults.throttleQueue({ operations: ['SendMessage'], probability: 1 });
    const written = await write(0, 20);
    await aws.clock.advance(Duration.hours(1));
    end();
    await aws.clock.advance(Duration.minutes(10));
    expect((await keys(deployed.output('QueueUrl'))).sort()).toEqual(written.sort());
    expect(await keys(deployed.output('UndeliveredUrl'))).toEqual([]);
  });
});
