import type { Clock, Timer } from '../../clock/clock';
import type { RandomSource } from '../../random/random';
import type { Announcements } from './announcements';
import { validationError } from './errors';
import type { Group } from './group';
import {
  globalTimeout,
  type LifecycleHook,
  type LifecycleResult,
  type Transition,
} from './lifecycle-hook';
import type { Member } from './member';

/** A hook that holds an instance. */
interface LifecycleAction {
  readonly token: string;
  readonly hook: LifecycleHook;
  readonly member: Member;
  /** When it ends at the latest. */
  readonly deadline: number;
  timer: Timer;
}

/** The hooks that hold one instance in one transition. */
interface Hold {
  readonly actions: Set<LifecycleAction>;
  readonly done: (result: LifecycleResult) => void;
}

/**
 * Which of an instance's hooks hold it, until each is completed or has timed out.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
 */
export class LifecycleActions {
  private readonly holds = new Map<Member, Hold>();

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly announcements: Announcements,
  ) {}

  /**
   * Has the hooks of a transition hold an instance.
   *
   * @param done - told once all are completed, or one of them abandons the instance
   * @returns whether there are any; if not, `done` is not called
   */
  begin(
    group: Group,
    member: Member,
    transition: Transition,
    done: (result: LifecycleResult) => void,
  ): boolean {
    const hooks = [...group.hooks.values()].filter((hook) => hook.transition === transition);
    if (hooks.length === 0) return false;
    const now = this.clock.now();
    const actions = hooks.map((hook): LifecycleAction => {
      const action: LifecycleAction = {
        token: this.random.stream(`autoscaling/${group.arn}/tokens`).uuid(),
        hook,
        member,
        deadline: now + globalTimeout(hook) * 1000,
        timer: this.heartbeat(hook, member, () => this.end(action, hook.defaultResult)),
      };
      return action;
    });
    this.holds.set(member, { actions: new Set(actions), done });
    for (const { hook, token } of actions)
      this.announcements.lifecycleAction(group, member, hook, token);
    return true;
  }

  /** @throws ValidationError if the hook holds no such instance */
  complete(
    group: Group,
    hookName: string,
    reference: ActionReference,
    result: LifecycleResult,
  ): void {
    this.end(this.find(group, hookName, reference), result);
  }

  /** Gives a hook its whole heartbeat timeout again. @throws ValidationError if the hook holds no such instance */
  recordHeartbeat(group: Group, hookName: string, reference: ActionReference): void {
    const action = this.find(group, hookName, reference);
    const { hook, member } = action;
    action.timer.cancel();
    const end = () => this.end(action, hook.defaultResult);
    const due = this.clock.now() + hook.heartbeatTimeout * 1000;
    action.timer =
      due <= action.deadline
        ? this.heartbeat(hook, member, end)
        : this.clock.at(action.deadline, label(hook, member), end);
  }

  /** Names of the hooks that hold an instance. */
  holding(member: Member): string[] {
    return [...(this.holds.get(member)?.actions ?? [])].map(({ hook }) => hook.name);
  }

  /** Has what a hook holds go on. */
  hookDeleted(group: Group, hookName: string): void {
    for (const member of group.all)
      for (const action of [...(this.holds.get(member)?.actions ?? [])])
        if (action.hook.name === hookName) this.end(action, 'CONTINUE');
  }

  /** Lets go of an instance without a result. */
  cancel(member: Member): void {
    for (const { timer } of this.holds.get(member)?.actions ?? []) timer.cancel();
    this.holds.delete(member);
  }

  private heartbeat(hook: LifecycleHook, member: Member, end: () => void): Timer {
    return this.clock.after(hook.heartbeatTimeout * 1000, label(hook, member), end);
  }

  private end(action: LifecycleAction, result: LifecycleResult): void {
    const { member } = action;
    const hold = this.holds.get(member);
    if (!hold?.actions.delete(action)) return;
    action.timer.cancel();
    if (result === 'CONTINUE' && hold.actions.size > 0) return;
    this.cancel(member);
    hold.done(result);
  }

  private find(group: Group, hookName: string, reference: ActionReference): LifecycleAction {
    const { instanceId, token } = reference;
    const member = instanceId === undefined ? undefined : group.members.get(instanceId);
    const holds = member ? [this.holds.get(member)] : group.all.map((one) => this.holds.get(one));
    for (const hold of holds)
      for (const action of hold?.actions ?? [])
        if (
          action.hook.name === hookName &&
          (token === undefined ? member !== undefined : action.token === token)
        )
          return action;
    throw validationError(
      token === undefined
        ? `No active Lifecycle Action found with instance ID ${instanceId}`
        : `No active Lifecycle Action found with token ${token}`,
    );
  }
}

/** How a caller names the action that it means. */
export interface ActionReference {
  readonly instanceId: string | undefined;
  readonly token: string | undefined;
}

function label(hook: LifecycleHook, member: Member): string {
  return `lifecycle hook ${hook.name} of ${member.id}`;
}
