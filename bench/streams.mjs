// CPU time that the server spends per record of a stream, over HTTP: put in and got out, beside kinesalite; through Firehose into
// objects; and how the cost of a record grows with the shards and with the consumers of one stream. Shards' limits apply: the
// load is spread so that it keeps below them.
import { Kinesis } from '@aws-sdk/client-kinesis';
import { S3 } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { emulator, kinesalite, withServers } from './lib/contestants.mjs';
import {
  getRecords,
  makeStreams,
  pause,
  putRecords,
  putToDelivery,
  putToGet,
  recordBytes,
  streamsClient,
} from './lib/kinesis-load.mjs';
import { median, percentile } from './lib/sqs-load.mjs';

const rounds = 3;
const shardsOfAll = 200;
const recordsPerShard = 200;

/** @returns what a record costs in both servers, and how that grows in this one */
export async function streams() {
  const servers = await withServers([emulator, kinesalite], async (started) => {
    const runs = [];
    for (const server of started) runs.push(await prepare(server));
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) for (const run of runs) await measure(run, round);
    for (const { client } of runs) client.close();
    return runs.map(({ server, put, got, latencies }) => ({
      server: server.name,
      putPerCpuSecond: Math.round(median(put)),
      gotPerCpuSecond: Math.round(median(got)),
      putToGetP99Ms: percentile(latencies, 0.99),
    }));
  });
  // Each on a process of its own: what one leaves in memory is no part of the next.
  return {
    recordBytes,
    servers,
    deliveredPerCpuSecond: await alone(delivered),
    shards: await alone(byShards),
    consumers: await alone(byConsumers),
  };
}

const alone = (use) => withServers([emulator], ([server]) => use(server));

async function prepare(server) {
  const client = streamsClient(server.port);
  const names = Array.from({ length: rounds + 1 }, (_, round) => `bench-${round}`);
  const shards = await makeStreams(client, names, shardsOfAll);
  return { server, client, shards, put: [], got: [], latencies: [] };
}

async function measure({ server, client, shards, put, got, latencies }, round) {
  const name = `bench-${round}`;
  const stream = { [name]: shards[name] };
  const costs = await putAndGet(server, client, stream, recordsPerShard);
  const waits = await putToGet(client, name, shards[name], 2);
  if (round === 0) return;
  put.push(1 / costs.put);
  got.push(1 / costs.got);
  latencies.push(...waits);
}

/** CPU seconds a record. */
async function putAndGet(server, client, shards, perShard) {
  const records = perShard * Object.values(shards).flat().length;
  const before = server.cpuSeconds();
  await putRecords(client, shards, perShard);
  const between = server.cpuSeconds();
  await getRecords(client, shards, perShard);
  return {
    put: (between - before) / records,
    got: (server.cpuSeconds() - between) / records,
  };
}

/** As many shards and records in a hundred streams of ten shards and in one of a thousand. */
async function byShards(server) {
  const client = streamsClient(server.port);
  const ratios = { put: [], got: [] };
  for (let round = 0; round <= rounds; round++) {
    const small = Array.from({ length: 100 }, (_, index) => `ten-${round}-${index}`);
    const of10 = await makeStreams(client, small, 10);
    const of1000 = await makeStreams(client, [`thousand-${round}`], 1_000);
    const few = await putAndGet(server, client, of10, 50);
    const many = await putAndGet(server, client, of1000, 50);
    for (const StreamName of [...small, `thousand-${round}`])
      await client.kinesis('DeleteStream', { StreamName });
    if (round === 0) continue;
    ratios.put.push(many.put / few.put);
    ratios.got.push(many.got / few.got);
  }
  client.close();
  return { putRatio: median(ratios.put), gotRatio: median(ratios.got) };
}

/** As many deliveries by enhanced fan-out to one consumer each of twenty streams and to twenty of one. */
async function byConsumers(server) {
  const client = streamsClient(server.port);
  const kinesis = new Kinesis({
    ...settings(server),
    // A subscription keeps its connection for five minutes, unless it is broken off.
    requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: false, maxSockets: 200 } }),
  });
  const ratios = [];
  for (let round = 0; round <= subscribingRounds; round++) {
    const twenty = Array.from({ length: 20 }, (_, index) => `one-${round}-${index}`);
    const apart = await subscribers(kinesis, client, twenty, 1);
    const together = await subscribers(kinesis, client, [`twenty-${round}`], 20);
    const few = await subscribeAll(server, kinesis, apart);
    const many = await subscribeAll(server, kinesis, together);
    if (round > 0) ratios.push(many / few);
  }
  client.close();
  kinesis.destroy();
  return { ratio: median(ratios) };
}

/** Registering twenty consumers takes half a minute, as on AWS. */
const subscribingRounds = 1;
const shardsToSubscribe = 5;
const recordsToSubscribe = 400;

/** Fills streams and registers consumers of each. */
async function subscribers(kinesis, client, names, consumers) {
  const shards = await makeStreams(client, names, shardsToSubscribe);
  await putRecords(client, shards, recordsToSubscribe);
  const subscriptions = [];
  for (const StreamName of names) {
    const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName });
    for (let index = 0; index < consumers; index++) {
      const { Consumer } = await registered(kinesis, StreamDescriptionSummary.StreamARN, index);
      for (const { id: ShardId } of shards[StreamName])
        subscriptions.push({ ConsumerARN: Consumer.ConsumerARN, ShardId });
    }
  }
  for (const { ConsumerARN } of subscriptions)
    while ((await consumerStatus(kinesis, ConsumerARN)) !== 'ACTIVE') await pause(100);
  return subscriptions;
}

/** AWS, too, lets only five consumers of a stream be in creation at once. */
async function registered(kinesis, StreamARN, index) {
  for (;;) {
    try {
      return await kinesis.registerStreamConsumer({ StreamARN, ConsumerName: `consumer-${index}` });
    } catch (error) {
      if (error.name !== 'LimitExceededException') throw error;
      await pause(100);
    }
  }
}

async function consumerStatus(kinesis, ConsumerARN) {
  const { ConsumerDescription } = await kinesis.describeStreamConsumer({ ConsumerARN });
  return ConsumerDescription.ConsumerStatus;
}

/** CPU seconds a delivery. */
async function subscribeAll(server, kinesis, subscriptions) {
  const before = server.cpuSeconds();
  await Promise.all(subscriptions.map((subscription) => receive(kinesis, subscription)));
  return (server.cpuSeconds() - before) / (subscriptions.length * recordsToSubscribe);
}

async function receive(kinesis, subscription) {
  const StartingPosition = { Type: 'TRIM_HORIZON' };
  const controller = new AbortController();
  const { EventStream } = await kinesis.subscribeToShard(
    { ...subscription, StartingPosition },
    { abortSignal: controller.signal },
  );
  let left = recordsToSubscribe;
  for await (const { SubscribeToShardEvent } of EventStream) {
    left -= SubscribeToShardEvent?.Records.length ?? 0;
    if (left <= 0) break;
  }
  controller.abort();
}

const deliveryStreams = 20;
const recordsPerDelivery = 20_000;

/** Records in objects per CPU second: direct put, a MiB an object. What stays in the buffers at the end does not count. */
async function delivered(server) {
  const client = streamsClient(server.port);
  const s3 = new S3({ ...settings(server), forcePathStyle: true });
  await s3.createBucket({ Bucket: 'bench' });
  const RoleARN = await deliveryRole(server);
  const names = Array.from({ length: deliveryStreams }, (_, index) => `bench-${index}`);
  for (const DeliveryStreamName of names)
    await client.firehose('CreateDeliveryStream', {
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        BucketARN: 'arn:aws:s3:::bench',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 300 },
      },
    });
  for (const DeliveryStreamName of names)
    while ((await deliveryStatus(client, DeliveryStreamName)) !== 'ACTIVE') await pause(100);
  const before = server.cpuSeconds();
  await putToDelivery(client, names, recordsPerDelivery);
  const whole = Math.floor((recordsPerDelivery * recordBytes) / 2 ** 20);
  let stored = await objects(s3);
  for (; stored.length < whole * deliveryStreams; stored = await objects(s3)) await pause(20);
  const cpu = server.cpuSeconds() - before;
  client.close();
  return Math.round(stored.reduce((sum, { Size }) => sum + Size, 0) / recordBytes / cpu);
}

async function deliveryStatus(client, DeliveryStreamName) {
  const { DeliveryStreamDescription } = await client.firehose('DescribeDeliveryStream', {
    DeliveryStreamName,
  });
  return DeliveryStreamDescription.DeliveryStreamStatus;
}

async function objects(s3) {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: 'bench' });
  return Contents;
}

async function deliveryRole(server) {
  const { IAM } = await import('@aws-sdk/client-iam');
  const iam = new IAM(settings(server));
  const statement = (rest) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] });
  await iam.createRole({
    RoleName: 'delivery',
    AssumeRolePolicyDocument: statement({
      Principal: { Service: 'firehose.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
  });
  await iam.putRolePolicy({
    RoleName: 'delivery',
    PolicyName: 'rights',
    PolicyDocument: statement({ Action: 's3:PutObject', Resource: '*' }),
  });
  return 'arn:aws:iam::000000000000:role/delivery';
}

function settings(server) {
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}
