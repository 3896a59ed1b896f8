import type { Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { KinesisApi } from './descriptions';
import { invalidArgument, rateExceeded, rateExceededText, resourceNotFound } from './errors';
import { hashKeyOf, hashKeySpace } from './hash-keys';
import { ShardIterators } from './iterator';
import { namePattern, parseArn, shardIndex } from './names';
import { childrenAtEnd, describeRecord, readShard, sizeOf } from './reading';
import type { Shard } from './shard';
import { positionTypes, resolvePosition } from './starting-position';
import type { KinesisState } from './state';
import type { Stream } from './stream';

const kibibyte = 1024;
const batchRecords = 500;
const batchBytes = 10 * kibibyte * kibibyte;
const readRecords = 10_000;
const readBytes = 10 * kibibyte * kibibyte;
const streamReference = ['StreamARN', 'StreamName'] as const;

type Entry = Pick<InputOf<KinesisApi, 'PutRecord'>, 'Data' | 'ExplicitHashKey'> & {
  readonly PartitionKey?: string | undefined;
};

/** Putting records and reading them. */
export function recordOperations(state: KinesisState) {
  const iterators = new ShardIterators(
    state.environment.random.stream('kinesis/iterators').hex(32),
  );
  return {
    PutRecord(input, context) {
      acceptOnly('PutRecord', input, [
        ...streamReference,
        'Data',
        'ExplicitHashKey',
        'PartitionKey',
        'SequenceNumberForOrdering',
      ]);
      checkEntry(new Constraints('ValidationException'), '', input)
        .length('streamName', input.StreamName, 1, 128)
        .pattern('streamName', input.StreamName, namePattern)
        .pattern(
          'sequenceNumberForOrdering',
          input.SequenceNumberForOrdering,
          '0|([1-9]\\d{0,128})',
        )
        .check();
      const stream = state.usableStream(context, input, 'PutRecord');
      checkSize(stream, 'data', input);
      state.useKey(stream, 'GenerateDataKey', { caller: context.caller, call: context });
      const shard = target(stream, input);
      const outcome = put(state, stream, shard, input);
      if (outcome === undefined) {
        stream.metrics.add('PutRecord.Success', state.now, 0);
        throw rateExceeded(shard.id, stream.address);
      }
      stream.metrics.add('PutRecord.Success', state.now);
      stream.metrics.add('PutRecord.Bytes', state.now, sizeOf(entryOf(input)));
      return { ShardId: shard.id, SequenceNumber: outcome, ...encryption(stream) };
    },

    PutRecords(input, context) {
      acceptOnly('PutRecords', input, [...streamReference, 'Records']);
      const constraints = new Constraints('ValidationException')
        .length('streamName', input.StreamName, 1, 128)
        .pattern('streamName', input.StreamName, namePattern)
        .length('records', input.Records, 1, batchRecords);
      input.Records.forEach((entry, index) => {
        checkEntry(constraints, `records.${index + 1}.member.`, entry);
      });
      constraints.check();
      const stream = state.usableStream(context, input, 'PutRecords');
      let bytes = 0;
      input.Records.forEach((entry, index) => {
        checkSize(stream, `records.${index + 1}.member.data`, entry);
        bytes += sizeOf(entryOf(entry));
      });
      if (bytes > batchBytes) throw invalidArgument('Records size exceeds 10 MB limit');
      state.useKey(stream, 'GenerateDataKey', { caller: context.caller, call: context });
      const targets = input.Records.map((entry) => target(stream, entry));
      let failed = 0;
      const records = input.Records.map((entry, index) => {
        const shard = targets[index] ?? target(stream, entry);
        const sequenceNumber = put(state, stream, shard, entry);
        if (sequenceNumber !== undefined)
          return { ShardId: shard.id, SequenceNumber: sequenceNumber };
        failed += 1;
        return {
          ErrorCode: 'ProvisionedThroughputExceededException',
          ErrorMessage: rateExceededText(shard.id, stream.address),
        };
      });
      countBatch(state, stream, records.length, failed, bytes);
      return { FailedRecordCount: failed, Records: records, ...encryption(stream) };
    },

    GetShardIterator(input, context) {
      acceptOnly('GetShardIterator', input, [
        ...streamReference,
        'ShardId',
        'ShardIteratorType',
        'StartingSequenceNumber',
        'Timestamp',
      ]);
      new Constraints('ValidationException')
        .length('shardId', input.ShardId, 1, 128)
        .pattern('shardId', input.ShardId, namePattern)
        .oneOf('shardIteratorType', input.ShardIteratorType, positionTypes)
        .check();
      const stream = state.usableStream(context, input, 'GetShardIterator');
      const { now } = state;
      const shard = findShard(stream, input.ShardId, now);
      const position = resolvePosition(
        stream,
        shard,
        {
          type: input.ShardIteratorType,
          sequenceNumber: input.StartingSequenceNumber,
          timestamp: input.Timestamp,
        },
        'GetShardIterator',
        now,
      );
      return { ShardIterator: iteratorAt(iterators, stream, shard, position, now) };
    },

    GetRecords(input, context) {
      acceptOnly('GetRecords', input, ['Limit', 'ShardIterator', 'StreamARN']);
      new Constraints('ValidationException')
        .length('shardIterator', input.ShardIterator, 1, 512)
        .range('limit', input.Limit, 1, readRecords)
        .check();
      const { now } = state;
      const at = iterators.read(input.ShardIterator, now);
      const { account, region } = parseArn(at.streamArn)?.stream ?? context;
      if (region !== context.region || (input.StreamARN ?? at.streamArn) !== at.streamArn)
        throw invalidArgument('Invalid ShardIterator.');
      // Whoever has the iterator of another account's stream also has to name that stream.
      if (account !== context.account && input.StreamARN === undefined)
        throw invalidArgument('Invalid ShardIterator.');
      const stream = state.usableStream(context, { StreamARN: at.streamArn }, 'GetRecords');
      const shard = stream.shard(at.shardIndex, now);
      if (stream.created !== at.streamCreated || !shard)
        throw invalidArgument('Invalid ShardIterator.');
      state.useKey(stream, 'Decrypt', { caller: context.caller, call: context });
      const { metrics } = stream;
      if (!shard.reads.allows(now)) {
        metrics.add('ReadProvisionedThroughputExceeded', now);
        metrics.add('GetRecords.Success', now, 0);
        throw rateExceeded(shard.id, stream.address);
      }
      const limit = input.Limit ?? readRecords;
      const reading = readShard(stream, shard, at.position, limit, readBytes, now);
      shard.reads.took(reading.bytes);
      metrics.add('ReadProvisionedThroughputExceeded', now, 0);
      metrics.add('GetRecords.Success', now);
      metrics.add('GetRecords.Bytes', now, reading.bytes);
      metrics.add('GetRecords.Records', now, reading.records.length);
      metrics.add('GetRecords.IteratorAgeMilliseconds', now, reading.millisBehindLatest);
      const { journal } = state.environment;
      const records = reading.records.map((record) => {
        const description = describeRecord(shard, record);
        journal.record('received', description.SequenceNumber ?? '', stream.arn, {
          shardId: shard.id,
        });
        return description;
      });
      return {
        Records: records,
        ...(!reading.ended && {
          NextShardIterator: iteratorAt(iterators, stream, shard, reading.next, now),
        }),
        MillisBehindLatest: reading.millisBehindLatest,
        ...childrenAtEnd(shard, reading),
      };
    },
  } satisfies Handlers<KinesisApi>;
}

/** The shard that a request names. @throws ServiceError ResourceNotFoundException */
export function findShard(stream: Stream, id: string, now: number): Shard {
  const { name, account } = stream.address;
  const index = shardIndex(id);
  if (index === undefined)
    throw resourceNotFound(
      `Could not find shard ${id} in stream ${name} under account ${account}.`,
    );
  const shard = stream.shard(index, now);
  if (!shard)
    throw resourceNotFound(`Shard ${id} in stream ${name} under account ${account} does not exist`);
  return shard;
}

function iteratorAt(
  iterators: ShardIterators,
  { arn, created }: Stream,
  { index }: Shard,
  position: number,
  now: number,
): string {
  return iterators.make(
    { streamArn: arn, streamCreated: created, shardIndex: index, position },
    now,
  );
}

function checkEntry(constraints: Constraints, prefix: string, entry: Entry): Constraints {
  return constraints
    .length(`${prefix}partitionKey`, entry.PartitionKey, 1, 256)
    .pattern(`${prefix}explicitHashKey`, entry.ExplicitHashKey, '0|([1-9]\\d{0,38})');
}

/** The whole record must fit: data and partition key. */
function checkSize(stream: Stream, member: string, entry: Entry): void {
  const maximum = stream.maxRecordKiB * kibibyte;
  if (sizeOf(entryOf(entry)) <= maximum) return;
  const length = entry.Data.byteLength;
  new Constraints('ValidationException')
    .fail(
      member,
      `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`,
      `Member must have length less than or equal to ${maximum}`,
    )
    .check();
}

function entryOf({ Data, PartitionKey = '' }: Entry) {
  return { data: Data, partitionKey: PartitionKey };
}

/** @throws ServiceError InvalidArgumentException for a hash key that is too large */
function target(stream: Stream, { ExplicitHashKey, PartitionKey = '' }: Entry): Shard {
  const hashKey = ExplicitHashKey === undefined ? hashKeyOf(PartitionKey) : BigInt(ExplicitHashKey);
  const shard = hashKey < hashKeySpace ? stream.shardFor(hashKey) : undefined;
  if (!shard)
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
  return shard;
}

/** @returns the sequence number; undefined if the shard has no room in this second */
function put(state: KinesisState, stream: Stream, shard: Shard, entry: Entry): string | undefined {
  const { now } = state;
  const content = entryOf(entry);
  const bytes = sizeOf(content);
  const taken = shard.writes.take(bytes, now);
  stream.metrics.add('WriteProvisionedThroughputExceeded', now, taken ? 0 : 1);
  if (!taken) return undefined;
  stream.metrics.add('IncomingRecords', now);
  stream.metrics.add('IncomingBytes', now, bytes);
  const encrypted = stream.keyId !== undefined;
  const record = stream.append(shard, { ...content, arrival: now, encrypted });
  const sequenceNumber = shard.sequenceNumberOf(record);
  state.environment.journal.record('published', sequenceNumber, stream.arn, {
    shardId: shard.id,
  });
  return sequenceNumber;
}

function encryption({ keyId }: Stream): { EncryptionType?: 'KMS' } {
  return keyId === undefined ? {} : { EncryptionType: 'KMS' };
}

function countBatch(
  { now }: KinesisState,
  { metrics }: Stream,
  total: number,
  failed: number,
  bytes: number,
): void {
  metrics.add('PutRecords.Bytes', now, bytes);
  metrics.add('PutRecords.TotalRecords', now, total);
  metrics.add('PutRecords.SuccessfulRecords', now, total - failed);
  metrics.add('PutRecords.FailedRecords', now, 0);
  metrics.add('PutRecords.ThrottledRecords', now, failed);
  metrics.add('PutRecords.Success', now, failed < total ? 1 : 0);
}
