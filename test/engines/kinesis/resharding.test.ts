import { Kinesis } from '@aws-sdk/client-kinesis';
import { App, Stack } from 'aws-cdk-lib';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { Observed } from '../../clients/observed';
import { classPathOf } from './java-library';
import { JavaProgram } from './java-program';
import { KplProducer, type KplProducerOptions } from './kpl-producer';

/** Fetched once on a machine: some 130 MB. */
const fetching = 600_000;

const StreamName = 'clicks';
const half = 2n ** 127n;
const everyHashKey = { StartingHashKey: '0', EndingHashKey: String(2n * half - 1n) };

let aws: Emulator<ManualClock>;
let kcl: string;
let kpl: string;
let producer: KplProducer;

beforeAll(async () => {
  kcl = await classPathOf('software.amazon.kinesis:amazon-kinesis-client:3.1.3');
  kpl = await classPathOf('software.amazon.kinesis:amazon-kinesis-producer:1.0.4');
}, fetching);

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const stack = new Stack(new App(), 'Clicks');
  new Stream(stack, 'Stream', { streamName: StreamName, shardCount: 1 });
  await aws.deploy(stack);
});

afterEach(async () => {
  await producer?.kill();
  await aws.stop();
});

/** With hash keys in the lower and in the upper half. */
const keys = ['low', 'high'];

/** What the stream holds, in the order of its shards. */
async function stored() {
  const kinesis = aws.client(Kinesis);
  const { Shards = [] } = await kinesis.listShards({ StreamName });
  const ofShards = await Promise.all(
    Shards.map(async ({ HashKeyRange = everyHashKey, ShardId }) => {
      const { ShardIterator } = await kinesis.getShardIterator({
        StreamName,
        ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      });
      const { Records = [] } = await kinesis.getRecords({ ShardIterator });
      return Records.map(({ Data = new Uint8Array(), PartitionKey }) => ({
        HashKeyRange,
        PartitionKey,
        data: Buffer.from(Data).toString('base64'),
      }));
    }),
  );
  return ofShards.flat();
}

type StoredRecord = Awaited<ReturnType<typeof stored>>[number];

/** What consumers with the Kinesis Client Library are given of records. */
async function consumed(records: readonly StoredRecord[]): Promise<string[]> {
  const answers = new Observed<string>();
  const consumer = new JavaProgram({
    source: 'KclRecords.java',
    classPath: kcl,
    arguments: [],
    environment: {},
    onLine: (line) => answers.add(line),
    onFailure: (reason) => answers.fail(reason),
  });
  for (const { HashKeyRange, PartitionKey, data } of records)
    consumer.writeLine(
      `${HashKeyRange.StartingHashKey} ${HashKeyRange.EndingHashKey} ${PartitionKey} ${data}`,
    );
  await consumer.end();
  return answers.events.flatMap((answer) => answer.split(' ')).filter((record) => record !== '');
}

async function startKpl(settings: KplProducerOptions['settings']): Promise<void> {
  const environment = await aws.environment();
  producer = new KplProducer({
    stream: StreamName,
    keys,
    certificateAuthorityFile: await aws.certificateAuthorityFile(),
    settings,
    classPath: kpl,
    environment: {
      ...environment,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: String(environment.AWS_ENDPOINT_URL).replace('http:', 'https:'),
    },
  });
}

/** Divides the shard between the two keys. */
async function split(): Promise<void> {
  await aws.client(Kinesis).splitShard({
    StreamName,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(half),
  });
  await aws.clock.advance(5000);
}

/**
 * KPL takes a user record for put if it went to a shard with its hash key, but KCL drops a record as a whole if one of
 * the user records in it belongs elsewhere. A record that was aggregated for a shard before its split and is put after
 * it loses those that came to the right one of the two, on AWS as here.
 *
 * @see https://github.com/awslabs/amazon-kinesis-producer/pull/576
 */
test('what KPL aggregates before a split and puts after it, it counts as put, and KCL drops', async () => {
  // Four user records go at once. Fewer wait for more to come, far longer than a request takes.
  await startKpl({
    AggregationMaxCount: '4',
    CollectionMaxCount: '1',
    RecordMaxBufferedTime: '4000',
  });
  // It aggregates once it knows the shards.
  await producer.put(2);
  await split();
  // Of these six, four go at once, to a shard that it does not know: it lists the shards, and puts them again. The two others
  // then go to a shard that it knows, which is that of one of them.
  await producer.put(3);
  await producer.end();
  const records = await stored();
  const once = ['high0', 'high1', 'high2', 'high3', 'high4', 'low0', 'low1', 'low2', 'low3'];
  expect((await consumed(records)).toSorted()).toEqual(once);
  // A consumer that has not listed the shards since drops nothing, and is given twice what was put again.
  const everywhere = records.map((record) => ({ ...record, HashKeyRange: everyHashKey }));
  expect((await consumed(everywhere)).toSorted()).toEqual(
    [...once, 'low4', 'high2', 'high3', 'high4', 'low2', 'low3'].toSorted(),
  );
}, 60_000);

test('what KPL puts without aggregation comes once, through a split, too', async () => {
  await startKpl({ AggregationEnabled: 'false' });
  await producer.put(2);
  await split();
  await producer.put(3);
  await producer.end();
  expect((await consumed(await stored())).toSorted()).toEqual(
    keys.flatMap((key) => [0, 1, 2, 3, 4].map((number) => `${key}${number}`)).toSorted(),
  );
}, 60_000);
