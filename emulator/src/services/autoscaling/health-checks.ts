import type { Clock } from '../../clock/clock';
import type { Capacity } from './capacity';
import type { Group } from './group';
import type { Member } from './member';

/** Who checks the health of instances. */
export type HealthCheckType = 'EC2' | 'ELB';

const words: Readonly<Record<HealthCheckType, string>> = {
  EC2: 'an EC2 instance status checks failure.',
  ELB: 'an ELB system health check failure.',
};

/**
 * What health checks say of instances, which counts once an instance has been in service for its group's grace period.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 */
export class HealthChecks {
  constructor(
    private readonly clock: Clock,
    private readonly capacity: Capacity,
  ) {}

  /** A health check of an instance has begun to fail, or to pass again. */
  report(group: Group, member: Member, type: HealthCheckType, passes: boolean): void {
    if (passes) {
      member.failedChecks.delete(type);
      return;
    }
    member.failedChecks.add(type);
    this.judge(group, member);
  }

  private judge(group: Group, member: Member): void {
    if (!member.inService || group.suspended.has('HealthCheck')) return;
    const { gracePeriod, healthCheckTypes } = group.settings;
    // EC2's checks count always; others where the group asks for them.
    const failed = [...member.failedChecks].find(
      (type) => type === 'EC2' || healthCheckTypes.includes(type),
    );
    if (failed === undefined) return;
    const fair = (member.inServiceAt ?? 0) + gracePeriod * 1000;
    if (this.clock.now() < fair) {
      this.clock.at(fair, `health check of ${member.id}`, () => this.judge(group, member));
      return;
    }
    member.unhealthy ??= words[failed];
    this.capacity.wake(group);
  }
}
