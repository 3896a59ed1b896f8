import {
  type LiveProperties,
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type TemplateValue,
} from '../../cloudformation/provider';
import type { Authorize } from '../../iam/caller';
import { unsupportedProperties } from '../accepted-parameters';
import { tagList } from '../live-properties';
import { sameState, templateTags, updateTemplateTags } from '../resource-updates';
import type { Regional } from '../service';
import type { Alarm } from './alarm';
import { alarmArn } from './alarm-description';
import type { AlarmRegistry } from './alarm-registry';
import { alarmParameters, defineAlarm } from './alarm-settings';
import type { AlarmSettings, GivenDimension, MetricQuery } from './api';
import { comparisons } from './comparison';
import { addTags } from './tags';

const type = 'AWS::CloudWatch::Alarm';

/**
 * Ref is the alarm's name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
 */
export function alarmProvider(
  regions: Regional<AlarmRegistry>,
  authorize: Authorize,
): ResourceProvider {
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    authorize({ caller, action: `cloudwatch:${action}`, resource });
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => {
      const { ComparisonOperator: operator } = properties;
      return [
        ...unsupportedProperties(type, properties, alarmParameters),
        ...(typeof operator === 'string' && !comparisons[operator]
          ? [`${type} does not support ComparisonOperator ${operator}`]
          : []),
      ];
    },
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const name = reader.string('AlarmName') ?? request.generateName(255);
      const arn = alarmArn(request, name);
      const tags = templateTags(request);
      ask(request, 'PutMetricAlarm', arn);
      if (Object.keys(tags).length > 0) ask(request, 'TagResource', arn);
      const registry = regions.in(request.account, request.region);
      if (registry.find(name)) throw new Error(`${name} already exists`);
      const definition = defineAlarm(settingsOf(reader, name));
      const checked = new Map<string, string>();
      addTags(
        checked,
        Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      );
      const alarm = registry.put(definition);
      for (const [key, value] of checked) alarm.tags.set(key, value);
      return { physicalId: name, attributes: { Arn: arn } };
    },
    async find({ account, caller, identifier, region }) {
      const { AlarmName: name = '' } = identifier;
      ask({ caller }, 'DescribeAlarms', '*');
      const alarm = regions.in(account, region).find(name);
      return alarm && { physicalId: name, attributes: { Arn: alarm.arn } };
    },
    async update(request) {
      const { physicalId: name } = request;
      ask(request, 'PutMetricAlarm', alarmArn(request, name));
      const registry = regions.in(request.account, request.region);
      registry.get(name);
      const reader = new PropertyReader(request.properties);
      const alarm = registry.put(defineAlarm(settingsOf(reader, name)));
      updateTemplateTags(alarm.tags, request);
      return sameState(request);
    },
    async delete(request) {
      ask(request, 'DeleteAlarms', alarmArn(request, request.physicalId));
      regions.in(request.account, request.region).delete(request.physicalId);
    },
    async read(request) {
      ask(request, 'DescribeAlarms', '*');
      const alarm = regions.in(request.account, request.region).find(request.physicalId);
      return alarm && liveAlarm(alarm);
    },
    unorderedProperties: ['Dimensions'],
  };
}

function settingsOf(reader: PropertyReader, name: string): AlarmSettings {
  return {
    AlarmName: name,
    AlarmDescription: reader.string('AlarmDescription'),
    ActionsEnabled: reader.boolean('ActionsEnabled'),
    OKActions: reader.strings('OKActions'),
    AlarmActions: reader.strings('AlarmActions'),
    InsufficientDataActions: reader.strings('InsufficientDataActions'),
    MetricName: reader.string('MetricName'),
    Namespace: reader.string('Namespace'),
    Statistic: reader.string('Statistic') as AlarmSettings['Statistic'],
    ExtendedStatistic: reader.string('ExtendedStatistic'),
    Dimensions: dimensions(reader),
    Period: reader.number('Period'),
    Unit: reader.string('Unit') as AlarmSettings['Unit'],
    EvaluationPeriods: reader.number('EvaluationPeriods'),
    DatapointsToAlarm: reader.number('DatapointsToAlarm'),
    Threshold: reader.number('Threshold'),
    ComparisonOperator: reader.string('ComparisonOperator') as AlarmSettings['ComparisonOperator'],
    TreatMissingData: reader.string('TreatMissingData'),
    EvaluateLowSampleCountPercentile: reader.string('EvaluateLowSampleCountPercentile'),
    Metrics: reader.objects('Metrics')?.map(queryOf),
  };
}

function queryOf(reader: PropertyReader): MetricQuery {
  const stat = reader.object('MetricStat');
  const metric = stat?.object('Metric');
  return {
    Id: reader.requiredString('Id'),
    Expression: reader.string('Expression'),
    Label: reader.string('Label'),
    ReturnData: reader.boolean('ReturnData'),
    Period: reader.number('Period'),
    AccountId: reader.string('AccountId'),
    MetricStat: stat && {
      Metric: {
        Namespace: metric?.string('Namespace'),
        MetricName: metric?.string('MetricName'),
        Dimensions: metric && dimensions(metric),
      },
      Period: stat.number('Period') ?? 0,
      Stat: stat.requiredString('Stat'),
      Unit: stat.string('Unit') as AlarmSettings['Unit'],
    },
  };
}

function dimensions(reader: PropertyReader): GivenDimension[] | undefined {
  return reader.objects('Dimensions')?.map((one) => ({
    Name: one.requiredString('Name'),
    Value: one.requiredString('Value'),
  }));
}

function liveAlarm(alarm: Alarm): LiveProperties {
  const { Tags: _tags, ...settings } = alarm.definition.settings;
  return {
    ...withoutUndefined(settings),
    ActionsEnabled: alarm.actionsEnabled,
    Tags: tagList(alarm.tags),
  };
}

function withoutUndefined(settings: object): Record<string, TemplateValue> {
  return JSON.parse(JSON.stringify(settings));
}
