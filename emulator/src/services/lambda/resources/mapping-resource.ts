import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
} from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState, templateTags, updateTemplateTags } from '../../resource-updates';
import type { Regional } from '../../service';
import type { MappingSettings } from '../event-sources/event-source-mapping';
import type { LambdaRegion } from '../lambda-region';
import { newMapping, onlySources, sourceServices } from '../operations/mapping-operations';
import { liveMapping } from './live-properties';

const type = 'AWS::Lambda::EventSourceMapping';

/** `AWS::Lambda::EventSourceMapping` of a queue, a stream or a broker: Ref is its UUID. */
export function mappingResource(
  regions: Regional<LambdaRegion>,
  authorize: Authorize,
): ResourceProvider {
  const ask = (action: string, { caller }: ResourceRequest, resource: string) =>
    authorize({ caller, action: `lambda:${action}EventSourceMapping`, resource });
  return {
    type,
    level: 'emulated',
    unsupported,
    async create(request) {
      const { mappings } = regions.in(request.account, request.region);
      ask('Create', request, '*');
      const mapping = mappings.create(settingsOf(request));
      for (const [key, value] of Object.entries(templateTags(request)))
        mapping.tags.set(key, value);
      return {
        physicalId: mapping.uuid,
        attributes: { Id: mapping.uuid, EventSourceMappingArn: mapping.arn },
      };
    },
    async update(request) {
      const { mappings } = regions.in(request.account, request.region);
      const mapping = mappings.get(request.physicalId);
      ask('Update', request, mapping.arn);
      mappings.update(mapping, settingsOf(request));
      updateTemplateTags(mapping.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const { mappings } = regions.in(request.account, request.region);
      const mapping = mappings.list().find(({ uuid }) => uuid === request.physicalId);
      if (!mapping) return;
      ask('Delete', request, mapping.arn);
      mappings.delete(mapping);
    },
    async read(request) {
      const { mappings } = regions.in(request.account, request.region);
      const mapping = mappings.list().find(({ uuid }) => uuid === request.physicalId);
      return mapping && liveMapping(mapping, request);
    },
  };
}

/** What the template leaves out has Lambda's defaults. */
function settingsOf(request: ResourceRequest): MappingSettings {
  const properties = new PropertyReader(request.properties);
  const filters = properties.object('FilterCriteria')?.objects('Filters');
  const destination = properties.object('DestinationConfig')?.object('OnFailure');
  const timestamp = properties.number('StartingPositionTimestamp');
  return newMapping(
    {
      EventSourceArn: properties.string('EventSourceArn'),
      FunctionName: properties.requiredString('FunctionName'),
      Enabled: properties.boolean('Enabled'),
      BatchSize: properties.number('BatchSize'),
      MaximumBatchingWindowInSeconds: properties.number('MaximumBatchingWindowInSeconds'),
      FilterCriteria: filters && {
        Filters: filters.map((filter) => ({ Pattern: filter.string('Pattern') })),
      },
      FunctionResponseTypes: properties
        .strings('FunctionResponseTypes')
        ?.filter((name) => name === 'ReportBatchItemFailures'),
      ScalingConfig: {
        MaximumConcurrency: properties.object('ScalingConfig')?.number('MaximumConcurrency'),
      },
      BisectBatchOnFunctionError: properties.boolean('BisectBatchOnFunctionError'),
      DestinationConfig: destination && {
        OnFailure: { Destination: destination.string('Destination') },
      },
      MaximumRecordAgeInSeconds: properties.number('MaximumRecordAgeInSeconds'),
      MaximumRetryAttempts: properties.number('MaximumRetryAttempts'),
      ParallelizationFactor: properties.number('ParallelizationFactor'),
      Queues: properties.strings('Queues'),
      SourceAccessConfigurations: properties
        .objects('SourceAccessConfigurations')
        ?.map((access) => ({
          Type: accessType(access.string('Type')),
          URI: access.string('URI'),
        })),
      StartingPosition: startingPosition(properties.string('StartingPosition')),
      StartingPositionTimestamp: timestamp === undefined ? undefined : new Date(timestamp * 1000),
    },
    request,
  );
}

function startingPosition(text: string | undefined) {
  return (['AT_TIMESTAMP', 'LATEST', 'TRIM_HORIZON'] as const).find((type) => type === text);
}

/** Of brokers. Other types, of Kafka, are refused before. */
function accessType(text: string | undefined) {
  return (['BASIC_AUTH', 'VIRTUAL_HOST'] as const).find((type) => type === text);
}

function unsupported(properties: ResourceProperties): string[] {
  const source = properties.EventSourceArn;
  return [
    ...unsupportedProperties(type, properties, [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ParallelizationFactor',
      'Queues',
      'ScalingConfig',
      'SourceAccessConfigurations',
      'StartingPosition',
      'StartingPositionTimestamp',
      'Tags',
    ]),
    ...(typeof source === 'string' && !sourceServices.includes(source.split(':')[2] ?? '')
      ? [`${type} does not support EventSourceArn ${source}: ${onlySources}`]
      : []),
  ];
}
