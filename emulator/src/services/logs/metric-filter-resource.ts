import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { units } from '../../metrics/units';
import { unsupportedProperties } from '../accepted-parameters';
import { tagList } from '../live-properties';
import { sameState } from '../resource-updates';
import type { Regional } from '../service';
import { constraint } from './errors';
import type { LogGroups } from './log-groups';
import type { MetricTransformation } from './metric-filter';
import { metricFilterSettings } from './metric-filter-settings';
import type { MetricFilters } from './metric-filters';

/** `AWS::Logs::MetricFilter`: Ref is its name. */
export function metricFilterResource(
  regions: Regional<LogGroups>,
  filters: MetricFilters,
): ResourceProvider {
  const type = 'AWS::Logs::MetricFilter';
  const put = (
    {
      account,
      properties: given,
      region,
    }: Pick<ResourceRequest, 'account' | 'properties' | 'region'>,
    name: string,
  ) => {
    const properties = new PropertyReader(given);
    const group = regions.in(account, region).get(properties.requiredString('LogGroupName'));
    const transformations = (properties.objects('MetricTransformations') ?? []).map(transformation);
    const pattern = properties.string('FilterPattern') ?? '';
    filters.put(group, metricFilterSettings(name, pattern, transformations));
  };
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => [
      ...unsupportedProperties(type, properties, [
        'ApplyOnTransformedLogs',
        'FilterName',
        'FilterPattern',
        'LogGroupName',
        'MetricTransformations',
      ]),
      ...(String(properties.ApplyOnTransformedLogs) === 'true'
        ? [`${type} does not support ApplyOnTransformedLogs`]
        : []),
    ],
    async create(request) {
      const name =
        new PropertyReader(request.properties).string('FilterName') ?? request.generateName(512);
      put(request, name);
      return { physicalId: name, attributes: {} };
    },
    async find({ account, identifier, region }) {
      const group = regions.in(account, region).find(identifier.LogGroupName ?? '');
      const filter = group?.metricFilters.get(identifier.FilterName ?? '');
      return filter && { physicalId: filter.settings.filterName, attributes: {} };
    },
    async update(request) {
      put(request, request.physicalId);
      return sameState(request);
    },
    async delete({ account, physicalId, properties, region }) {
      const groupName = new PropertyReader(properties).requiredString('LogGroupName');
      const group = regions.in(account, region).find(groupName);
      if (group?.metricFilters.has(physicalId)) filters.delete(group, physicalId);
    },
    async read({ account, physicalId, properties, region }) {
      const groupName = new PropertyReader(properties).requiredString('LogGroupName');
      const filter = regions.in(account, region).find(groupName)?.metricFilters.get(physicalId);
      if (!filter) return undefined;
      const { filterName, filterPattern, transformation: of } = filter.settings;
      return {
        FilterName: filterName,
        FilterPattern: filterPattern,
        LogGroupName: groupName,
        MetricTransformations: [
          {
            MetricName: of.metricName,
            MetricNamespace: of.metricNamespace,
            MetricValue: of.metricValue,
            ...(of.defaultValue !== undefined && { DefaultValue: of.defaultValue }),
            ...(of.dimensions && { Dimensions: tagList(of.dimensions) }),
            ...(of.unit !== undefined && { Unit: of.unit }),
          },
        ],
      };
    },
  };
}

function transformation(properties: PropertyReader): MetricTransformation {
  const dimensions = properties.objects('Dimensions');
  const unitName = properties.string('Unit');
  const unit = units.find((known) => known === unitName);
  if (unitName !== undefined && unit === undefined)
    throw constraint(unitName, 'unit', `Member must satisfy enum value set: [${units.join(', ')}]`);
  return {
    metricName: properties.requiredString('MetricName'),
    metricNamespace: properties.requiredString('MetricNamespace'),
    metricValue: properties.requiredString('MetricValue'),
    defaultValue: properties.number('DefaultValue'),
    ...(dimensions && {
      dimensions: Object.fromEntries(
        dimensions.map((one) => [one.requiredString('Key'), one.requiredString('Value')]),
      ),
    }),
    unit,
  };
}
