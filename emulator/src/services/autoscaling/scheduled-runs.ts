import type { Clock, Timer } from '../../clock/clock';
import type { Capacity } from './capacity';
import type { Group } from './group';
import { nextRun, type ScheduledAction } from './scheduled-action';

/** Carries out scheduled actions when they are due. */
export class ScheduledRuns {
  private readonly timers = new Map<string, Timer>();

  constructor(
    private readonly clock: Clock,
    private readonly capacity: Capacity,
  ) {}

  /** Puts an action in place of the one of its name. */
  put(group: Group, action: ScheduledAction): void {
    group.scheduledActions.set(action.name, action);
    this.wait(group, action, this.clock.now());
  }

  delete(group: Group, action: ScheduledAction): void {
    this.timers.get(action.arn)?.cancel();
    this.timers.delete(action.arn);
    group.scheduledActions.delete(action.name);
  }

  private wait(group: Group, action: ScheduledAction, after: number): void {
    this.timers.get(action.arn)?.cancel();
    const due = nextRun(action, after);
    // AWS forgets an action that will not run again.
    if (due === undefined) {
      this.delete(group, action);
      return;
    }
    const timer = this.clock.at(due, `scheduled action ${action.arn}`, () => {
      if (!group.suspended.has('ScheduledActions')) this.run(group, action);
      this.wait(group, action, due);
    });
    this.timers.set(action.arn, timer);
  }

  private run(group: Group, action: ScheduledAction): void {
    const { settings } = group;
    group.metrics.touch(this.clock.now());
    const minSize = action.minSize ?? settings.minSize;
    const maxSize = Math.max(minSize, action.maxSize ?? settings.maxSize);
    group.settings = { ...settings, minSize, maxSize };
    const desired = action.desired ?? group.desired;
    this.capacity.change(
      group,
      desired,
      `a scheduled action update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${desired}`,
    );
  }
}
