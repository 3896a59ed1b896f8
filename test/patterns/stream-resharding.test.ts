import { Kinesis } from '@aws-sdk/client-kinesis';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Stream, StreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { PollingReader, PushedReader } from './stream-readers';

const StreamName = 'clicks';

/** A stream of two shards with a function that tells a queue what it sees, and a consumer with enhanced fan-out. */
function stackOf(): Stack {
  const stack = new Stack(new App(), 'Readers');
  const stream = new Stream(stack, 'Stream', { streamName: StreamName, shardCount: 2 });
  const seen = new Queue(stack, 'Seen', { fifo: true });
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_20_X,
    handler: 'index.handler',
    environment: { QUEUE_URL: seen.queueUrl },
    code: lambda.Code.fromInline(`
const { SQS } = require('@aws-sdk/client-sqs');
const sqs = new SQS({});
exports.handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  await sqs.sendMessage({
    QueueUrl: process.env.QUEUE_URL,
    MessageBody: JSON.stringify(texts),
    MessageGroupId: 'all',
    MessageDeduplicationId: Records[0].eventID,
  });
};`),
  });
  seen.grantSendMessages(fn);
  fn.addEventSource(
    new KinesisEventSource(stream, { startingPosition: lambda.StartingPosition.TRIM_HORIZON }),
  );
  const consumer = new StreamConsumer(stack, 'Consumer', {
    stream,
    streamConsumerName: 'pushed',
  });
  new CfnOutput(stack, 'ConsumerArn', { value: consumer.streamConsumerArn });
  new CfnOutput(stack, 'SeenUrl', { value: seen.queueUrl });
  return stack;
}

let aws: Emulator<ManualClock>;
let kinesis: Kinesis;
let deployment: Deployment;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  kinesis = aws.client(Kinesis);
  deployment = await aws.deploy(stackOf());
});
afterEach(() => aws.stop());

const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);

/** Puts the next record of each key. */
async function putRound(number: number): Promise<void> {
  const { FailedRecordCount } = await kinesis.putRecords({
    StreamName,
    Records: keys.map((key) => ({ PartitionKey: key, Data: Buffer.from(`${key}:${number}`) })),
  });
  expect(FailedRecordCount).toBe(0);
}

/** Splits every shard in two, or merges every two neighbours. */
function scaleTo(TargetShardCount: number) {
  return kinesis.updateShardCount({
    StreamName,
    TargetShardCount,
    ScalingType: 'UNIFORM_SCALING',
  });
}

/** Each key's numbers, in the order in which a reader saw them. */
function numbersOf(texts: readonly string[]): Record<string, number[]> {
  const numbers: Record<string, number[]> = Object.fromEntries(keys.map((key) => [key, []]));
  for (const text of texts) {
    const [key = '', number] = text.split(':');
    numbers[key]?.push(Number(number));
  }
  return numbers;
}

test('a function, a consumer with enhanced fan-out and one that polls each see every record once and in order while shards are split and merged', async () => {
  const polling = new PollingReader(kinesis, StreamName);
  const pushed = new PushedReader(kinesis, StreamName, deployment.output('ConsumerArn'));
  await polling.begin();
  await pushed.begin();
  let round = 0;
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second++) {
      await putRound(round++);
      await aws.clock.advance(Duration.seconds(1));
      await polling.poll();
    }
  };
  await seconds(5);
  // A change takes five seconds, in which records keep coming.
  for (const shards of [4, 8, 4, 3]) {
    await scaleTo(shards);
    await seconds(10);
  }
  for (let second = 0; second < 10; second++) {
    await aws.clock.advance(Duration.seconds(1));
    await polling.poll();
  }
  const { OpenShardCount } =
    (await kinesis.describeStreamSummary({ StreamName })).StreamDescriptionSummary ?? {};
  expect(OpenShardCount).toBe(3);
  const bodies: string[] = [];
  const sqs = aws.client(SQS);
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: deployment.output('SeenUrl'),
      MaxNumberOfMessages: 10,
    });
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.deleteMessage({ QueueUrl: deployment.output('SeenUrl'), ReceiptHandle });
    }
  }
  const byFunction = bodies.flatMap((body): string[] => JSON.parse(body));
  const expected = Object.fromEntries(
    keys.map((key) => [key, Array.from({ length: round }, (_, number) => number)]),
  );
  expect(numbersOf(polling.texts)).toEqual(expected);
  expect(numbersOf(pushed.texts)).toEqual(expected);
  expect(numbersOf(byFunction)).toEqual(expected);
  await kinesis.deleteStream({ StreamName, EnforceConsumerDeletion: true });
  await pushed.end(aws.clock);
});
