import type { InputOf, OutputOf } from '../../protocol/handlers';

/** The SDK client whose operations EC2 Auto Scaling answers. */
export type Api = typeof import('@aws-sdk/client-auto-scaling');

/** What a group is made of, as CreateAutoScalingGroup takes it. */
export type GroupInput = InputOf<Api, 'CreateAutoScalingGroup'>;

/** What a policy is made of, as PutScalingPolicy takes it. */
export type PolicyInput = InputOf<Api, 'PutScalingPolicy'>;

/** How a policy follows a metric. */
export type TrackingInput = NonNullable<PolicyInput['TargetTrackingConfiguration']>;

/** What a hook is made of, as PutLifecycleHook takes it. */
export type HookInput = InputOf<Api, 'PutLifecycleHook'>;

/** What a scheduled action is made of, as PutScheduledUpdateGroupAction takes it. */
export type ScheduledActionInput = InputOf<Api, 'PutScheduledUpdateGroupAction'>;

/** A group as DescribeAutoScalingGroups shows it. */
export type GroupDescription = NonNullable<
  OutputOf<Api, 'DescribeAutoScalingGroups'>['AutoScalingGroups']
>[number];

/** An activity as DescribeScalingActivities shows it. */
export type ActivityDescription = NonNullable<
  OutputOf<Api, 'DescribeScalingActivities'>['Activities']
>[number];

/** A policy as DescribePolicies shows it. */
export type PolicyDescription = NonNullable<
  OutputOf<Api, 'DescribePolicies'>['ScalingPolicies']
>[number];
