import type { Caller } from '../../iam/caller';
import type { AutoScalingState } from './autoscaling-state';
import type { Group } from './group';
import { isLeaving } from './member';
import type { Place } from './names';
import { setProtection } from './operations/instance-operations';

/** An instance of a group, as the programs on it know it. */
export interface GroupMember {
  readonly instanceId: string;
  readonly zone: string;
  /** `leaving` from when it was chosen to be terminated. */
  readonly phase: 'coming' | 'in service' | 'leaving' | 'standby';
}

/** What the programs on the instances of a group can do with it. */
export class GroupMembership {
  constructor(
    private readonly state: AutoScalingState,
    private readonly group: Group,
  ) {}

  get name(): string {
    return this.group.name;
  }

  get place(): Place {
    return this.group.address;
  }

  members(): GroupMember[] {
    if (this.group.deleted) return [];
    return this.group.all.map(({ id, inService, state, zone }) => ({
      instanceId: id,
      zone,
      phase: isLeaving(state)
        ? 'leaving'
        : inService
          ? 'in service'
          : state === 'Standby'
            ? 'standby'
            : 'coming',
    }));
  }

  /** Calls `listener` whenever an instance has come, gone or changed. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.group.whenChanged.add(listener);
    return () => this.group.whenChanged.delete(listener);
  }

  /** As SetInstanceProtection. @throws ServiceError AccessDenied, ValidationError */
  protect(instanceId: string, isProtected: boolean, caller: Caller): void {
    this.state.authorize(caller, 'SetInstanceProtection', this.group.arn);
    setProtection(this.state, this.group, [instanceId], isProtected);
  }

  /** As CompleteLifecycleAction, for every hook that holds the instance. @throws ServiceError AccessDenied */
  finish(instanceId: string, caller: Caller): void {
    const member = this.group.members.get(instanceId);
    if (!member) return;
    const { actions } = this.state;
    for (const hookName of actions.holding(member)) {
      this.state.authorize(caller, 'CompleteLifecycleAction', this.group.arn);
      actions.complete(this.group, hookName, { instanceId, token: undefined }, 'CONTINUE');
    }
  }
}
