import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AutoScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { failuresOf } from '../validation';
import { outstanding, waiting } from './queue-metrics';
import type { IScaling, ScalingBindOptions, ScalingBounds } from './scaling-contract';
import { STEP_SCALING_RULES } from './step-scaling-rules';
import { wakeFromZero } from './wake';

/** From how many messages on how many instances are added. */
export interface ScaleOutStep {
  /** Messages that wait, from which on the step counts; at least 1. */
  readonly messages: number;

  /** Instances that are added; at least 1. */
  readonly instances: number;
}

/**
 * What `Scaling.step` can be told. Everything has a default.
 */
export interface StepScalingOptions {
  /**
   * How many instances are added, by the messages that wait; the messages ascend from step to step.
   *
   * A step counts each minute while the messages wait, but instances that are still warming up count as part of the step that asked
   * for them: a second one is not asked for before the first one has had time to work.
   *
   * @default - 1 from 1,000 messages on, 3 from 5,000 on
   */
  readonly scaleOut?: readonly ScaleOutStep[];

  /**
   * How long messages must wait in such numbers; whole minutes, 1 minute to an hour.
   *
   * @default Duration.minutes(1)
   */
  readonly scaleOutAfter?: Duration;

  /**
   * Messages waiting or in flight below which instances are removed; below that of the first step, and 1 (an empty queue) where the
   * group may go to zero.
   *
   * @default - a tenth of the first step; 1 where the group may go to zero
   */
  readonly scaleInBelow?: number;

  /**
   * Instances that are removed in each minute from then on; at least 1.
   *
   * @default 1
   */
  readonly scaleInBy?: number;

  /**
   * How long the queue must have been that empty; whole minutes, 1 minute to an hour.
   *
   * SQS's numbers are approximate, so one minute is not enough to go by.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleInAfter?: Duration;
}

const DEFAULT_SCALE_OUT: readonly ScaleOutStep[] = [
  { messages: 1_000, instances: 1 },
  { messages: 5_000, instances: 3 },
];

/** The options with their defaults, for a group with these bounds. */
export interface StepPlan extends ScalingBounds {
  readonly scaleOut: readonly ScaleOutStep[];
  readonly scaleOutAfter: Duration;
  readonly scaleInBelow: number;
  readonly scaleInBy: number;
  readonly scaleInAfter: Duration;
}

/** Two one-sided policies, each with its alarm. */
export class StepScaling implements IScaling {
  constructor(private readonly options: StepScalingOptions) {}

  public validate(bounds: ScalingBounds): readonly string[] {
    return failuresOf(planFor(this.options, bounds), STEP_SCALING_RULES);
  }

  public bind(scope: Construct, options: ScalingBindOptions): void {
    const plan = planFor(this.options, options);
    scaleOut(scope, options, plan);
    scaleIn(scope, options, plan);
    if (options.minCapacity === 0) {
      wakeFromZero(scope, options);
    }
  }
}

function planFor(options: StepScalingOptions, bounds: ScalingBounds): StepPlan {
  const steps = options.scaleOut ?? DEFAULT_SCALE_OUT;
  const [first] = steps;
  const tenth = Math.max(1, Math.floor((first?.messages ?? 0) / 10));
  return {
    minCapacity: bounds.minCapacity,
    maxCapacity: bounds.maxCapacity,
    scaleOut: steps,
    scaleOutAfter: options.scaleOutAfter ?? Duration.minutes(1),
    scaleInBelow: options.scaleInBelow ?? (bounds.minCapacity === 0 ? 1 : tenth),
    scaleInBy: options.scaleInBy ?? 1,
    scaleInAfter: options.scaleInAfter ?? Duration.minutes(5),
  };
}

function scaleOut(
  scope: Construct,
  { group, queue }: ScalingBindOptions,
  { scaleOut: steps, scaleOutAfter }: StepPlan,
): void {
  const policy = new autoscaling.StepScalingAction(scope, 'ScaleOutPolicy', {
    autoScalingGroup: group,
    adjustmentType: autoscaling.AdjustmentType.CHANGE_IN_CAPACITY,
    metricAggregationType: autoscaling.MetricAggregationType.MAXIMUM,
  });
  const threshold = steps[0]?.messages ?? 0;
  // The bounds of a step are counted from the alarm's threshold.
  for (const [index, { messages, instances }] of steps.entries()) {
    const next = steps[index + 1];
    policy.addAdjustment({
      adjustment: instances,
      lowerBound: messages - threshold,
      upperBound: next === undefined ? undefined : next.messages - threshold,
    });
  }
  new cloudwatch.Alarm(scope, 'ScaleOutAlarm', {
    metric: waiting(queue),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold,
    evaluationPeriods: scaleOutAfter.toMinutes(),
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: 'Not a fault: adds instances, as messages pile up.',
  }).addAlarmAction(new AutoScalingAction(policy));
}

function scaleIn(
  scope: Construct,
  { group, queue }: ScalingBindOptions,
  { scaleInAfter, scaleInBelow, scaleInBy }: StepPlan,
): void {
  const policy = new autoscaling.StepScalingAction(scope, 'ScaleInPolicy', {
    autoScalingGroup: group,
    adjustmentType: autoscaling.AdjustmentType.CHANGE_IN_CAPACITY,
    metricAggregationType: autoscaling.MetricAggregationType.MAXIMUM,
  });
  policy.addAdjustment({ adjustment: -scaleInBy, upperBound: 0 });
  new cloudwatch.Alarm(scope, 'ScaleInAlarm', {
    metric: outstanding(queue),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: scaleInBelow,
    evaluationPeriods: scaleInAfter.toMinutes(),
    // SQS says nothing about a queue that is not used: that is no reason to change anything.
    treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    alarmDescription: 'Not a fault: removes instances, as the queue has drained.',
  }).addAlarmAction(new AutoScalingAction(policy));
}
