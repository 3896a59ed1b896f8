import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { STS } from '@aws-sdk/client-sts';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { Observed } from '../observed';

const StreamName = 'clicks';
/** How many times as fast as real time emulator and consumers run. */
const rate = 10;
/** After so much the library takes a consumer for gone that it has not heard of: milliseconds. */
const gone = 40_000;
const keys = Array.from({ length: 12 }, (_, index) => `visitor-${index}`);

/** A record, and who read it. */
interface Read {
  readonly consumer: string;
  readonly shard: string;
  readonly key: string;
  readonly number: number;
}

let aws: Emulator;
let deployment: Deployment;
let read: Observed<Read>;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  aws = await Emulator.start({ clock: { rate } });
  read = new Observed();
  const stack = new Stack(new App(), 'Clicks');
  const stream = new Stream(stack, 'Stream', { streamName: StreamName, shardCount: 2 });
  const state = new Table(stack, 'State', {
    tableName: 'lifion-kinesis-state',
    partitionKey: { name: 'consumerGroup', type: AttributeType.STRING },
    sortKey: { name: 'streamName', type: AttributeType.STRING },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() });
  stream.grantRead(role);
  state.grantReadWriteData(role);
  new CfnOutput(stack, 'Role', { value: role.roleArn });
  deployment = await aws.deploy(stack);
});

afterEach(async () => {
  await Promise.all(processes.map(kill));
  await aws.stop();
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Starts a process with these consumers of the group, which reads as the role. */
async function startConsumers(names: readonly string[], ahead = 0): Promise<ChildProcess> {
  const { Credentials } = await aws
    .client(STS)
    .assumeRole({ RoleArn: deployment.output('Role'), RoleSessionName: 'test' });
  const child = fork(
    join(__dirname, 'consumers.mjs'),
    [StreamName, 'counter', String(rate), String(ahead)],
    {
      execArgv: [],
      env: {
        AWS_ENDPOINT_URL: await aws.endpoint(),
        AWS_REGION: aws.region,
        AWS_ACCESS_KEY_ID: String(Credentials?.AccessKeyId),
        AWS_SECRET_ACCESS_KEY: String(Credentials?.SecretAccessKey),
        AWS_SESSION_TOKEN: String(Credentials?.SessionToken),
        AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
      },
    },
  );
  processes.push(child);
  child.on('message', (message: Read) => read.add(message));
  child.on('exit', (code) => {
    if (code !== null) read.fail(new Error(`the consumers ended with ${code}`));
  });
  for (const name of names) child.send(name);
  return child;
}

let put = 0;

/** Puts so many more records of each key. */
async function putEach(count: number): Promise<void> {
  for (const end = put + count; put < end; put += 1) {
    const Records = keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(String(put)) }));
    const { FailedRecordCount } = await aws.client(Kinesis).putRecords({ StreamName, Records });
    expect(FailedRecordCount).toBe(0);
  }
}

/** Divides the first shard, and goes on to put meanwhile. */
async function putThroughSplit(): Promise<void> {
  const kinesis = aws.client(Kinesis);
  await kinesis.splitShard({
    StreamName,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(2n ** 126n),
  });
  const isBeingSplit = async () =>
    (await kinesis.describeStreamSummary({ StreamName })).StreamDescriptionSummary?.StreamStatus ===
    'UPDATING';
  while (await isBeingSplit()) {
    await putEach(1);
    // Calls in this process alone would leave the clock no time.
    await setImmediate();
  }
}

const allRead = () => read.until(({ length }) => length >= put * keys.length);

test('a group of consumers with lifion-kinesis reads each record once and in order, through a split and after a crash', async () => {
  const first = await startConsumers(['one', 'two']);
  await putEach(20);
  await allRead();
  await putThroughSplit();
  await putEach(20);
  await allRead();
  // They share the shards.
  expect(new Set(read.events.map(({ consumer }) => consumer)).size).toBe(2);

  await kill(first);
  await putEach(20);
  await startConsumers(['three'], gone * 2);
  await allRead();
  const all = Array.from({ length: put }, (_, number) => number);
  for (const key of keys) {
    const numbers = read.events.filter((record) => record.key === key).map(({ number }) => number);
    expect([key, numbers]).toEqual([key, all]);
  }
  expect(aws.iam.denials().decisions).toEqual([]);
});
