import {
  Kinesis,
  type StartingPosition,
  type SubscribeToShardEvent,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { KinesisBench, shardId, streamArn, textsOf, transition } from './support';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
});

afterEach(() => bench.stop());

async function register(ConsumerName = 'billing'): Promise<string> {
  const { Consumer } = await bench.kinesis.registerStreamConsumer({
    StreamARN: streamArn('clicks'),
    ConsumerName,
  });
  await bench.settle();
  return Consumer?.ConsumerARN ?? '';
}

/** Collects what a subscription sends until it ends. */
class Subscriber {
  readonly events: SubscribeToShardEvent[] = [];
  readonly done: Promise<void>;

  constructor(stream: AsyncIterable<SubscribeToShardEventStream> | undefined) {
    this.done = this.collect(stream);
  }

  get texts(): string[] {
    return this.events.flatMap(({ Records }) => textsOf(Records));
  }

  private async collect(stream?: AsyncIterable<SubscribeToShardEventStream>): Promise<void> {
    for await (const { SubscribeToShardEvent } of stream ?? [])
      if (SubscribeToShardEvent) this.events.push(SubscribeToShardEvent);
  }
}

async function subscribe(
  ConsumerARN: string,
  position: StartingPosition = { Type: 'TRIM_HORIZON' },
  kinesis = bench.kinesis,
): Promise<Subscriber> {
  const { EventStream } = await kinesis.subscribeToShard({
    ConsumerARN,
    ShardId: shardId(0),
    StartingPosition: position,
  });
  return new Subscriber(EventStream);
}

test('consumers are registered, described, listed and deregistered', async () => {
  const { kinesis } = bench;
  await bench.stream('clicks');
  const StreamARN = streamArn('clicks');
  const { Consumer } = await kinesis.registerStreamConsumer({ StreamARN, ConsumerName: 'billing' });
  const created = Math.floor(bench.aws.clock.now() / 1000);
  expect(Consumer).toMatchObject({
    ConsumerARN: `${StreamARN}/consumer/billing:${created}`,
    ConsumerStatus: 'CREATING',
  });
  await expect(
    kinesis.registerStreamConsumer({ StreamARN, ConsumerName: 'billing' }),
  ).rejects.toMatchObject({ name: 'ResourceInUseException' });
  await bench.settle();
  const described = await kinesis.describeStreamConsumer({ StreamARN, ConsumerName: 'billing' });
  expect(described.ConsumerDescription).toMatchObject({ ConsumerStatus: 'ACTIVE', StreamARN });
  expect((await kinesis.listStreamConsumers({ StreamARN })).Consumers).toHaveLength(1);
  await kinesis.deregisterStreamConsumer({ ConsumerARN: Consumer?.ConsumerARN });
  await bench.settle();
  expect((await kinesis.listStreamConsumers({ StreamARN })).Consumers).toEqual([]);
});

test('a stream takes 20 consumers', async () => {
  await bench.stream('clicks');
  for (let index = 0; index < 20; index += 1) await register(`consumer-${index}`);
  await expect(register('one-more')).rejects.toMatchObject({ name: 'LimitExceededException' });
});

test('records are pushed as they come, for five minutes', async () => {
  await bench.stream('clicks');
  const arn = await register();
  await bench.put('clicks', 'a', 'before');
  const subscriber = await subscribe(arn);
  await bench.aws.clock.settle();
  await bench.put('clicks', 'a', 'after');
  await bench.aws.clock.advance(300_000);
  await subscriber.done;
  expect(subscriber.texts).toEqual(['before', 'after']);
  expect(subscriber.events[0]).toMatchObject({ MillisBehindLatest: 0 });
  const last = subscriber.events.at(-1)?.ContinuationSequenceNumber;
  await bench.put('clicks', 'a', 'later');
  const again = await subscribe(arn, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last });
  await bench.aws.clock.advance(300_000);
  await again.done;
  expect(again.texts).toEqual(['later']);
});

test('the same over HTTP/2', async () => {
  await bench.stream('clicks');
  const arn = await register();
  const client = new Kinesis({
    region: 'us-east-1',
    endpoint: await bench.aws.endpoint(),
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'x' },
  });
  const subscriber = await subscribe(arn, { Type: 'LATEST' }, client);
  await bench.put('clicks', 'a', 'one');
  await bench.put('clicks', 'a', 'two');
  await bench.aws.clock.advance(300_000);
  await subscriber.done;
  expect(subscriber.texts).toEqual(['one', 'two']);
  client.destroy();
});

test('a subscription ends with its shard, and names the children', async () => {
  await bench.stream('clicks');
  const subscriber = await subscribe(await register());
  await bench.kinesis.splitShard({
    StreamName: 'clicks',
    ShardToSplit: shardId(0),
    NewStartingHashKey: String(2n ** 127n),
  });
  await bench.put('clicks', 'a', 'last');
  await bench.aws.clock.advance(transition + 1);
  await subscriber.done;
  expect(subscriber.texts).toEqual(['last']);
  const last = subscriber.events.at(-1);
  expect(last?.ChildShards?.map(({ ShardId }) => ShardId)).toEqual([shardId(1), shardId(2)]);
  expect(last?.ContinuationSequenceNumber).toBeUndefined();
});

test('a second subscription takes over after five seconds, and not before', async () => {
  await bench.stream('clicks');
  const arn = await register();
  const first = await subscribe(arn);
  await bench.aws.clock.advance(4999);
  await expect(subscribe(arn)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  await bench.aws.clock.advance(1);
  const second = await subscribe(arn);
  await first.done;
  await bench.put('clicks', 'a', 'one');
  await bench.aws.clock.advance(300_000);
  await second.done;
  expect(first.texts).toEqual([]);
  expect(second.texts).toEqual(['one']);
});
