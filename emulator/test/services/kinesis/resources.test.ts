import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  ResourcePolicy,
  Stream,
  StreamConsumer,
  StreamEncryption,
  StreamMode,
  type StreamProps,
} from 'aws-cdk-lib/aws-kinesis';
import { KinesisBench, streamArn } from './support';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
});

afterEach(() => bench.stop());

function stackOf(props: StreamProps, tag = 'one'): Stack {
  const stack = new Stack(new App(), 'Streams', { tags: { tag } });
  const stream = new Stream(stack, 'Stream', { removalPolicy: RemovalPolicy.DESTROY, ...props });
  const streamConsumer = new StreamConsumer(stack, 'Consumer', {
    stream,
    streamConsumerName: 'billing',
  });
  for (const target of [{ stream }, { streamConsumer }])
    new ResourcePolicy(stack, 'stream' in target ? 'Policy' : 'ConsumerPolicy', {
      ...target,
    }).document.addStatements(
      new PolicyStatement({
        principals: [new AccountPrincipal('111122223333')],
        actions: ['kinesis:DescribeStreamSummary', 'kinesis:DescribeStreamConsumer'],
        resources: ['stream' in target ? stream.streamArn : streamConsumer.streamConsumerArn],
      }),
    );
  return stack;
}

test('a stream, its consumer and their policies are created, updated and deleted', async () => {
  await bench.aws.deploy(stackOf({ streamName: 'clicks', shardCount: 2 }));
  const summary = async () =>
    (await bench.kinesis.describeStreamSummary({ StreamName: 'clicks' })).StreamDescriptionSummary;
  expect(await summary()).toMatchObject({
    StreamStatus: 'ACTIVE',
    OpenShardCount: 2,
    ConsumerCount: 1,
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  });
  const policy = await bench.kinesis.getResourcePolicy({ ResourceARN: streamArn('clicks') });
  expect(policy.Policy).toContain('111122223333');
  await bench.put('clicks', 'a', 'kept');
  await bench.aws.deploy(
    stackOf(
      {
        streamName: 'clicks',
        shardCount: 4,
        retentionPeriod: Duration.days(7),
        encryption: StreamEncryption.UNENCRYPTED,
      },
      'two',
    ),
  );
  expect(await summary()).toMatchObject({
    OpenShardCount: 4,
    RetentionPeriodHours: 168,
    EncryptionType: 'NONE',
  });
  expect(await bench.texts('clicks')).toEqual(['kept']);
  const tags = await bench.kinesis.listTagsForStream({ StreamName: 'clicks' });
  expect(tags.Tags).toEqual([{ Key: 'tag', Value: 'two' }]);
  // Another name is another stream.
  await bench.aws.deploy(stackOf({ streamName: 'views', streamMode: StreamMode.ON_DEMAND }));
  const { StreamNames } = await bench.kinesis.listStreams({});
  expect(StreamNames).toEqual(['views']);
  await bench.aws.client(CloudFormation).deleteStack({ StackName: 'Streams' });
  await bench.aws.clock.settle();
  expect((await bench.kinesis.listStreams({})).StreamNames).toEqual([]);
});

test('the drift of a stream is detected', async () => {
  await bench.aws.deploy(stackOf({ streamName: 'clicks', shardCount: 1 }));
  const cloudFormation = bench.aws.client(CloudFormation);
  const drift = async () => {
    await cloudFormation.detectStackDrift({ StackName: 'Streams' });
    await bench.aws.clock.settle();
    const { StackResourceDrifts } = await cloudFormation.describeStackResourceDrifts({
      StackName: 'Streams',
    });
    return StackResourceDrifts?.filter(
      ({ StackResourceDriftStatus }) => StackResourceDriftStatus !== 'IN_SYNC',
    ).map(({ PropertyDifferences }) =>
      PropertyDifferences?.map(({ PropertyPath }) => PropertyPath),
    );
  };
  expect(await drift()).toEqual([]);
  await bench.kinesis.increaseStreamRetentionPeriod({
    StreamName: 'clicks',
    RetentionPeriodHours: 48,
  });
  expect(await drift()).toEqual([['/RetentionPeriodHours']]);
});

test('more than double the shards in one update fail, and are rolled back', async () => {
  await bench.aws.deploy(stackOf({ streamName: 'clicks', shardCount: 1 }));
  await expect(bench.aws.deploy(stackOf({ streamName: 'clicks', shardCount: 3 }))).rejects.toThrow(
    'UpdateShardCount cannot scale up over double your current open shard count',
  );
});
