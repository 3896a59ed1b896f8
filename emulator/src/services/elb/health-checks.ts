import type { Clock } from '../../clock/clock';
import type { ElbRegion } from './elb-region';
import type { Target, TargetReason, TargetState } from './target';
import { type Destination, NoAnswerError, send } from './target-connection';
import { matches, type TargetGroup } from './target-group';
import type { TargetHosts } from './target-hosts';

/** Told what health checks find. */
export interface HealthListener {
  /** A target has become healthy or unhealthy, or is no longer either. */
  changed(region: ElbRegion, group: TargetGroup, target: Target): void;
}

/** How an answer bears on a target; undefined if it is healthy. */
type Finding = { readonly reason: TargetReason; readonly description: string } | undefined;

const userAgent = 'ELB-HealthChecker/2.0';

/**
 * Checks targets on the clock, as soon as a load balancer uses their group, and then at every interval.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export class HealthChecks {
  constructor(
    private readonly clock: Clock,
    private readonly hosts: TargetHosts,
    private readonly listener: HealthListener,
  ) {}

  /** Begins, goes on or ends to check the targets of a group, whatever has become of it. */
  refresh(region: ElbRegion, group: TargetGroup): void {
    const isUsed = region.usersOf(group.arn).length > 0;
    for (const [key, target] of group.targets) {
      if (target.state === 'draining') continue;
      const instance = this.hosts.instance(region, target.instanceId);
      if (!instance || instance.state === 'terminated') {
        target.timer?.cancel();
        group.targets.delete(key);
        this.enter(region, group, target, 'unused', undefined);
      } else if (!isUsed) this.retire(region, group, target, 'Target.NotInUse', notInUse);
      else if (instance.state !== 'running')
        this.retire(
          region,
          group,
          target,
          'Target.InvalidState',
          `Target is in the ${instance.state} state`,
        );
      else if (target.state === 'unused') this.begin(region, group, target);
    }
  }

  /** Where the requests of a target go, or its health checks. */
  destination(region: ElbRegion, group: TargetGroup, target: Target, port: number): Destination {
    return {
      instanceId: target.instanceId,
      respondent: this.hosts.respondent(region, target.instanceId, port),
      handler: group.handler,
    };
  }

  private begin(region: ElbRegion, group: TargetGroup, target: Target): void {
    target.passed = 0;
    target.failed = 0;
    if (!group.healthCheck.enabled) {
      this.enter(region, group, target, 'healthy', undefined);
      return;
    }
    this.enter(region, group, target, 'initial', {
      reason: 'Elb.InitialHealthChecking',
      description: 'Initial health checks in progress',
    });
    this.schedule(region, group, target, 0);
  }

  private retire(
    region: ElbRegion,
    group: TargetGroup,
    target: Target,
    reason: TargetReason,
    description: string,
  ): void {
    target.timer?.cancel();
    target.timer = undefined;
    if (target.reason !== reason || target.description !== description)
      this.enter(region, group, target, 'unused', { reason, description });
  }

  private schedule(region: ElbRegion, group: TargetGroup, target: Target, delay: number): void {
    const label = `health check of ${target.instanceId} in ${group.name}`;
    target.timer = this.clock.after(delay, label, () => {
      void this.clock.work(label, () => this.check(region, group, target));
    });
  }

  private async check(region: ElbRegion, group: TargetGroup, target: Target): Promise<void> {
    const { timer } = target;
    const finding = await this.ask(region, group, target);
    // Meanwhile it may have been retired or deregistered.
    if (target.timer !== timer) return;
    const { healthyThreshold, interval, unhealthyThreshold } = group.healthCheck;
    if (finding) {
      target.passed = 0;
      target.failed += 1;
      if (target.failed >= unhealthyThreshold)
        this.enter(region, group, target, 'unhealthy', finding);
    } else {
      target.failed = 0;
      target.passed += 1;
      // One that is new needs to pass one check only.
      if (target.state === 'initial' || target.passed >= healthyThreshold)
        this.enter(region, group, target, 'healthy', undefined);
    }
    this.schedule(region, group, target, interval * 1000);
  }

  private async ask(region: ElbRegion, group: TargetGroup, target: Target): Promise<Finding> {
    const { matcher, path, port: checked, timeout } = group.healthCheck;
    const port = checked === 'traffic-port' ? target.port : Number(checked);
    const headers = { 'user-agent': userAgent, host: `${target.instanceId}:${port}` };
    try {
      const answer = await send(
        this.destination(region, group, target, port),
        { method: 'GET', path, headers, body: undefined },
        timeout * 1000,
      );
      answer.body.resume();
      if (matches(matcher, answer.status)) return undefined;
      return {
        reason: 'Target.ResponseCodeMismatch',
        description: `Health checks failed with these codes: [${answer.status}]`,
      };
    } catch (error) {
      const timedOut = error instanceof NoAnswerError && error.reason === 'timeout';
      return timedOut
        ? { reason: 'Target.Timeout', description: 'Request timed out' }
        : { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
    }
  }

  private enter(
    region: ElbRegion,
    group: TargetGroup,
    target: Target,
    state: TargetState,
    finding: Finding,
  ): void {
    const changes = target.state !== state;
    target.state = state;
    target.reason = finding?.reason;
    target.description = finding?.description;
    if (changes) this.listener.changed(region, group, target);
  }
}

const notInUse = 'Target group is not configured to receive traffic from the load balancer';
