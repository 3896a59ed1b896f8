import type { ElbRegion } from './elb-region';
import { invalid } from './errors';
import type { HealthChecks, HealthListener } from './health-checks';
import { newTarget, type Target } from './target';
import type { TargetGroup } from './target-group';
import type { TargetHosts } from './target-hosts';

/** Puts targets into groups, and takes them out. */
export class Registrations {
  constructor(
    private readonly hosts: TargetHosts,
    private readonly checks: HealthChecks,
    private readonly listener: HealthListener,
  ) {}

  /**
   * Registers an instance; does nothing if it is there already.
   *
   * @param port - @default - that of the group
   * @throws ServiceError for an instance that is not there, or not in the VPC.
   */
  register(region: ElbRegion, group: TargetGroup, instanceId: string, port = group.port): void {
    const instance = this.hosts.instance(region, instanceId);
    if (instance?.state !== 'running')
      throw invalid(
        `The following targets are not in a running state and cannot be registered: '${instanceId}'`,
      );
    if (instance.vpcId !== group.vpcId)
      throw invalid(
        `The following targets are not in the target group VPC '${group.vpcId}': '${instanceId}'`,
      );
    const key = `${instanceId}:${port}`;
    const existing = group.targets.get(key);
    if (existing && existing.state !== 'draining') return;
    existing?.timer?.cancel();
    group.targets.set(key, newTarget(instanceId, port, instance.zone));
    this.checks.refresh(region, group);
  }

  /**
   * Takes an instance out. It is shown as draining for the group's deregistration delay, and gets no new requests.
   *
   * @param port - @default - every one on which it is registered
   * @returns when its requests have been answered at the latest, in emulated milliseconds since the epoch
   */
  deregister(
    region: ElbRegion,
    group: TargetGroup,
    instanceId: string,
    port: number | undefined,
  ): number {
    const now = region.clock.now();
    let drained = now;
    for (const [key, target] of group.targets) {
      if (target.instanceId !== instanceId || (port ?? target.port) !== target.port) continue;
      if (target.state === 'draining') continue;
      target.timer?.cancel();
      if (target.state === 'unused') {
        group.targets.delete(key);
        continue;
      }
      this.drain(region, group, key, target);
      // With nothing in flight the deregistration is complete at once, although it is shown as draining.
      if (target.inFlight > 0) drained = now + group.deregistrationDelay;
    }
    return drained;
  }

  private drain(region: ElbRegion, group: TargetGroup, key: string, target: Target): void {
    target.state = 'draining';
    target.reason = 'Target.DeregistrationInProgress';
    target.description = 'Target deregistration is in progress';
    this.listener.changed(region, group, target);
    const label = `draining of ${target.instanceId} in ${group.name}`;
    target.timer = region.clock.after(group.deregistrationDelay, label, () => {
      if (group.targets.get(key) === target) group.targets.delete(key);
    });
  }
}
