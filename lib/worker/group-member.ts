import {
  type AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingInstancesCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetInstanceProtectionCommand,
} from '@aws-sdk/client-auto-scaling';
import type { InstanceMetadata } from './instance-metadata';

interface Membership {
  readonly instanceId: string;
  readonly groupName: string;
}

/** This instance as a member of its Auto Scaling group. */
export class GroupMember {
  private membership: Membership | undefined;

  constructor(
    private readonly client: Pick<AutoScalingClient, 'send'>,
    private readonly metadata: Pick<InstanceMetadata, 'instanceId' | 'targetLifecycleState'>,
    private readonly hookName: string,
  ) {}

  /** Whether the group is about to terminate the instance. */
  public async isLeaving(): Promise<boolean> {
    return (await this.metadata.targetLifecycleState()) === 'Terminated';
  }

  /** Protects the instance from scale-in, or no longer. */
  public async setProtected(isProtected: boolean): Promise<void> {
    const { groupName, instanceId } = await this.find();
    await this.client.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName: groupName,
        InstanceIds: [instanceId],
        ProtectedFromScaleIn: isProtected,
      }),
    );
  }

  /** Asks for more time before the instance is terminated. */
  public async askForTime(): Promise<void> {
    await this.client.send(new RecordLifecycleActionHeartbeatCommand(await this.action()));
  }

  /** Says that the instance may be terminated. */
  public async complete(): Promise<void> {
    await this.client.send(
      new CompleteLifecycleActionCommand({
        ...(await this.action()),
        LifecycleActionResult: 'CONTINUE',
      }),
    );
  }

  private async action() {
    const { groupName, instanceId } = await this.find();
    return {
      AutoScalingGroupName: groupName,
      InstanceId: instanceId,
      LifecycleHookName: this.hookName,
    };
  }

  /**
   * By itself: its launch template cannot name the group that is made from it.
   *
   * An instance may start before its role has the right to ask, so whoever fails here asks again later.
   */
  private async find(): Promise<Membership> {
    if (this.membership === undefined) {
      const instanceId = await this.metadata.instanceId();
      const { AutoScalingInstances: [instance] = [] } = await this.client.send(
        new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId] }),
      );
      if (instance?.AutoScalingGroupName === undefined) {
        throw new Error(`${instanceId} is in no Auto Scaling group`);
      }
      this.membership = { instanceId, groupName: instance.AutoScalingGroupName };
    }
    return this.membership;
  }
}
