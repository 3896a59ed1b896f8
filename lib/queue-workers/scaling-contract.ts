import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** How small and how large the group may become. */
export interface ScalingBounds {
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

/** What a strategy is given when it is put to use. */
export interface ScalingBindOptions extends ScalingBounds {
  readonly group: autoscaling.AutoScalingGroup;
  readonly queue: sqs.IQueue;
}

/**
 * How the size of a group follows its queue. Made by the methods of `Scaling`; implement it for a strategy of your own.
 */
export interface IScaling {
  /** What is wrong with the strategy's options, also for a group with these bounds; a sentence each. */
  validate(bounds: ScalingBounds): readonly string[];

  /**
   * Makes the policies and what triggers them.
   *
   * @param scope is the strategy's own; called once
   */
  bind(scope: Construct, options: ScalingBindOptions): void;
}
