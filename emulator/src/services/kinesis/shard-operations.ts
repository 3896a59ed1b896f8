import { ServiceError } from '../../protocol/errors';
import type { Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { describeShard, type KinesisApi } from './descriptions';
import { invalidArgument, invalidNextToken, limitExceeded, resourceNotFound } from './errors';
import { parseArn, shardIndex, streamArn } from './names';
import type { Shard } from './shard';
import { type KinesisState, requireActive } from './state';
import type { Stream } from './stream';
import { maximumShards, startAfter } from './stream-operations';

const streamReference = ['StreamARN', 'StreamName'] as const;
const filterTypes = [
  'AFTER_SHARD_ID',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'AT_TRIM_HORIZON',
  'FROM_TIMESTAMP',
  'FROM_TRIM_HORIZON',
];
const day = 24 * 60 * 60 * 1000;
/** How often UpdateShardCount may be called in 24 hours. */
const scalingsADay = 10;
/** Milliseconds for which a token of ListShards can be used. */
const tokenLifetime = 300_000;

type Filter = InputOf<KinesisApi, 'ListShards'>['ShardFilter'];

/** Listing and changing the shards of a stream. */
export function shardOperations(state: KinesisState) {
  return {
    ListShards(input, context) {
      acceptOnly('ListShards', input, [
        ...streamReference,
        'ExclusiveStartShardId',
        'MaxResults',
        'NextToken',
        'ShardFilter',
        'StreamCreationTimestamp',
      ]);
      new Constraints('ValidationException')
        .range('maxResults', input.MaxResults, 1, 10_000)
        .oneOf('shardFilter.type', input.ShardFilter?.Type, filterTypes)
        .check();
      const { NextToken: token } = input;
      if (token !== undefined && (input.StreamName ?? input.ExclusiveStartShardId) !== undefined)
        throw invalidArgument('NextToken and StreamName cannot be provided together.');
      const { now } = state;
      const from: ListPosition =
        token === undefined
          ? { after: startAfter(input.ExclusiveStartShardId), filter: input.ShardFilter }
          : readToken(token, now);
      const stream = state.stream(
        context,
        from.streamArn === undefined ? input : { StreamARN: from.streamArn },
        'ListShards',
      );
      const made = input.StreamCreationTimestamp?.getTime() ?? stream.created;
      if (Math.floor(made / 1000) !== Math.floor(stream.created / 1000))
        throw resourceNotFound(`Stream ${stream.address.name} was not created at that time.`);
      const shards = stream.usable
        ? filtered(stream, from.filter, now).filter(({ index }) => index > from.after)
        : [];
      const page = shards.slice(0, input.MaxResults ?? 1000);
      const last = page.at(-1);
      return {
        Shards: page.map(describeShard),
        ...(last &&
          shards.length > page.length && {
            NextToken: writeToken(stream, last.index, from.filter, now),
          }),
      };
    },

    SplitShard(input, context) {
      acceptOnly('SplitShard', input, [...streamReference, 'NewStartingHashKey', 'ShardToSplit']);
      new Constraints('ValidationException')
        .pattern('newStartingHashKey', input.NewStartingHashKey, '0|([1-9]\\d{0,38})')
        .check();
      const stream = state.stream(context, input, 'SplitShard');
      const { name, account } = stream.address;
      const shard = openShard(stream, input.ShardToSplit, state.now);
      const at = BigInt(input.NewStartingHashKey);
      const { start, end } = shard.range;
      if (at <= start + 1n || at >= end)
        throw invalidArgument(
          `NewStartingHashKey ${input.NewStartingHashKey} used in SplitShard() on shard ${shard.id} in stream ${name} under account ${account} is not both greater than one plus the shard's StartingHashKey ${start} and less than the shard's EndingHashKey ${end}.`,
        );
      requireActive(stream);
      checkShardCount(stream, stream.open.length + 1);
      state.update(stream, () => stream.split(shard, at, state.now));
      return {};
    },

    MergeShards(input, context) {
      acceptOnly('MergeShards', input, [
        ...streamReference,
        'AdjacentShardToMerge',
        'ShardToMerge',
      ]);
      const stream = state.stream(context, input, 'MergeShards');
      const { name, account } = stream.address;
      const one = openShard(stream, input.ShardToMerge, state.now);
      const other = openShard(stream, input.AdjacentShardToMerge, state.now);
      const [left, right] = one.range.start < other.range.start ? [one, other] : [other, one];
      if (left.range.end + 1n !== right.range.start)
        throw invalidArgument(
          `Shards ${one.id} and ${other.id} in stream ${name} under account ${account} are not an adjacent pair of shards eligible for merging`,
        );
      requireActive(stream);
      state.update(stream, () => stream.merge(left, right, state.now));
      return {};
    },

    UpdateShardCount(input, context) {
      acceptOnly('UpdateShardCount', input, [
        ...streamReference,
        'ScalingType',
        'TargetShardCount',
      ]);
      new Constraints('ValidationException')
        .range('targetShardCount', input.TargetShardCount, 1, Number.MAX_SAFE_INTEGER)
        .oneOf('scalingType', input.ScalingType, ['UNIFORM_SCALING'])
        .check();
      const stream = state.activeStream(context, input, 'UpdateShardCount');
      const target = input.TargetShardCount;
      const current = stream.open.length;
      checkScaling(stream, target, state.now);
      state.update(stream, () => stream.scaleTo(target, state.now));
      return {
        StreamName: stream.address.name,
        StreamARN: stream.arn,
        CurrentShardCount: current,
        TargetShardCount: target,
      };
    },
  } satisfies Handlers<KinesisApi>;
}

/**
 * Checks that UpdateShardCount may be called, and counts the call.
 *
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
 * @throws ServiceError InvalidArgumentException, LimitExceededException
 */
export function checkScaling(stream: Stream, target: number, now: number): void {
  const current = stream.open.length;
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  if (stream.mode === 'ON_DEMAND')
    throw invalidArgument('UpdateShardCount is not supported for streams in ON_DEMAND mode.');
  checkShardCount(stream, target);
  if (target > current * 2)
    throw limitExceeded(
      `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`,
    );
  if (target < current / 2)
    throw limitExceeded(
      `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`,
    );
  const { scalings } = stream;
  while (scalings[0] !== undefined && scalings[0] <= now - day) scalings.shift();
  if (scalings.length >= scalingsADay)
    throw limitExceeded(
      `UpdateShardCount cannot be called more than ${scalingsADay} times in a rolling 24-hour period for a stream.`,
    );
  scalings.push(now);
}

function checkShardCount(stream: Stream, target: number): void {
  if (target > maximumShards)
    throw limitExceeded(
      `Target shard count or number of open shards cannot be greater than ${maximumShards}. Current open shard count: ${stream.open.length}, Target shard count: ${target}`,
    );
}

/** @throws ServiceError ResourceNotFoundException, InvalidArgumentException for one that is closed */
function openShard(stream: Stream, id: string, now: number): Shard {
  const { name, account } = stream.address;
  const index = shardIndex(id);
  const shard = index === undefined ? undefined : stream.shard(index, now);
  if (!shard)
    throw resourceNotFound(
      `Could not find shard ${id} in stream ${name} under account ${account}.`,
    );
  if (!shard.open)
    throw invalidArgument(
      `Shard ${shard.id} in stream ${name} under account ${account} is not open.`,
    );
  return shard;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
function filtered(stream: Stream, filter: Filter, now: number): readonly Shard[] {
  const shards = stream.shards(now);
  const closedAfter = (time: number) => (shard: Shard) => (shard.closedAt ?? Infinity) >= time;
  const openAt = (time: number) => (shard: Shard) =>
    shard.created <= time && closedAfter(time)(shard);
  const timestamp = () => {
    if (!filter?.Timestamp)
      throw invalidArgument(`Timestamp must be specified with ShardFilter type ${filter?.Type}.`);
    return filter.Timestamp.getTime();
  };
  const horizon = Math.max(stream.horizon(now), stream.created);
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID': {
      if (filter.ShardId === undefined)
        throw invalidArgument('ShardId must be specified with ShardFilter type AFTER_SHARD_ID.');
      const after = startAfter(filter.ShardId);
      return shards.filter(({ index }) => index > after);
    }
    case 'AT_LATEST':
      return shards.filter(({ open }) => open);
    case 'AT_TRIM_HORIZON':
      return shards.filter(openAt(horizon));
    case 'AT_TIMESTAMP':
      return shards.filter(openAt(timestamp()));
    case 'FROM_TIMESTAMP':
      return shards.filter(closedAfter(Math.max(timestamp(), horizon)));
    default:
      return shards;
  }
}

/** Where a list goes on. */
interface ListPosition {
  readonly streamArn?: string;
  readonly after: number;
  readonly filter: Filter;
}

function writeToken({ address }: Stream, after: number, filter: Filter, now: number): string {
  const content = [
    now,
    streamArn(address),
    after,
    filter?.Type,
    filter?.ShardId,
    filter?.Timestamp?.getTime(),
  ];
  return Buffer.from(JSON.stringify(content)).toString('base64');
}

function readToken(token: string, now: number): ListPosition {
  const [made, arn, after, type, shardId, timestamp] = parseToken(token);
  if (
    typeof made !== 'number' ||
    typeof arn !== 'string' ||
    typeof after !== 'number' ||
    !parseArn(arn)
  )
    throw invalidNextToken();
  if (now - made > tokenLifetime)
    throw new ServiceError('ExpiredNextTokenException', 'The pagination token has expired.');
  return {
    streamArn: arn,
    after,
    filter: isFilterType(type)
      ? {
          Type: type,
          ...(typeof shardId === 'string' && { ShardId: shardId }),
          ...(typeof timestamp === 'number' && { Timestamp: new Date(timestamp) }),
        }
      : undefined,
  };
}

function parseToken(token: string): readonly unknown[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    return Array.isArray(content) ? content : [];
  } catch {
    return [];
  }
}

function isFilterType(type: unknown): type is NonNullable<Filter>['Type'] {
  return typeof type === 'string' && filterTypes.includes(type);
}
