import type { AutoScaling } from '@aws-sdk/client-auto-scaling';

/** How a group stands. */
export interface GroupState {
  /** How many it is to have. */
  readonly desired: number;
  readonly inService: readonly { readonly id: string; readonly zone: string }[];
  /** How many it has, those that come and go included. */
  readonly all: number;
}

/** The group of the encoders, as a person sees it. */
export class Encoders {
  constructor(
    private readonly autoScaling: AutoScaling,
    private readonly group: string,
  ) {}

  async look(): Promise<GroupState> {
    const { AutoScalingGroups: [group] = [] } = await this.autoScaling.describeAutoScalingGroups({
      AutoScalingGroupNames: [this.group],
    });
    const instances = group?.Instances ?? [];
    return {
      desired: group?.DesiredCapacity ?? 0,
      inService: instances
        .filter(({ LifecycleState }) => LifecycleState === 'InService')
        .map(({ AvailabilityZone: zone = '', InstanceId: id = '' }) => ({ id, zone })),
      all: instances.length,
    };
  }

  /** How many were launched and terminated so far. */
  async activities(): Promise<{ readonly launched: number; readonly terminated: number }> {
    let [launched, terminated] = [0, 0];
    let NextToken: string | undefined;
    do {
      const page = await this.autoScaling.describeScalingActivities({
        AutoScalingGroupName: this.group,
        NextToken,
      });
      for (const { Description = '', StatusCode } of page.Activities ?? []) {
        if (StatusCode !== 'Successful') continue;
        if (Description.startsWith('Launching')) launched += 1;
        if (Description.startsWith('Terminating')) terminated += 1;
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { launched, terminated };
  }
}
