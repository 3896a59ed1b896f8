import type { Clock } from '../../clock/clock';
import { at } from './activity';
import type { Group } from './group';
import type { InstanceFleet } from './instance-fleet';
import type { InstanceLifecycle } from './instance-lifecycle';
import { isPending } from './member';
import { chooseVictim } from './termination-policies';
import { countByZone, emptiestZone, imbalanceOf } from './zone-balance';

const minute = 60_000;

/** Launching is tried again after a minute, then after twice as long each time, up to this. */
const longestRetry = 16 * minute;

/** Keeps groups at their desired capacity, healthy, and balanced between their zones. */
export class Capacity {
  private readonly looking = new Set<Group>();

  constructor(
    private readonly clock: Clock,
    private readonly fleet: InstanceFleet,
    private readonly lifecycle: InstanceLifecycle,
  ) {}

  /** Looks after a group, again and again until there is nothing left to do now. */
  wake(group: Group): void {
    group.unseen = true;
    if (this.looking.has(group)) return;
    this.looking.add(group);
    try {
      while (group.unseen) {
        group.unseen = false;
        this.look(group);
      }
    } finally {
      this.looking.delete(group);
    }
    for (const listener of [...group.whenChanged]) listener();
  }

  /** Sets a desired capacity, within the group's bounds. @returns whether it is another than before */
  change(
    group: Group,
    desired: number,
    reason: string,
    { byPolicy = false }: { readonly byPolicy?: boolean } = {},
  ): boolean {
    const { maxSize, minSize } = group.settings;
    const bounded = Math.min(maxSize, Math.max(minSize, desired));
    const before = group.desired;
    if (bounded === before) return false;
    const now = this.clock.now();
    group.metrics.touch(now);
    group.desired = bounded;
    group.change = {
      cause: `${at(now)} ${reason} changing the desired capacity from ${before} to ${bounded}.`,
      byPolicy,
    };
    this.wake(group);
    return true;
  }

  private wakeAt(group: Group, time: number): void {
    if (group.timer && group.timer.due <= time) return;
    group.timer?.cancel();
    group.timer = this.clock.at(time, `capacity of ${group.arn}`, () => {
      group.timer = undefined;
      this.wake(group);
    });
  }

  private look(group: Group): void {
    if (group.deleted) return;
    if (!group.rolling) this.endSurplus(group);
    this.replaceUnhealthy(group);
    const counting = group.counting.length;
    const wanted = group.desired + group.surplus;
    if (counting < wanted) this.scaleOut(group, wanted - counting);
    else if (group.rolling) return;
    else if (counting > wanted) this.scaleIn(group, counting - wanted);
    else this.rebalance(group);
    const now = group.counting.length;
    if (now === group.desired && group.surplus === 0) group.change = undefined;
  }

  private replaceUnhealthy(group: Group): void {
    if (group.suspended.has('ReplaceUnhealthy') || group.suspended.has('Terminate')) return;
    for (const member of group.counting) {
      if (member.unhealthy === undefined) continue;
      group.replacements += 1;
      this.lifecycle.terminate(
        group,
        member,
        `${at(this.clock.now())} an instance was taken out of service in response to ${member.unhealthy}`,
      );
    }
  }

  private scaleOut(group: Group, count: number): void {
    if (group.suspended.has('Launch')) return;
    const now = this.clock.now();
    if (now < group.retryAt) {
      this.wakeAt(group, group.retryAt);
      return;
    }
    const from = group.counting.length;
    for (let i = 0; i < count; i++) {
      const replaces = group.replacements > 0;
      if (replaces) group.replacements -= 1;
      const cause = replaces
        ? `${at(now)} an instance was launched in response to an unhealthy instance needing to be replaced.`
        : this.growthCause(group, from, from + count);
      if (!this.launchSomewhere(group, cause)) {
        group.failures += 1;
        group.retryAt = now + Math.min(longestRetry, minute * 2 ** (group.failures - 1));
        this.wakeAt(group, group.retryAt);
        return;
      }
    }
  }

  private growthCause(group: Group, from: number, to: number): string {
    const started = `${at(this.clock.now())} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${to}.`;
    return group.change ? `${group.change.cause}  ${started}` : started;
  }

  /** Tries the zones one after the other, the emptiest first. */
  private launchSomewhere(group: Group, cause: string): boolean {
    const tried = new Set<string>();
    const usable = group.zoneNames.filter((zone) => this.fleet.zoneIsUsable(group.address, zone));
    const zones = usable.length > 0 ? usable : group.zoneNames;
    const byPolicy = group.change?.byPolicy ?? false;
    while (tried.size < zones.length) {
      const left = zones.filter((zone) => !tried.has(zone));
      const staying = group.counting.filter(({ outdated }) => !outdated);
      const zone = emptiestZone(countByZone(left, staying));
      if (zone === undefined) return false;
      if (this.lifecycle.launch(group, { zone, cause, byPolicy })) return true;
      tried.add(zone);
    }
    return false;
  }

  private scaleIn(group: Group, count: number): void {
    if (group.suspended.has('Terminate')) return;
    const from = group.counting.length;
    const now = this.clock.now();
    for (let i = 0; i < count; i++) {
      const candidates = group.counting.filter(
        ({ inService, protectedFromScaleIn }) => inService && !protectedFromScaleIn,
      );
      const victim = chooseVictim(
        candidates,
        group.counting,
        group.settings.terminationPolicies,
        now,
      );
      if (!victim) return;
      const shrunk = `${at(now)} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${from - count}.`;
      const chosen = `${at(now)} instance ${victim.id} was selected for termination.`;
      const causes = [...(group.change ? [group.change.cause] : []), shrunk, chosen];
      this.lifecycle.terminate(group, victim, causes.join('  '));
    }
  }

  /**
   * Starts an instance in a zone that has too few, before one goes from a zone that has too many.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html
   */
  private rebalance(group: Group): void {
    const { suspended } = group;
    if (suspended.has('AZRebalance') || suspended.has('Launch') || suspended.has('Terminate'))
      return;
    if (group.surplus > 0 || group.all.some(({ inService }) => !inService)) return;
    if (this.clock.now() < group.retryAt) return;
    const outside = group.counting.filter(({ zone }) => !group.zoneNames.includes(zone));
    const counts = countByZone(
      [...group.zoneNames, ...new Set(outside.map(({ zone }) => zone))],
      group.counting,
    );
    const movable = (zone: string) =>
      group.counting.some(
        (member) => member.zone === zone && member.inService && !member.protectedFromScaleIn,
      );
    const usable = (zone: string) =>
      group.zoneNames.includes(zone) && this.fleet.zoneIsUsable(group.address, zone);
    const imbalance = imbalanceOf(counts, usable, movable);
    if (!imbalance) return;
    const now = at(this.clock.now());
    group.surplus = 1;
    const launched = this.lifecycle.launch(group, {
      zone: imbalance.to,
      byPolicy: false,
      cause: `${now} instances were launched to balance instances in zones ${imbalance.to} with other zones resulting in more than desired number of instances in the group.  ${now} availability zones ${imbalance.from} ${imbalance.to} had ${counts.get(imbalance.from)} ${counts.get(imbalance.to)} instances respectively. An instance was launched to aid in balancing the group's zones.`,
    });
    if (!launched) {
      group.surplus = 0;
      group.retryAt = this.clock.now() + minute;
      this.wakeAt(group, group.retryAt);
    }
  }

  private endSurplus(group: Group): void {
    if (group.surplus > 0 && !group.all.some(({ state }) => isPending(state))) group.surplus = 0;
  }
}
