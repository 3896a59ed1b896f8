import { CertificateAuthority } from '../../src/gateway/certificate-authority';
import { ServerProcess } from '../cli/server-process';
import { AwsCli, AwsCliError } from './aws-cli';

/** Each call of the CLI starts a Python process. */
const longEnough = 120_000;

let server: ServerProcess;
let caFile: string;

beforeAll(async () => {
  server = await ServerProcess.start('--clock', 'manual');
  caFile = await new CertificateAuthority().caFile();
}, longEnough);

afterAll(() => server.stop());

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
}

/** What the answers of the operations that are called here have. */
interface Answer {
  readonly StreamDescriptionSummary: Readonly<Record<string, unknown>>;
  readonly StreamDescription: {
    readonly StreamStatus: string;
    readonly Shards: readonly Shard[];
  };
  readonly StreamNames: readonly string[];
  readonly Shards: readonly Shard[];
  readonly ShardId: string;
  readonly SequenceNumber: string;
  readonly FailedRecordCount: number;
  readonly ShardIterator: string;
  readonly NextShardIterator: string;
  readonly MillisBehindLatest: number;
  readonly Records: readonly {
    readonly ShardId: string;
    readonly Data: string;
    readonly PartitionKey: string;
    readonly ApproximateArrivalTimestamp: string | number;
  }[];
  readonly Consumer: { readonly ConsumerARN: string };
  readonly ConsumerDescription: { readonly ConsumerStatus: string };
  readonly Consumers: readonly { readonly ConsumerName: string }[];
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly Policy: string;
}

/** Lets a change of a stream be done. */
async function settle(): Promise<void> {
  const answer = await fetch(`${server.endpoint}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: 5000 }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Exit codes where a service answered an error: of version 2 and of version 1. */
const serviceErrors = [254, 255];

const shardId = (index: number) => `shardId-${String(index).padStart(12, '0')}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Version 1 sends blobs as they are given, version 2 takes them as base64; both print base64. */
const given = (printed: string | undefined) => {
  const text = Buffer.from(printed ?? '', 'base64').toString();
  return [text, Buffer.from(text, 'base64').toString()];
};

describe.each(['http', 'tls'] as const)('the AWS CLI over %s', (transport) => {
  const kinesis = (operation: string, options?: Readonly<Record<string, unknown>>) =>
    new AwsCli<Answer>(
      transport === 'tls' ? server.tlsEndpoint : server.endpoint,
      'kinesis',
      transport === 'tls' ? caFile : undefined,
    ).run(operation, options);
  const arnOf = (name: string) =>
    `arn:aws:kinesis:eu-west-1:111122223333:stream/${transport}-${name}`;
  const create = async (name: string, shards = 1) => {
    const stream = { 'stream-name': `${transport}-${name}` };
    await kinesis('create-stream', { ...stream, 'shard-count': shards });
    await settle();
    return stream;
  };

  test(
    'creates, describes, lists, tags, shares and deletes streams',
    async () => {
      const stream = await create('clicks', 2);
      const arn = { 'resource-arn': arnOf('clicks') };
      expect((await kinesis('describe-stream-summary', stream)).StreamDescriptionSummary).toEqual(
        expect.objectContaining({
          StreamARN: arnOf('clicks'),
          StreamStatus: 'ACTIVE',
          StreamModeDetails: { StreamMode: 'PROVISIONED' },
          RetentionPeriodHours: 24,
          EncryptionType: 'NONE',
          OpenShardCount: 2,
          ConsumerCount: 0,
        }),
      );
      expect((await kinesis('list-streams')).StreamNames).toContain(`${transport}-clicks`);
      await kinesis('increase-stream-retention-period', {
        ...stream,
        'retention-period-hours': 48,
      });
      await settle();
      await kinesis('add-tags-to-stream', { ...stream, tags: 'team=orders,cost=4711' });
      await kinesis('remove-tags-from-stream', { ...stream, 'tag-keys': 'cost' });
      expect((await kinesis('list-tags-for-stream', stream)).Tags).toEqual([
        { Key: 'team', Value: 'orders' },
      ]);
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::444455556666:root' },
            Action: ['kinesis:DescribeStreamSummary', 'kinesis:GetRecords'],
            Resource: arnOf('clicks'),
          },
        ],
      };
      await kinesis('put-resource-policy', { ...arn, policy });
      const { Policy = '' } = await kinesis('get-resource-policy', arn);
      expect(JSON.parse(Policy)).toEqual(policy);
      await kinesis('delete-resource-policy', arn);
      await kinesis('delete-stream', stream);
      await settle();
      await expect(kinesis('describe-stream', stream)).rejects.toThrow(
        `An error occurred (ResourceNotFoundException) when calling the DescribeStream operation: Stream ${transport}-clicks under account 111122223333 not found.`,
      );
    },
    longEnough,
  );

  test(
    'puts records, one by one and in batches, and reads them by iterators',
    async () => {
      const stream = await create('orders');
      const put = await kinesis('put-record', {
        ...stream,
        'partition-key': 'a',
        data: base64('one'),
      });
      expect(put).toMatchObject({ ShardId: shardId(0), SequenceNumber: expect.any(String) });
      const batch = await kinesis('put-records', {
        ...stream,
        records: ['two', 'three'].map((text) => ({ Data: base64(text), PartitionKey: text })),
      });
      expect(batch.FailedRecordCount).toBe(0);
      expect(batch.Records?.map(({ ShardId }) => ShardId)).toEqual([shardId(0), shardId(0)]);

      const { ShardIterator } = await kinesis('get-shard-iterator', {
        ...stream,
        'shard-id': shardId(0),
        'shard-iterator-type': 'TRIM_HORIZON',
      });
      const first = await kinesis('get-records', { 'shard-iterator': ShardIterator, limit: 2 });
      expect(first.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['a', 'two']);
      expect(given(first.Records?.[0]?.Data)).toContain('one');
      const rest = await kinesis('get-records', { 'shard-iterator': first.NextShardIterator });
      expect(rest.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['three']);
      expect(rest.MillisBehindLatest).toBe(0);
      const after = await kinesis('get-shard-iterator', {
        ...stream,
        'shard-id': shardId(0),
        'shard-iterator-type': 'AFTER_SEQUENCE_NUMBER',
        'starting-sequence-number': put.SequenceNumber,
      });
      const { Records } = await kinesis('get-records', { 'shard-iterator': after.ShardIterator });
      expect(Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['two', 'three']);
    },
    longEnough,
  );

  test(
    'splits and merges shards',
    async () => {
      const stream = await create('shards');
      await kinesis('split-shard', {
        ...stream,
        'shard-to-split': shardId(0),
        'new-starting-hash-key': String(2n ** 127n),
      });
      await settle();
      await kinesis('merge-shards', {
        ...stream,
        'shard-to-merge': shardId(1),
        'adjacent-shard-to-merge': shardId(2),
      });
      await settle();
      const { Shards = [] } = await kinesis('list-shards', stream);
      expect(
        Shards.map(({ ShardId, ParentShardId, AdjacentParentShardId, SequenceNumberRange }) => [
          ShardId,
          ParentShardId,
          AdjacentParentShardId,
          SequenceNumberRange.EndingSequenceNumber === undefined,
        ]),
      ).toEqual([
        [shardId(0), undefined, undefined, false],
        [shardId(1), shardId(0), undefined, false],
        [shardId(2), shardId(0), undefined, false],
        [shardId(3), shardId(1), shardId(2), true],
      ]);
      const { StreamDescription } = await kinesis('describe-stream', stream);
      expect(StreamDescription?.Shards).toEqual(Shards);
    },
    longEnough,
  );

  test(
    'registers, describes and deregisters consumers',
    async () => {
      await create('consumers');
      const stream = { 'stream-arn': arnOf('consumers') };
      const { Consumer } = await kinesis('register-stream-consumer', {
        ...stream,
        'consumer-name': 'billing',
      });
      expect(Consumer?.ConsumerARN).toMatch(`${arnOf('consumers')}/consumer/billing:`);
      await settle();
      const consumer = { 'consumer-arn': Consumer?.ConsumerARN };
      const { ConsumerDescription } = await kinesis('describe-stream-consumer', consumer);
      expect(ConsumerDescription?.ConsumerStatus).toBe('ACTIVE');
      const { Consumers } = await kinesis('list-stream-consumers', stream);
      expect(Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(['billing']);
      await kinesis('deregister-stream-consumer', consumer);
      await settle();
      await expect(kinesis('describe-stream-consumer', consumer)).rejects.toThrow(
        '(ResourceNotFoundException)',
      );
    },
    longEnough,
  );

  test.each([
    [
      'a shard that there is',
      'get-shard-iterator',
      'ResourceNotFoundException',
      { 'shard-id': shardId(9), 'shard-iterator-type': 'LATEST' },
    ],
    [
      'an iterator of this stream',
      'get-records',
      'InvalidArgumentException',
      { 'shard-iterator': 'nonsense' },
    ],
    [
      'a hash key within the shard',
      'split-shard',
      'InvalidArgumentException',
      { 'shard-to-split': shardId(0), 'new-starting-hash-key': '0' },
    ],
    ['a name that is free', 'create-stream', 'ResourceInUseException', { 'shard-count': 1 }],
    [
      'a partition key',
      'put-record',
      'ValidationException',
      { 'partition-key': 'x'.repeat(257), data: base64('x') },
    ],
  ])(
    'fails without %s',
    async (_what, operation, code, options) => {
      await kinesis('create-stream', {
        'stream-name': `${transport}-errors`,
        'shard-count': 1,
      }).catch(() => undefined);
      await settle();
      const stream = operation === 'get-records' ? {} : { 'stream-name': `${transport}-errors` };
      const error = await kinesis(operation, { ...stream, ...options }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(AwsCliError);
      expect(error.message).toContain(`An error occurred (${code}) when calling the`);
      expect(serviceErrors).toContain(error.exitCode);
    },
    longEnough,
  );
});
