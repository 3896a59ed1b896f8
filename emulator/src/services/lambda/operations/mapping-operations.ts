import { NotImplementedError } from '../../../protocol/errors';
import type { CallContext, Handlers, InputOf } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf } from '../../page';
import { invalid } from '../errors';
import { type BrokerSettings, defaultBrokerWindow } from '../event-sources/brokers/broker-settings';
import type { MappingSettings } from '../event-sources/event-source-mapping';
import type { StreamSettings } from '../event-sources/stream-settings';
import { functionArn, parseFunctionName } from '../function-arn';
import { constraint } from '../function-settings';
import type { SourceStart } from '../stream-source';
import { describeMapping, type LambdaApi } from './descriptions';
import { arnOf, invalidMarker, type RegionOf } from './function-operations';

type Create = InputOf<LambdaApi, 'CreateEventSourceMapping'>;
type Update = InputOf<LambdaApi, 'UpdateEventSourceMapping'>;

const largestPage = 100;
/** What else may be one on AWS is refused. */
export const onlySources =
  'only SQS queues, Kinesis streams and brokers of Amazon MQ are event sources';
/** Services whose resources are event sources, as ARNs name them. */
export const sourceServices = ['kinesis', 'mq', 'sqs'];
const accepted = [
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'FunctionResponseTypes',
  'ScalingConfig',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'SourceAccessConfigurations',
] as const;
const acceptedAtCreation = [
  ...accepted,
  'EventSourceArn',
  'Queues',
  'StartingPosition',
  'StartingPositionTimestamp',
] as const;
const starts: readonly SourceStart['type'][] = ['AT_TIMESTAMP', 'LATEST', 'TRIM_HORIZON'];

/** Mappings of queues and streams to functions. */
export function mappingOperations(regionOf: RegionOf) {
  return {
    CreateEventSourceMapping(input, ctx) {
      ctx.authorize('lambda:CreateEventSourceMapping', '*', {
        'lambda:FunctionArn': arnOf(ctx, input.FunctionName),
      });
      acceptOnly('CreateEventSourceMapping', input, [...acceptedAtCreation, 'Tags']);
      const mapping = regionOf(ctx).mappings.create(newMapping(input, ctx));
      for (const [key, value] of Object.entries(input.Tags ?? {})) mapping.tags.set(key, value);
      return describeMapping(mapping, 'Creating');
    },

    UpdateEventSourceMapping(input, ctx) {
      ctx.authorize('lambda:UpdateEventSourceMapping', mappingArn(ctx, input.UUID));
      acceptOnly('UpdateEventSourceMapping', input, [...accepted, 'UUID']);
      const { mappings } = regionOf(ctx);
      const mapping = mappings.get(input.UUID);
      const before = mapping.settings;
      mappings.update(mapping, changedMapping(before, input, ctx));
      const { enabled } = mapping.settings;
      const state = enabled === before.enabled ? 'Updating' : enabled ? 'Enabling' : 'Disabling';
      return describeMapping(mapping, state);
    },

    GetEventSourceMapping(input, ctx) {
      ctx.authorize('lambda:GetEventSourceMapping', mappingArn(ctx, input.UUID));
      return describeMapping(regionOf(ctx).mappings.get(input.UUID));
    },

    ListEventSourceMappings(input, ctx) {
      ctx.authorize('lambda:ListEventSourceMappings', '*');
      const target =
        input.FunctionName === undefined ? undefined : targetArn(input.FunctionName, ctx);
      const page = pageOf(
        regionOf(ctx)
          .mappings.list()
          .filter(
            ({ settings }) =>
              (target === undefined || settings.functionArn === target) &&
              (input.EventSourceArn === undefined || settings.sourceArn === input.EventSourceArn),
          ),
        (mapping) => mapping.uuid,
        Math.min(input.MaxItems ?? largestPage, largestPage),
        input.Marker,
        invalidMarker,
      );
      return {
        EventSourceMappings: page.items.map((mapping) => describeMapping(mapping)),
        NextMarker: page.nextToken,
      };
    },

    DeleteEventSourceMapping(input, ctx) {
      ctx.authorize('lambda:DeleteEventSourceMapping', mappingArn(ctx, input.UUID));
      const { mappings } = regionOf(ctx);
      const mapping = mappings.get(input.UUID);
      mappings.delete(mapping);
      return describeMapping(mapping, 'Deleting');
    },
  } satisfies Handlers<LambdaApi>;
}

type Place = Pick<CallContext, 'account' | 'region'>;

/** A new mapping's settings, with Lambda's defaults. */
export function newMapping(
  input: Pick<Create, (typeof acceptedAtCreation)[number]>,
  place: Place,
): MappingSettings {
  const { EventSourceArn: sourceArn } = input;
  if (sourceArn === undefined) throw invalid('Please provide an event source.');
  const [, , service = ''] = sourceArn.split(':');
  if (!sourceServices.includes(service))
    throw new NotImplementedError(`EventSourceArn ${sourceArn}: ${onlySources}`);
  const isStream = service === 'kinesis';
  const isBroker = service === 'mq';
  if (!isBroker) refuseOthers(input, onlyOfBrokers);
  if (!isStream) refuseOthers(input, onlyOfStreams);
  return {
    functionArn: targetArn(input.FunctionName, place),
    sourceArn,
    enabled: input.Enabled ?? true,
    batchSize: input.BatchSize ?? (service === 'sqs' ? 10 : 100),
    batchingWindow: input.MaximumBatchingWindowInSeconds ?? (isBroker ? defaultBrokerWindow : 0),
    filters: filtersOf(input.FilterCriteria) ?? [],
    reportsItemFailures: reportsItemFailures(input.FunctionResponseTypes) ?? false,
    maximumConcurrency: input.ScalingConfig?.MaximumConcurrency,
    stream: isStream ? streamSettings(input, { start: startOf(input) }) : undefined,
    broker: isBroker ? { queues: input.Queues ?? [], access: accessOf(input) ?? [] } : undefined,
  };
}

type StreamInput = Pick<
  Create,
  | 'BisectBatchOnFunctionError'
  | 'DestinationConfig'
  | 'MaximumRecordAgeInSeconds'
  | 'MaximumRetryAttempts'
  | 'ParallelizationFactor'
>;

function streamSettings(
  input: StreamInput,
  before: Pick<StreamSettings, 'start'> & Partial<StreamSettings>,
): StreamSettings {
  return {
    start: before.start,
    parallelization: input.ParallelizationFactor ?? before.parallelization ?? 1,
    bisects: input.BisectBatchOnFunctionError ?? before.bisects ?? false,
    maximumRetries: input.MaximumRetryAttempts ?? before.maximumRetries ?? -1,
    maximumAge: input.MaximumRecordAgeInSeconds ?? before.maximumAge ?? -1,
    // An empty destination takes it away.
    failureDestination: input.DestinationConfig
      ? failureDestination(input.DestinationConfig)
      : before.failureDestination,
  };
}

function failureDestination(config: NonNullable<Create['DestinationConfig']>): string | undefined {
  if (config.OnSuccess?.Destination !== undefined)
    throw invalid('OnSuccess is not supported for event source mappings of streams.');
  const arn = config.OnFailure?.Destination;
  if (arn === undefined || arn === '') return undefined;
  const [, , service = ''] = arn.split(':');
  if (!['s3', 'sns', 'sqs'].includes(service))
    throw new NotImplementedError(
      `OnFailure destination ${arn}: only SQS queues, SNS topics and S3 buckets are destinations`,
    );
  return arn;
}

function startOf({
  StartingPosition,
  StartingPositionTimestamp,
}: Pick<Create, 'StartingPosition' | 'StartingPositionTimestamp'>): SourceStart {
  const type = starts.find((start) => start === StartingPosition);
  if (type === undefined)
    throw invalid(
      StartingPosition === undefined
        ? "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null."
        : `Unsupported starting position ${StartingPosition} for a Kinesis event source.`,
    );
  return { type, timestamp: StartingPositionTimestamp?.getTime() };
}

const onlyOfStreams: readonly (keyof Create)[] = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
  'StartingPositionTimestamp',
];
const onlyOfBrokers: readonly (keyof Create)[] = ['Queues', 'SourceAccessConfigurations'];

/** @throws ServiceError for settings that this kind of source does not have */
function refuseOthers(input: Partial<Create>, names: readonly (keyof Create)[]): void {
  const given = names.find((name) => input[name] !== undefined);
  if (given !== undefined)
    throw invalid(`Unsupported ${given} parameter for given event source mapping type.`);
}

function accessOf({
  SourceAccessConfigurations: all,
}: Pick<Create, 'SourceAccessConfigurations'>): BrokerSettings['access'] | undefined {
  return all?.map(({ Type = '', URI = '' }) => ({ type: Type, uri: URI }));
}

function changedMapping(before: MappingSettings, input: Update, place: Place): MappingSettings {
  if (!before.broker) refuseOthers(input, onlyOfBrokers);
  if (!before.stream) refuseOthers(input, onlyOfStreams);
  return {
    ...before,
    functionArn:
      input.FunctionName === undefined ? before.functionArn : targetArn(input.FunctionName, place),
    enabled: input.Enabled ?? before.enabled,
    batchSize: input.BatchSize ?? before.batchSize,
    batchingWindow: input.MaximumBatchingWindowInSeconds ?? before.batchingWindow,
    filters: filtersOf(input.FilterCriteria) ?? before.filters,
    reportsItemFailures:
      reportsItemFailures(input.FunctionResponseTypes) ?? before.reportsItemFailures,
    // An empty ScalingConfig takes the limit away.
    maximumConcurrency: input.ScalingConfig
      ? input.ScalingConfig.MaximumConcurrency
      : before.maximumConcurrency,
    stream: before.stream && streamSettings(input, before.stream),
    broker: before.broker && {
      ...before.broker,
      access: accessOf(input) ?? before.broker.access,
    },
  };
}

/** There is one type of response so far. */
function reportsItemFailures(types: readonly string[] | undefined): boolean | undefined {
  const known = 'ReportBatchItemFailures';
  if (types?.some((type) => type !== known))
    throw constraint(
      `[${types.join(', ')}]`,
      'functionResponseTypes',
      `Member must satisfy constraint: [Member must satisfy enum value set: [${known}]]`,
    );
  return types?.includes(known);
}

function filtersOf(criteria: Create['FilterCriteria']): string[] | undefined {
  return criteria && (criteria.Filters ?? []).map(({ Pattern = '' }) => Pattern);
}

function targetArn(name: string, place: Place): string {
  const reference = parseFunctionName(name);
  return functionArn(
    reference.account ?? place.account,
    reference.region ?? place.region,
    reference.name,
    reference.qualifier,
  );
}

function mappingArn(place: Place, uuid: string): string {
  return `arn:aws:lambda:${place.region}:${place.account}:event-source-mapping:${uuid}`;
}
