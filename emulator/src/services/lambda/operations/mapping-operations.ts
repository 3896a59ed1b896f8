import { NotImplementedError } from '../../../protocol/errors';
import type { CallContext, Handlers, InputOf } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf } from '../../page';
import { invalid } from '../errors';
import type { MappingSettings } from '../event-sources/event-source-mapping';
import { functionArn, parseFunctionName } from '../function-arn';
import { constraint } from '../function-settings';
import { describeMapping, type LambdaApi } from './descriptions';
import { arnOf, invalidMarker, type RegionOf } from './function-operations';

type Create = InputOf<LambdaApi, 'CreateEventSourceMapping'>;
type Update = InputOf<LambdaApi, 'UpdateEventSourceMapping'>;

const largestPage = 100;
const accepted = [
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'FunctionResponseTypes',
  'ScalingConfig',
] as const;

/** Mappings of queues to functions. */
export function mappingOperations(regionOf: RegionOf) {
  return {
    CreateEventSourceMapping(input, ctx) {
      ctx.authorize('lambda:CreateEventSourceMapping', '*', {
        'lambda:FunctionArn': arnOf(ctx, input.FunctionName),
      });
      acceptOnly('CreateEventSourceMapping', input, [...accepted, 'EventSourceArn', 'Tags']);
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
              (input.EventSourceArn === undefined || settings.queueArn === input.EventSourceArn),
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
  input: Pick<Create, (typeof accepted)[number] | 'EventSourceArn'>,
  place: Place,
): MappingSettings {
  const { EventSourceArn: queueArn } = input;
  if (queueArn === undefined) throw invalid('Please provide an event source.');
  const [, , service] = queueArn.split(':');
  if (service !== 'sqs')
    throw new NotImplementedError(`EventSourceArn ${queueArn}: only SQS queues are event sources`);
  return {
    functionArn: targetArn(input.FunctionName, place),
    queueArn,
    enabled: input.Enabled ?? true,
    batchSize: input.BatchSize ?? 10,
    batchingWindow: input.MaximumBatchingWindowInSeconds ?? 0,
    filters: filtersOf(input.FilterCriteria) ?? [],
    reportsItemFailures: reportsItemFailures(input.FunctionResponseTypes) ?? false,
    maximumConcurrency: input.ScalingConfig?.MaximumConcurrency,
  };
}

function changedMapping(before: MappingSettings, input: Update, place: Place): MappingSettings {
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
