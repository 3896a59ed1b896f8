import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import {
  type AdjustmentType,
  adjustmentType,
  type StepAdjustment,
  stepAdjustments,
} from './adjustment';
import type { PolicyInput, TrackingInput } from './api';
import { validationError } from './errors';
import type { GroupAddress } from './names';
import { policyArn } from './names';
import { checkTracking } from './tracking-settings';

/** An adjustment each time, with a cooldown. */
export interface SimplePolicy {
  readonly type: 'SimpleScaling';
  readonly adjustmentType: AdjustmentType;
  readonly adjustment: number;
  readonly minMagnitude: number | undefined;
  /** Seconds. */
  readonly cooldown: number | undefined;
}

/** An adjustment by how far a metric is from its threshold, with a warm-up. */
export interface StepPolicy {
  readonly type: 'StepScaling';
  readonly adjustmentType: AdjustmentType;
  readonly steps: readonly StepAdjustment[];
  readonly minMagnitude: number | undefined;
}

/** Capacity in proportion to a metric. */
export interface TrackingPolicy {
  readonly type: 'TargetTrackingScaling';
  readonly tracking: TrackingInput;
}

export type PolicyRule = SimplePolicy | StepPolicy | TrackingPolicy;

/** A dynamic scaling policy of a group. */
export interface ScalingPolicy {
  readonly name: string;
  readonly arn: string;
  readonly enabled: boolean;
  readonly rule: PolicyRule;
  /** Seconds. */
  readonly estimatedWarmup: number | undefined;
  readonly given: PolicyInput;
  /** Names of the alarms that a target tracking policy has made. */
  readonly alarms: { readonly high: string; readonly low: string } | undefined;
}

/** @throws ValidationError; NotImplementedError for predictive scaling */
export function scalingPolicy(
  group: GroupAddress,
  given: PolicyInput,
  before: ScalingPolicy | undefined,
  newId: () => string,
): ScalingPolicy {
  const rule = ruleOf(given);
  const arn = before?.arn ?? policyArn(group, newId(), given.PolicyName);
  const alarm = (side: string) => `TargetTracking-${group.name}-Alarm${side}-${newId()}`;
  return {
    name: given.PolicyName,
    arn,
    enabled: given.Enabled ?? true,
    rule,
    estimatedWarmup: given.EstimatedInstanceWarmup,
    given,
    alarms:
      rule.type === 'TargetTrackingScaling'
        ? (before?.alarms ?? { high: alarm('High'), low: alarm('Low') })
        : undefined,
  };
}

const common = ['AutoScalingGroupName', 'Enabled', 'PolicyName', 'PolicyType'] as const;

function ruleOf(given: PolicyInput): PolicyRule {
  switch (given.PolicyType ?? 'SimpleScaling') {
    case 'SimpleScaling':
      return simple(given);
    case 'StepScaling':
      acceptOnly('PutScalingPolicy of a step scaling policy', given, [
        ...common,
        'AdjustmentType',
        'EstimatedInstanceWarmup',
        'MetricAggregationType',
        'MinAdjustmentMagnitude',
        'StepAdjustments',
      ]);
      return {
        type: 'StepScaling',
        adjustmentType: adjustmentType(given.AdjustmentType),
        steps: stepAdjustments(given.StepAdjustments ?? []),
        minMagnitude: given.MinAdjustmentMagnitude,
      };
    case 'TargetTrackingScaling': {
      acceptOnly('PutScalingPolicy of a target tracking policy', given, [
        ...common,
        'EstimatedInstanceWarmup',
        'TargetTrackingConfiguration',
      ]);
      const { TargetTrackingConfiguration: tracking } = given;
      if (!tracking)
        throw validationError(
          'TargetTrackingConfiguration must be specified for policy type: TargetTrackingScaling',
        );
      checkTracking(tracking);
      return { type: 'TargetTrackingScaling', tracking };
    }
    case 'PredictiveScaling':
      throw new NotImplementedError('policies of type PredictiveScaling');
    default:
      throw validationError(`Policy type: ${given.PolicyType} is not valid.`);
  }
}

function simple(given: PolicyInput): SimplePolicy {
  acceptOnly('PutScalingPolicy of a simple scaling policy', given, [
    ...common,
    'AdjustmentType',
    'Cooldown',
    'MinAdjustmentMagnitude',
    'MinAdjustmentStep',
    'ScalingAdjustment',
  ]);
  if (given.ScalingAdjustment === undefined)
    throw validationError('ScalingAdjustment must be specified for policy type: SimpleScaling');
  return {
    type: 'SimpleScaling',
    adjustmentType: adjustmentType(given.AdjustmentType),
    adjustment: given.ScalingAdjustment,
    minMagnitude: given.MinAdjustmentMagnitude ?? given.MinAdjustmentStep,
    cooldown: given.Cooldown,
  };
}
