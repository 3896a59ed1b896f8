import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import { describeShard, describeStream, type KinesisApi } from './descriptions';
import { invalidArgument, invalidNextToken, limitExceeded, resourceInUse } from './errors';
import { namePattern, shardIndex, streamArn } from './names';
import type { KinesisState } from './state';
import type { StreamMode } from './stream';

const streamReference = ['StreamARN', 'StreamName'] as const;
const modes: readonly StreamMode[] = ['PROVISIONED', 'ON_DEMAND'];

/** Shards that an on-demand stream begins with. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const onDemandShards = 4;
/** Largest number of shards of a stream, and default size in KiB of its largest record. */
export const maximumShards = 10_000;
export const defaultRecordKiB = 1024;
export const largestRecordKiB = 10_240;
/** Quota of an account in a region. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const onDemandStreams = 50;

/** Creating, describing, listing and deleting streams. */
export function streamOperations(state: KinesisState) {
  return {
    CreateStream(input, context) {
      acceptOnly('CreateStream', input, [
        'MaxRecordSizeInKiB',
        'ShardCount',
        'StreamModeDetails',
        'StreamName',
        'Tags',
      ]);
      const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
      new Constraints('ValidationException')
        .length('streamName', input.StreamName, 1, 128)
        .pattern('streamName', input.StreamName, namePattern)
        .oneOf('streamModeDetails.streamMode', mode, modes)
        .range('shardCount', input.ShardCount, 1, Number.MAX_SAFE_INTEGER)
        .range('maxRecordSizeInKiB', input.MaxRecordSizeInKiB, defaultRecordKiB, largestRecordKiB)
        .check();
      const { account, region } = context;
      const address = { account, region, name: input.StreamName };
      context.authorize('kinesis:CreateStream', streamArn(address));
      if (Object.keys(input.Tags ?? {}).length > 0)
        context.authorize('kinesis:AddTagsToStream', streamArn(address));
      state.create(
        address,
        {
          mode,
          shardCount: shardCountOf(mode, input.ShardCount),
          maxRecordKiB: input.MaxRecordSizeInKiB ?? defaultRecordKiB,
          tags: input.Tags ?? {},
        },
        'CREATING',
      );
      return {};
    },

    DeleteStream(input, context) {
      acceptOnly('DeleteStream', input, [...streamReference, 'EnforceConsumerDeletion']);
      const stream = state.stream(context, input, 'DeleteStream');
      const { name, account } = stream.address;
      if (stream.consumers.size > 0 && input.EnforceConsumerDeletion !== true)
        throw resourceInUse(
          `Stream ${name} under account ${account} has registered consumers. Use EnforceConsumerDeletion to delete them with it.`,
        );
      if (stream.status !== 'DELETING') state.delete(stream);
      return {};
    },

    DescribeStream(input, context) {
      acceptOnly('DescribeStream', input, [...streamReference, 'ExclusiveStartShardId', 'Limit']);
      new Constraints('ValidationException').range('limit', input.Limit, 1, 10_000).check();
      const stream = state.stream(context, input, 'DescribeStream');
      const after = startAfter(input.ExclusiveStartShardId);
      const shards = stream.usable
        ? stream.shards(state.now).filter(({ index }) => index > after)
        : [];
      const page = shards.slice(0, Math.min(input.Limit ?? 100, 100));
      return {
        StreamDescription: {
          ...describeStream(stream),
          Shards: page.map(describeShard),
          HasMoreShards: shards.length > page.length,
        },
      };
    },

    DescribeStreamSummary(input, context) {
      acceptOnly('DescribeStreamSummary', input, [...streamReference]);
      const stream = state.stream(context, input, 'DescribeStreamSummary');
      return {
        StreamDescriptionSummary: {
          ...describeStream(stream),
          OpenShardCount: stream.usable ? stream.open.length : 0,
          ConsumerCount: stream.consumers.size,
          MaxRecordSizeInKiB: stream.maxRecordKiB,
        },
      };
    },

    ListStreams(input, context) {
      acceptOnly('ListStreams', input, ['ExclusiveStartStreamName', 'Limit', 'NextToken']);
      new Constraints('ValidationException').range('limit', input.Limit, 1, 10_000).check();
      context.authorize('kinesis:ListStreams', '*');
      const { ExclusiveStartStreamName: after = '' } = input;
      const page = pageOf(
        sortedBy(
          state.in(context.account, context.region).values(),
          (it) => it.address.name,
        ).filter(({ address }) => address.name > after),
        ({ address }) => address.name,
        input.Limit ?? 100,
        input.NextToken,
        invalidNextToken,
      );
      return {
        StreamNames: page.items.map(({ address }) => address.name),
        HasMoreStreams: page.nextToken !== undefined,
        NextToken: page.nextToken,
        StreamSummaries: page.items.map(({ address, arn, status, mode, created }) => ({
          StreamName: address.name,
          StreamARN: arn,
          StreamStatus: status,
          StreamModeDetails: { StreamMode: mode },
          StreamCreationTimestamp: new Date(created),
        })),
      };
    },

    DescribeLimits(input, context) {
      acceptOnly('DescribeLimits', input, []);
      context.authorize('kinesis:DescribeLimits', '*');
      const streams = [...state.in(context.account, context.region).values()];
      const provisioned = streams.filter(({ mode }) => mode === 'PROVISIONED');
      return {
        ShardLimit: maximumShards,
        OpenShardCount: provisioned.reduce((sum, { open }) => sum + open.length, 0),
        OnDemandStreamCount: streams.length - provisioned.length,
        OnDemandStreamCountLimit: onDemandStreams,
      };
    },
  } satisfies Handlers<KinesisApi>;
}

/**
 * How many shards a new stream has.
 *
 * @throws ServiceError InvalidArgumentException, LimitExceededException
 */
export function shardCountOf(mode: StreamMode, shardCount: number | undefined): number {
  if (mode === 'ON_DEMAND') {
    if (shardCount !== undefined)
      throw invalidArgument('ShardCount cannot be specified with StreamMode ON_DEMAND.');
    return onDemandShards;
  }
  if (shardCount === undefined)
    throw invalidArgument('ShardCount must be specified with StreamMode PROVISIONED.');
  if (shardCount > maximumShards)
    throw limitExceeded(
      `This request would exceed the shard limit of ${maximumShards} for a stream.`,
    );
  return shardCount;
}

/** The number of the shard after which a list begins. */
export function startAfter(id: string | undefined): number {
  if (id === undefined) return -1;
  const index = shardIndex(id);
  if (index === undefined) throw invalidArgument(`Invalid ExclusiveStartShardId: ${id}`);
  return index;
}
