import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { type KinesisApi, monitoredMetrics, shardLevelMetrics } from './descriptions';
import { invalidArgument, resourceInUse } from './errors';
import type { KinesisState } from './state';
import type { Stream, StreamMode } from './stream';
import { defaultRecordKiB, largestRecordKiB } from './stream-operations';

const streamReference = ['StreamARN', 'StreamName'] as const;
/** Hours. https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html */
export const shortestRetention = 24;
export const longestRetention = 8760;
const modes: readonly StreamMode[] = ['PROVISIONED', 'ON_DEMAND'];

/** Retention, encryption, monitoring, mode and record size of a stream. */
export function settingOperations(state: KinesisState) {
  return {
    IncreaseStreamRetentionPeriod(input, context) {
      acceptOnly('IncreaseStreamRetentionPeriod', input, [
        ...streamReference,
        'RetentionPeriodHours',
      ]);
      const { RetentionPeriodHours: hours } = input;
      const stream = state.activeStream(context, input, 'IncreaseStreamRetentionPeriod');
      checkRetention(hours);
      if (hours < stream.retentionHours)
        throw invalidArgument(
          `Requested retention period (${hours} hours) for stream ${stream.address.name} can not be shorter than existing retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
        );
      changeRetention(state, stream, hours);
      return {};
    },

    DecreaseStreamRetentionPeriod(input, context) {
      acceptOnly('DecreaseStreamRetentionPeriod', input, [
        ...streamReference,
        'RetentionPeriodHours',
      ]);
      const { RetentionPeriodHours: hours } = input;
      const stream = state.activeStream(context, input, 'DecreaseStreamRetentionPeriod');
      checkRetention(hours);
      if (hours > stream.retentionHours)
        throw invalidArgument(
          `Requested retention period (${hours} hours) for stream ${stream.address.name} can not be longer than existing retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
        );
      changeRetention(state, stream, hours);
      return {};
    },

    StartStreamEncryption(input, context) {
      acceptOnly('StartStreamEncryption', input, [...streamReference, 'EncryptionType', 'KeyId']);
      new Constraints('ValidationException')
        .oneOf('encryptionType', input.EncryptionType, ['NONE', 'KMS'])
        .length('keyId', input.KeyId, 1, 2048)
        .check();
      if (input.EncryptionType !== 'KMS')
        throw invalidArgument('EncryptionType must be KMS to start encryption.');
      const stream = state.activeStream(context, input, 'StartStreamEncryption');
      state.checkKey(input.KeyId, stream.address);
      state.update(stream, () => {
        stream.keyId = input.KeyId;
      });
      return {};
    },

    StopStreamEncryption(input, context) {
      acceptOnly('StopStreamEncryption', input, [...streamReference, 'EncryptionType', 'KeyId']);
      const stream = state.activeStream(context, input, 'StopStreamEncryption');
      state.update(stream, () => {
        stream.keyId = undefined;
      });
      return {};
    },

    EnableEnhancedMonitoring(input, context) {
      acceptOnly('EnableEnhancedMonitoring', input, [...streamReference, 'ShardLevelMetrics']);
      const stream = state.activeStream(context, input, 'EnableEnhancedMonitoring');
      return changeMonitoring(stream, input.ShardLevelMetrics, (name) =>
        stream.shardLevelMetrics.add(name),
      );
    },

    DisableEnhancedMonitoring(input, context) {
      acceptOnly('DisableEnhancedMonitoring', input, [...streamReference, 'ShardLevelMetrics']);
      const stream = state.activeStream(context, input, 'DisableEnhancedMonitoring');
      return changeMonitoring(stream, input.ShardLevelMetrics, (name) =>
        stream.shardLevelMetrics.delete(name),
      );
    },

    UpdateStreamMode(input, context) {
      acceptOnly('UpdateStreamMode', input, ['StreamARN', 'StreamModeDetails']);
      const { StreamMode: mode } = input.StreamModeDetails;
      new Constraints('ValidationException')
        .oneOf('streamModeDetails.streamMode', mode, modes)
        .check();
      const stream = state.activeStream(context, input, 'UpdateStreamMode');
      if (stream.mode === mode)
        throw resourceInUse(`Stream ${stream.address.name} is in mode ${mode} already.`);
      state.update(stream, () => {
        stream.mode = mode;
      });
      return {};
    },

    UpdateMaxRecordSize(input, context) {
      acceptOnly('UpdateMaxRecordSize', input, ['MaxRecordSizeInKiB', 'StreamARN']);
      new Constraints('ValidationException')
        .range('maxRecordSizeInKiB', input.MaxRecordSizeInKiB, defaultRecordKiB, largestRecordKiB)
        .check();
      const stream = state.activeStream(context, input, 'UpdateMaxRecordSize');
      state.update(stream, () => {
        stream.maxRecordKiB = input.MaxRecordSizeInKiB;
      });
      return {};
    },
  } satisfies Handlers<KinesisApi>;
}

/** @throws ServiceError InvalidArgumentException */
export function checkRetention(hours: number): void {
  if (hours < shortestRetention)
    throw invalidArgument(
      `Minimum allowed retention period is ${shortestRetention} hours. Requested retention period (${hours} hours) is too short.`,
    );
  if (hours > longestRetention)
    throw invalidArgument(
      `Maximum allowed retention period is ${longestRetention} hours. Requested retention period (${hours} hours) is too long.`,
    );
}

/** Takes effect at once: what has gone by the old period does not come back, what is too old for the new one goes. */
export function changeRetention(state: KinesisState, stream: Stream, hours: number): void {
  const { now } = state;
  for (const shard of stream.shards(now)) stream.expire(shard, now);
  state.update(stream);
  stream.retentionHours = hours;
}

/** The metrics that are meant, `ALL` taken apart. @throws ServiceError ValidationException */
export function metricsMeant(names: readonly string[]): readonly string[] {
  const constraints = new Constraints('ValidationException').length(
    'shardLevelMetrics',
    names,
    1,
    7,
  );
  for (const name of names)
    constraints.oneOf('shardLevelMetrics', name, [...shardLevelMetrics, 'ALL']);
  constraints.check();
  return names.includes('ALL') ? shardLevelMetrics : names;
}

function changeMonitoring(
  stream: Stream,
  names: readonly string[],
  change: (name: string) => void,
) {
  const before = monitoredMetrics(stream);
  for (const name of metricsMeant(names)) change(name);
  return {
    StreamName: stream.address.name,
    StreamARN: stream.arn,
    CurrentShardLevelMetrics: before,
    DesiredShardLevelMetrics: monitoredMetrics(stream),
  };
}
