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
import { JavaProgram } from './java-program';
import { KclWorkers, type WorkerEvent } from './kcl-workers';
import { Observed } from './observed';

/** Fetched once on a machine: some 130 MB. */
const fetching = 600_000;
/** KCL waits up to half a minute before its first worker makes the leases. */
const consuming = 240_000;

const StreamName = 'clicks';
const keysOf = (producer: string) =>
  Array.from({ length: 8 }, (_, index) => `${producer}-${index}`);
const sdkKeys = keysOf('sdk');
const kplKeys = keysOf('kpl');

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

afterAll(async () => {
  await Promise.all(running.map((process) => process.kill()));
  await aws.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A stream, two applications that read it, and a producer, each with the rights that the constructs give and no more. */
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

async function workersOf(role: 'Polling' | 'Pushed'): Promise<KclWorkers> {
  const workers = new KclWorkers({
    stream: StreamName,
    application: role.toLowerCase(),
    retrieval: role === 'Polling' ? 'polling' : 'fan-out',
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

/** Puts so many records of each key with the Kinesis Producer Library. */
async function putWithKpl(each: number): Promise<void> {
  const answers = new Observed<string>();
  const producer = new JavaProgram({
    source: 'KplProducer.java',
    classPath: kpl,
    arguments: [StreamName, await aws.certificateAuthorityFile(), kplKeys.join()],
    environment: await environmentOf('Producer'),
    onLine: (line) => answers.add(line),
  });
  running.push(producer);
  // It aggregates once it knows the shards.
  producer.writeLine('0 1');
  await answers.until(({ length }) => length === 1);
  producer.writeLine(`1 ${each - 1}`);
  await producer.end();
  expect(answers.events).toEqual([`put ${kplKeys.length}`, `put ${kplKeys.length * (each - 1)}`]);
}

/** Puts a record of each key for each of these numbers. */
async function putWithSdk(first: number, each: number): Promise<void> {
  for (let number = first; number < first + each; number += 1) {
    const Records = sdkKeys.map((PartitionKey) => ({
      PartitionKey,
      Data: Buffer.from(String(number)),
    }));
    const { FailedRecordCount } = await aws.client(Kinesis).putRecords({ StreamName, Records });
    expect(FailedRecordCount).toBe(0);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);
const hasRecords = (count: number) => (events: readonly WorkerEvent[]) =>
  events.filter(({ kind }) => kind === 'record').length >= count;

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
    await Promise.all([putWithKpl(50), putWithSdk(0, 50)]);
    // Fewer than 800: KPL put many into one.
    expect(aws.journal.hops({ kind: 'published' }).length).toBeLessThan(500);
    for (const application of [polling, pushed]) await application.until(hasRecords(800));

    await aws.client(Kinesis).splitShard({
      StreamName,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: String(2n ** 126n),
    });
    await putWithSdk(50, 50);
    for (const application of [polling, pushed])
      await application.until((events) =>
        ['2', '3'].every(
          (index) => placeOf(events, 'initialized', `shardId-00000000000${index}`) > 0,
        ),
      );
    for (const application of [polling, pushed]) {
      await application.until(hasRecords(1200));
      const { events, numbers } = application;
      for (const key of sdkKeys) expect([key, numbers.get(key)]).toEqual([key, upTo(100)]);
      // KPL has several requests under way at once, and no order among them.
      for (const key of kplKeys)
        expect(numbers.get(key)?.toSorted((a, b) => a - b)).toEqual(upTo(50));
      const parentEnded = placeOf(events, 'ended', 'shardId-000000000000');
      for (const child of ['shardId-000000000002', 'shardId-000000000003'])
        expect(placeOf(events, 'initialized', child)).toBeGreaterThan(parentEnded);
    }
    expect(aws.iam.denials().decisions).toEqual([]);
    // KPL publishes its own once a minute, and has ended before.
    for (const Namespace of ['polling', 'pushed']) {
      const { Metrics = [] } = await aws.client(CloudWatch).listMetrics({ Namespace });
      expect([Namespace, Metrics.length > 0]).toEqual([Namespace, true]);
    }
  },
  consuming,
);
