import {
  AutoScaling,
  type PutScheduledUpdateGroupActionCommandInput,
} from '@aws-sdk/client-auto-scaling';
import type { Emulator } from '../../../src';
import type { DriftCase } from './drift-case';

/** Changes of Auto Scaling groups and what belongs to them. */
export const groups: readonly DriftCase[] = [
  {
    what: 'a group may have more instances, and has another tag',
    resource: 'Group',
    change: async (aws, id) => {
      const client = aws.client(AutoScaling);
      const AutoScalingGroupName = id('Group');
      await client.updateAutoScalingGroup({ AutoScalingGroupName, MaxSize: 5 });
      const tag = { ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group' };
      await client.createOrUpdateTags({
        Tags: [{ ...tag, Key: 'team', Value: 'none', PropagateAtLaunch: true }],
      });
    },
    differences: [
      ['/MaxSize', 'NOT_EQUAL', '2', '5'],
      ['/Tags/0/Value', 'NOT_EQUAL', 'shop', 'none'],
    ],
  },
  {
    what: 'a group is gone',
    resource: 'Group',
    change: (aws, id) =>
      aws
        .client(AutoScaling)
        .deleteAutoScalingGroup({ AutoScalingGroupName: id('Group'), ForceDelete: true }),
    differences: 'DELETED',
  },
  {
    what: 'a hook gives instances less time',
    resource: 'GroupHook',
    change: (aws, id) =>
      aws.client(AutoScaling).putLifecycleHook({
        AutoScalingGroupName: id('Group'),
        LifecycleHookName: id('GroupHook'),
        HeartbeatTimeout: 30,
      }),
    differences: [['/HeartbeatTimeout', 'NOT_EQUAL', '300', '30']],
  },
  {
    what: 'a policy adds more instances',
    resource: 'GroupPolicy',
    change: async (aws, id) => {
      const client = aws.client(AutoScaling);
      const { ScalingPolicies: [policy] = [] } = await client.describePolicies({});
      return client.putScalingPolicy({
        AutoScalingGroupName: id('Group'),
        PolicyName: policy?.PolicyName,
        PolicyType: 'StepScaling',
        AdjustmentType: 'ChangeInCapacity',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
      });
    },
    differences: [['/StepAdjustments/0/ScalingAdjustment', 'NOT_EQUAL', '1', '2']],
  },
  {
    what: 'a scheduled action asks for more instances',
    resource: 'GroupSchedule',
    change: (aws, id) => reschedule(aws, id, { MinSize: 2 }),
    differences: [['/MinSize', 'NOT_EQUAL', '1', '2']],
  },
];

function reschedule(
  aws: Emulator,
  id: (logicalId: string) => string,
  more: Partial<PutScheduledUpdateGroupActionCommandInput>,
) {
  return aws.client(AutoScaling).putScheduledUpdateGroupAction({
    AutoScalingGroupName: id('Group'),
    ScheduledActionName: id('GroupSchedule'),
    Recurrence: '0 9 * * 1-5',
    TimeZone: 'Europe/Vienna',
    ...more,
  });
}
