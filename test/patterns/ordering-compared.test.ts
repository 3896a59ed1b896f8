import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { RequestThrottled, SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { StreamConsumer, WorkQueue } from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';

const SHARDS = 5;
const KEYS = 100;
const MEGABYTE = 1024 * 1024;

const keys = Array.from({ length: KEYS }, (_, i) => `truck-${i}`);

/** Takes a second for a batch, and writes down when that was and what was in it. */
const consumer = `
exports.handler = async ({ Records }) => {
  const from = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const records = Records.map(({ kinesis }) => [
    kinesis.partitionKey,
    Number(Buffer.from(kinesis.data, 'base64')),
  ]);
  const shard = Records[0].eventID.split(':')[0];
  console.log(JSON.stringify({ shard, from, to: Date.now(), records }));
};`;

interface Batch {
  readonly shard: string;
  readonly from: number;
  readonly to: number;
  readonly records: readonly (readonly [key: string, position: number])[];
}

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterEach(() => aws.stop());

function streamWithConsumer(): Stack {
  const stack = new Stack(new App(), 'Trucks');
  const stream = new kinesis.Stream(stack, 'Stream', {
    streamMode: kinesis.StreamMode.PROVISIONED,
    shardCount: SHARDS,
  });
  const logGroup = new logs.LogGroup(stack, 'Logs');
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(consumer),
    timeout: Duration.seconds(10),
    logGroup,
  });
  new StreamConsumer(stack, 'Consumer', { stream, function: fn, batchSize: 10 });
  new CfnOutput(stack, 'StreamName', { value: stream.streamName });
  new CfnOutput(stack, 'LogGroupName', { value: logGroup.logGroupName });
  return stack;
}

async function batchesOf(deployment: Deployment): Promise<Batch[]> {
  const client = aws.client(CloudWatchLogs);
  const batches: Batch[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.filterLogEvents({
      logGroupName: deployment.output('LogGroupName'),
      filterPattern: '"records"',
      nextToken,
    });
    for (const { message = '' } of page.events ?? [])
      batches.push(JSON.parse(message.slice(message.indexOf('{'))));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return batches;
}

/** How many of them went on at the same time, at most. */
function mostAtATime(batches: readonly Batch[]): number {
  return Math.max(
    ...batches.map(
      ({ from }) => batches.filter((other) => other.from <= from && from < other.to).length,
    ),
  );
}

test('a stream of 5 shards with 100 keys has 5 consumers at most, each key in its order', async () => {
  const deployment = await aws.deploy(streamWithConsumer());
  const rounds = 3;
  for (let round = 0; round < rounds; round += 1) {
    const { FailedRecordCount } = await aws.client(Kinesis).putRecords({
      StreamName: deployment.output('StreamName'),
      Records: keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(String(round)) })),
    });
    expect(FailedRecordCount).toBe(0);
  }
  await aws.clock.advance(Duration.minutes(1));

  const batches = await batchesOf(deployment);
  expect(mostAtATime(batches)).toBe(SHARDS);
  const positions = new Map<string, number[]>();
  const shards = new Map<string, Set<string>>();
  for (const { records, shard } of batches.sort((a, b) => a.from - b.from)) {
    for (const [key, position] of records) {
      positions.set(key, [...(positions.get(key) ?? []), position]);
      shards.set(key, (shards.get(key) ?? new Set()).add(shard));
    }
  }
  expect([...positions.keys()].sort()).toEqual([...keys].sort());
  expect([...positions.values()]).toEqual(keys.map(() => [0, 1, 2]));
  expect([...shards.values()].every((of) => of.size === 1)).toBe(true);
});

test('a stream of 5 shards takes 5 MB a second, and no more', async () => {
  const stack = new Stack(new App(), 'Trucks');
  const stream = new kinesis.Stream(stack, 'Stream', {
    streamMode: kinesis.StreamMode.PROVISIONED,
    shardCount: SHARDS,
  });
  new CfnOutput(stack, 'StreamName', { value: stream.streamName });
  const StreamName = (await aws.deploy(stack)).output('StreamName');
  const client = aws.client(Kinesis);
  const { Shards = [] } = await client.listShards({ StreamName });
  const ranges = Shards.map(({ HashKeyRange }) => HashKeyRange?.StartingHashKey);
  // Ten a second for each shard, of which eight fit: records of an eighth of a megabyte, the key included.
  const record = MEGABYTE / 8;
  const seconds = 10;

  let accepted = 0;
  for (let second = 0; second < seconds; second += 1) {
    for (let i = 0; i < 10; i += 1) {
      const { Records = [] } = await client.putRecords({
        StreamName,
        Records: ranges.map((ExplicitHashKey) => ({
          ExplicitHashKey,
          PartitionKey: 'k',
          Data: Buffer.alloc(record - 1),
        })),
      });
      accepted += Records.filter(({ ErrorCode }) => ErrorCode === undefined).length * record;
    }
    await aws.clock.advance(Duration.seconds(1));
  }

  expect(accepted / seconds).toBe(SHARDS * MEGABYTE);
});

async function fifoQueue(): Promise<string> {
  const stack = new Stack(new App(), 'Trucks');
  const { queue } = new WorkQueue(stack, 'Positions', {
    fifo: true,
    contentBasedDeduplication: true,
    visibilityTimeout: Duration.minutes(5),
  });
  new CfnOutput(stack, 'Queue', { value: queue.queueUrl });
  return (await aws.deploy(stack)).output('Queue');
}

test('one FIFO queue with 100 groups has 100 consumers at most, each group in its order', async () => {
  const QueueUrl = await fifoQueue();
  const sqs = aws.client(SQS);
  for (let round = 0; round < 3; round += 1) {
    for (const MessageGroupId of keys)
      await sqs.sendMessage({
        QueueUrl,
        MessageGroupId,
        MessageBody: `${MessageGroupId}:${round}`,
      });
  }
  const positions = new Map<string, string[]>();
  for (let round = 0; round < 3; round += 1) {
    const held: { readonly group: string; readonly handle?: string; readonly body?: string }[] = [];
    // One consumer more than there are groups.
    for (let i = 0; i <= KEYS; i += 1) {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['MessageGroupId'],
      });
      for (const { Attributes, Body, ReceiptHandle } of Messages)
        held.push({ group: Attributes?.MessageGroupId ?? '', handle: ReceiptHandle, body: Body });
    }
    expect(held).toHaveLength(KEYS);
    expect(new Set(held.map(({ group }) => group)).size).toBe(KEYS);
    for (const { body = '', group, handle } of held) {
      positions.set(group, [...(positions.get(group) ?? []), body]);
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle: handle });
    }
  }
  for (const key of keys) expect(positions.get(key)).toEqual([`${key}:0`, `${key}:1`, `${key}:2`]);
});

describe('one FIFO queue takes', () => {
  /** Sends until it is throttled. */
  async function acceptedInASecond(QueueUrl: string, batch: number): Promise<number> {
    const sqs = aws.client(SQS);
    let accepted = 0;
    for (let call = 0; call < 400; call += 1) {
      try {
        const Entries = Array.from({ length: batch }, (_, i) => ({
          Id: String(i),
          MessageBody: `${call}/${i}/${aws.clock.now()}`,
          MessageGroupId: keys[call % KEYS],
        }));
        if (batch === 1) {
          const [{ MessageBody, MessageGroupId } = { MessageBody: '', MessageGroupId: '' }] =
            Entries;
          await sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId });
        } else await sqs.sendMessageBatch({ QueueUrl, Entries });
        accepted += batch;
      } catch (error) {
        if (!(error instanceof RequestThrottled)) throw error;
      }
    }
    await aws.clock.advance(Duration.seconds(1));
    return accepted;
  }

  test.each([
    [300, 'one by one', 1],
    [3_000, 'in batches of ten', 10],
  ])('%i messages a second, %s', async (expected, _how, batch) => {
    const QueueUrl = await fifoQueue();
    aws.faults.fifoThroughput();

    expect(await acceptedInASecond(QueueUrl, batch)).toBe(expected);
    expect(await acceptedInASecond(QueueUrl, batch)).toBe(expected);
  });
});
