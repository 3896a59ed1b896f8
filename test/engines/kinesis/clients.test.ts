import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { STS } from '@aws-sdk/client-sts';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { KclApplication, ProducerGrants } from 'cdk-decouple';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { classPathOf, trustStoreOf } from './java-library';
import { KclWorkers, type WorkerEvent } from './kcl-workers';
import { KplProducer } from './kpl-producer';

/** Fetched once on a machine: some 130 MB. */
const fetching = 600_000;
/** KCL waits up to half a minute before its first worker makes the leases, and as long before others take those of one that has gone. */
const consuming = 240_000;

const StreamName = 'clicks';
/** Of the two shards, the first ends here, and is split at half of that. */
const firstShardEnd = 2n ** 127n;
const splitAt = firstShardEnd / 2n;
const keysOf = (producer: string) =>
  Array.from({ length: 16 }, (_, index) => `${producer}-${index}`);
const sdkKeys = keysOf('sdk').slice(0, 8);
const sharedKeys = keysOf('shared');
/**
 * None of them in the lower part of the shard that is split: what KPL aggregates before the split and puts after it may be
 * dropped by KCL otherwise, as `resharding.test.ts` shows.
 */
const kplKeys = keysOf('kpl').filter((key) => hashKeyOf(key) >= splitAt);

function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

let aws: Emulator;
let deployment: Deployment;
let directory: string;
let kcl: string;
let kpl: string;
let trustStore: string;
const running: { kill(): Promise<void> }[] = [];

beforeAll(async () => {
  kcl = await classPathOf('software.amazon.kinesis:amazon-kinesis-client:3.1.3');
  kpl = await classPathOf('software.amazon.kinesis:amazon-kinesis-producer:1.0.4');
  directory = await mkdtemp(join(tmpdir(), 'kinesis-clients-'));
  // KCL measures time by itself.
  aws = await Emulator.start();
  trustStore = await trustStoreOf(await aws.certificateAuthorityFile(), directory);
  deployment = await aws.deploy(clicks());
}, fetching);

afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.kill()));
});

afterAll(async () => {
  await aws.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A stream, applications that read it, and a producer, each with the rights that the constructs give and no more. */
function clicks(): Stack {
  const stack = new Stack(new App(), 'Clicks');
  const stream = new Stream(stack, 'Stream', { streamName: StreamName, shardCount: 2 });
  const role = (id: string) => {
    const made = new Role(stack, id, { assumedBy: new AccountRootPrincipal() });
    new CfnOutput(stack, `${id}Role`, { value: made.roleArn });
    return made;
  };
  const application = (id: string, enhancedFanOut: boolean) =>
    new KclApplication(stack, `${id}Application`, {
      stream,
      applicationName: id.toLowerCase(),
      enhancedFanOut,
      removalPolicy: RemovalPolicy.DESTROY,
    }).grantRun(role(id));
  ProducerGrants.kpl(stream, role('Producer'));
  application('Polling', false);
  application('Pushed', true);
  application('Shared', false);
  return stack;
}

/** The environment of a process that acts as a role, over TLS. */
async function environmentOf(role: string): Promise<Record<string, string>> {
  const { Credentials } = await aws.client(STS).assumeRole({
    RoleArn: deployment.output(`${role}Role`),
    RoleSessionName: 'test',
  });
  const environment = await aws.environment();
  return {
    AWS_REGION: aws.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: String(environment.AWS_ENDPOINT_URL).replace('http:', 'https:'),
    AWS_ACCESS_KEY_ID: String(Credentials?.AccessKeyId),
    AWS_SECRET_ACCESS_KEY: String(Credentials?.SecretAccessKey),
    AWS_SESSION_TOKEN: String(Credentials?.SessionToken),
  };
}

async function workersOf(role: 'Polling' | 'Pushed' | 'Shared'): Promise<KclWorkers> {
  const workers = new KclWorkers({
    stream: StreamName,
    application: role.toLowerCase(),
    retrieval: role === 'Pushed' ? 'fan-out' : 'polling',
    classPath: kcl,
    environment: await environmentOf(role),
    properties: [
      `javax.net.ssl.trustStore=${trustStore}`,
      'javax.net.ssl.trustStorePassword=changeit',
    ],
  });
  running.push(workers);
  return workers;
}

async function startKpl(): Promise<KplProducer> {
  const producer = new KplProducer({
    stream: StreamName,
    keys: kplKeys,
    certificateAuthorityFile: await aws.certificateAuthorityFile(),
    classPath: kpl,
    environment: await environmentOf('Producer'),
  });
  running.push(producer);
  // It aggregates once it knows the shards.
  await producer.put(1);
  return producer;
}

/** Puts a record of each key for each of these numbers. */
async function putWithSdk(keys: readonly string[], first: number, each: number): Promise<void> {
  for (let number = first; number < first + each; number += 1) {
    const Records = keys.map((PartitionKey) => ({
      PartitionKey,
      Data: Buffer.from(String(number)),
    }));
    const { FailedRecordCount } = await aws.client(Kinesis).putRecords({ StreamName, Records });
    expect(FailedRecordCount).toBe(0);
  }
}

/** Starts to divide the first shard. */
async function split(): Promise<void> {
  await aws.client(Kinesis).splitShard({
    StreamName,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(splitAt),
  });
}

async function isBeingSplit(): Promise<boolean> {
  const { StreamDescriptionSummary } = await aws
    .client(Kinesis)
    .describeStreamSummary({ StreamName });
  return StreamDescriptionSummary?.StreamStatus === 'UPDATING';
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Whether each of these keys has come with so many numbers. */
const hasEach = (keys: readonly string[], count: number) => (events: readonly WorkerEvent[]) => {
  const seen = new Set(events.map(({ key, number }) => `${key} ${number}`));
  return keys.every((key) => upTo(count).every((number) => seen.has(`${key} ${number}`)));
};

/** When workers were first told something of a shard. */
const placeOf = (events: readonly WorkerEvent[], kind: string, shard: string) =>
  events.findIndex((event) => event.kind === kind && event.shard === shard);

test(
  'KCL consumes what KPL and PutRecords put, polling and pushed, also through a split',
  async () => {
    const polling = await workersOf('Polling');
    const pushed = await workersOf('Pushed');
    polling.start('polling-worker');
    pushed.start('pushed-worker');
    const producer = await startKpl();
    await Promise.all([producer.put(49), putWithSdk(sdkKeys, 0, 50)]);
    // Far fewer than were put: KPL put many into one.
    expect(aws.journal.hops({ kind: 'published' }).length).toBeLessThan(600);
    for (const application of [polling, pushed]) {
      await application.until(hasEach(sdkKeys, 50));
      await application.until(hasEach(kplKeys, 50));
    }

    await split();
    while (await isBeingSplit()) await producer.put(20);
    await Promise.all([producer.put(50), putWithSdk(sdkKeys, 50, 50)]);
    await producer.end();
    for (const application of [polling, pushed]) {
      await application.until(hasEach(sdkKeys, 100));
      // Some of them twice: KPL puts again what came to a shard that it did not know, and KCL drops that only once it knows it, too.
      // KPL has several requests under way at once, and no order among them.
      await application.until(hasEach(kplKeys, producer.each));
      const { events, numbers } = application;
      for (const key of sdkKeys) expect([key, numbers.get(key)]).toEqual([key, upTo(100)]);
      for (const key of kplKeys)
        expect([key, Math.max(...(numbers.get(key) ?? []))]).toEqual([key, producer.each - 1]);
      const parentEnded = placeOf(events, 'ended', 'shardId-000000000000');
      for (const child of ['shardId-000000000002', 'shardId-000000000003'])
        expect(placeOf(events, 'initialized', child)).toBeGreaterThan(parentEnded);
    }
    expect(aws.iam.denials().decisions).toEqual([]);
    for (const Namespace of ['polling', 'pushed']) {
      const { Metrics = [] } = await aws.client(CloudWatch).listMetrics({ Namespace });
      expect([Namespace, Metrics.length > 0]).toEqual([Namespace, true]);
    }
  },
  consuming,
);

/**
 * Where KCL learns nothing of its machines' processors, it divides shards by what comes through them: of those through
 * which nothing comes, a second worker is given none.
 */
test(
  'a second worker of a KCL application is given shards, and all of them when the first shuts down',
  async () => {
    const workers = await workersOf('Shared');
    let put = 0;
    const putAndRead = async () => {
      await putWithSdk(sharedKeys, put, 5);
      put += 5;
      await workers.until(hasEach(sharedKeys, put));
    };
    const hasRead = (worker: string) =>
      workers.events.some((event) => event.worker === worker && event.kind === 'record');

    const first = workers.start('first');
    await putAndRead();
    workers.start('second');
    while (!hasRead('second')) await putAndRead();
    // With polling it waits for the failover time, ten seconds here: its reader has nobody to give to any more, and stops only then.
    await first.end();
    await putAndRead();
    const lastRead = workers.events.filter(
      ({ key, number }) => sharedKeys.includes(key) && number >= put - 5,
    );
    expect(new Set(lastRead.map(({ worker }) => worker))).toEqual(new Set(['second']));
  },
  consuming,
);
