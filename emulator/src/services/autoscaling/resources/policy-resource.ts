import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type TemplateValue,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState } from '../../resource-updates';
import type { PolicyInput, TrackingInput } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import type { ScalingPolicy } from '../scaling-policy';
import { scalingPolicy } from '../scaling-policy';
import { type TrackingQuery, unsupportedMetric } from '../tracking-settings';

const type = 'AWS::AutoScaling::ScalingPolicy';

const supported = [
  'AdjustmentType',
  'AutoScalingGroupName',
  'Cooldown',
  'EstimatedInstanceWarmup',
  'MetricAggregationType',
  'MinAdjustmentMagnitude',
  'PolicyType',
  'ScalingAdjustment',
  'StepAdjustments',
  'TargetTrackingConfiguration',
];

/**
 * Ref is the policy's ARN.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-scalingpolicy.html
 */
export function policyProvider(state: AutoScalingState): ResourceProvider {
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => [
      ...unsupportedProperties(type, properties, supported),
      ...unsupportedTracking(new PropertyReader(properties)),
    ],
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const policy = put(state, request, reader, request.generateName(255));
      return { physicalId: policy.arn, attributes: { Arn: policy.arn, PolicyName: policy.name } };
    },
    async update(request) {
      const reader = new PropertyReader(request.properties);
      const { policy } = state.policy(request, request.physicalId, undefined);
      put(state, request, reader, policy.name);
      return sameState(request);
    },
    async delete(request) {
      const reader = new PropertyReader(request.properties);
      const group = state.find(request, reader.requiredString('AutoScalingGroupName'));
      if (!group) return;
      state.authorize(request.caller, 'DeletePolicy', group.arn);
      const policy = [...group.policies.values()].find(({ arn }) => arn === request.physicalId);
      if (policy) state.deletePolicy(group, policy);
    },
    async read(request) {
      state.authorize(request.caller, 'DescribePolicies', '*');
      const reader = new PropertyReader(request.properties);
      const group = state.find(request, reader.requiredString('AutoScalingGroupName'));
      const policy = [...(group?.policies.values() ?? [])].find(
        ({ arn }) => arn === request.physicalId,
      );
      return policy && livePolicy(policy);
    },
  };
}

function put(
  state: AutoScalingState,
  request: ResourceRequest,
  reader: PropertyReader,
  name: string,
): ScalingPolicy {
  const group = state.get(request, reader.requiredString('AutoScalingGroupName'));
  state.authorize(request.caller, 'PutScalingPolicy', group.arn);
  const { random } = state.env;
  const policy = scalingPolicy(
    group.address,
    inputOf(reader, group.name, name),
    group.policies.get(name),
    () => random.stream(`autoscaling/${group.arn}/policies`).uuid(),
  );
  state.putPolicy(group, policy);
  return policy;
}

function inputOf(reader: PropertyReader, groupName: string, name: string): PolicyInput {
  const cooldown = reader.string('Cooldown');
  return {
    AutoScalingGroupName: groupName,
    PolicyName: name,
    PolicyType: reader.string('PolicyType'),
    AdjustmentType: reader.string('AdjustmentType'),
    Cooldown: cooldown === undefined ? undefined : Number(cooldown),
    EstimatedInstanceWarmup: reader.number('EstimatedInstanceWarmup'),
    MetricAggregationType: reader.string('MetricAggregationType'),
    MinAdjustmentMagnitude: reader.number('MinAdjustmentMagnitude'),
    ScalingAdjustment: reader.number('ScalingAdjustment'),
    StepAdjustments: reader.objects('StepAdjustments')?.map((step) => ({
      MetricIntervalLowerBound: step.number('MetricIntervalLowerBound'),
      MetricIntervalUpperBound: step.number('MetricIntervalUpperBound'),
      ScalingAdjustment: step.number('ScalingAdjustment') ?? 0,
    })),
    TargetTrackingConfiguration: trackingOf(reader.object('TargetTrackingConfiguration')),
  };
}

function trackingOf(reader: PropertyReader | undefined): TrackingInput | undefined {
  if (!reader) return undefined;
  const customized = reader.object('CustomizedMetricSpecification');
  const predefined = reader.object('PredefinedMetricSpecification');
  return {
    TargetValue: reader.number('TargetValue') ?? 0,
    DisableScaleIn: reader.boolean('DisableScaleIn'),
    PredefinedMetricSpecification: predefined && {
      PredefinedMetricType: predefined.requiredString('PredefinedMetricType') as NonNullable<
        TrackingInput['PredefinedMetricSpecification']
      >['PredefinedMetricType'],
      ResourceLabel: predefined.string('ResourceLabel'),
    },
    CustomizedMetricSpecification: customized && {
      MetricName: customized.string('MetricName'),
      Namespace: customized.string('Namespace'),
      Dimensions: dimensions(customized),
      Statistic: customized.string('Statistic') as NonNullable<
        TrackingInput['CustomizedMetricSpecification']
      >['Statistic'],
      Unit: customized.string('Unit'),
      Period: customized.number('Period'),
      Metrics: customized.objects('Metrics')?.map(queryOf),
    },
  };
}

function queryOf(reader: PropertyReader): TrackingQuery {
  const stat = reader.object('MetricStat');
  const metric = stat?.object('Metric');
  return {
    Id: reader.requiredString('Id'),
    Expression: reader.string('Expression'),
    Label: reader.string('Label'),
    Period: reader.number('Period'),
    ReturnData: reader.boolean('ReturnData'),
    MetricStat: stat && {
      Metric: {
        MetricName: metric?.string('MetricName') ?? '',
        Namespace: metric?.string('Namespace') ?? '',
        Dimensions: metric && dimensions(metric),
      },
      Stat: stat.requiredString('Stat'),
      Unit: stat.string('Unit'),
      Period: stat.number('Period'),
    },
  };
}

function dimensions(reader: PropertyReader) {
  return reader.objects('Dimensions')?.map((one) => ({
    Name: one.requiredString('Name'),
    Value: one.requiredString('Value'),
  }));
}

/** What a target tracking policy follows is known before it is deployed, apart from the names in it. */
function unsupportedTracking(reader: PropertyReader): string[] {
  const policyType = reader.string('PolicyType');
  if (policyType === 'PredictiveScaling')
    return [`${type} does not support PolicyType PredictiveScaling`];
  const predefined = reader
    .object('TargetTrackingConfiguration')
    ?.object('PredefinedMetricSpecification')
    ?.string('PredefinedMetricType');
  const reason = predefined === undefined ? undefined : unsupportedMetric(predefined);
  return reason === undefined ? [] : [`${type} does not support ${reason}`];
}

function livePolicy(policy: ScalingPolicy): Record<string, TemplateValue> {
  const { PolicyName: _name, Enabled: _enabled, ...given } = policy.given;
  return JSON.parse(
    JSON.stringify({
      ...given,
      PolicyType: policy.rule.type,
      Cooldown: given.Cooldown === undefined ? undefined : String(given.Cooldown),
    }),
  );
}
