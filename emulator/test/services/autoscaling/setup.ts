import { AutoScaling, type CreateAutoScalingGroupCommandInput } from '@aws-sdk/client-auto-scaling';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { scalingAlarms, scalingOf } from '../../../src/composition/scaling-alarms';
import {
  type AutoScalingOptions,
  createAutoScaling,
  type GroupEvent,
} from '../../../src/services/autoscaling';
import { createCloudWatch } from '../../../src/services/cloudwatch';
import { clientOf, environment } from '../../support/service-harness';
import { SmallFleet, SmallTargetGroups } from './small-fleet';

export const minute = 60_000;

/** What was told to a topic or a queue. */
export interface Told {
  readonly to: string;
  readonly by: string;
  readonly subject: string | undefined;
  readonly message: Record<string, unknown>;
}

/** Auto Scaling on a small fleet, with CloudWatch, and with clients for both. */
export function autoScalingSetup() {
  const { asked, clock, env, metrics } = environment();
  const fleet = new SmallFleet(clock);
  const targetGroups = new SmallTargetGroups(clock);
  const told: Told[] = [];
  const events: GroupEvent[] = [];
  const audience: AutoScalingOptions['audience'] = {
    publish: (to, subject, text, { arn }) =>
      void told.push({ to, by: arn, subject, message: JSON.parse(text) }),
    send: (to, text, { arn }) =>
      void told.push({ to, by: arn, subject: undefined, message: JSON.parse(text) }),
    event: (event) => void events.push(event),
  };
  const cloudWatchService = createCloudWatch(env, {
    metrics,
    topics: { publish: () => undefined },
    functions: { invoke: () => undefined },
    scaling: scalingOf(() => service),
  });
  const service = createAutoScaling(env, {
    fleet,
    targetGroups,
    audience,
    alarms: scalingAlarms(cloudWatchService),
  });
  const configuration = clientOf(env, [service, cloudWatchService]);
  const client = new AutoScaling(configuration);
  const described = async () => {
    const { AutoScalingGroups: [group] = [] } = await client.describeAutoScalingGroups({
      AutoScalingGroupNames: ['workers'],
    });
    if (!group) throw new Error('no group');
    return group;
  };
  return {
    asked,
    clock,
    env,
    fleet,
    targetGroups,
    told,
    events,
    service,
    client,
    cloudWatch: new CloudWatch(configuration),

    /** Makes the group `workers` and waits until its instances are in service. */
    async group(settings: Partial<CreateAutoScalingGroupCommandInput> = {}): Promise<void> {
      await client.createAutoScalingGroup({
        AutoScalingGroupName: 'workers',
        LaunchTemplate: { LaunchTemplateName: 'workers' },
        MinSize: 0,
        MaxSize: 10,
        VPCZoneIdentifier: 'subnet-a,subnet-b,subnet-c',
        ...settings,
      });
      await clock.advance(minute);
    },

    described,

    async instances() {
      const { Instances = [] } = await described();
      return Instances;
    },

    /** Causes of the activities, the latest first. */
    async causes(): Promise<string[]> {
      const { Activities = [] } = await client.describeScalingActivities({
        AutoScalingGroupName: 'workers',
      });
      return Activities.map(({ Cause = '' }) => Cause);
    },
  };
}
