import type { MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import type { ElbRegion } from './elb-region';
import type { LoadBalancer } from './load-balancer';
import type { Target } from './target';
import type { TargetGroup } from './target-group';

type Dimensions = Readonly<Record<string, string>>;

const minute = 60_000;
const namespace = 'AWS/ApplicationELB';

/** Counts of hosts since a minute that have not been published yet. */
interface HostCounts {
  next: number;
  healthy: number;
  unhealthy: number;
}

/**
 * What Application Load Balancers publish.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export class BalancerMetrics {
  private readonly metrics = new Map<string, ResourceMetrics<string>>();
  private readonly counts = new Map<TargetGroup, HostCounts>();

  constructor(
    private readonly sink: MetricSink,
    regions: () => readonly ElbRegion[],
  ) {
    sink.onRead((now) => {
      for (const region of regions())
        for (const group of region.targetGroups.values()) this.countHosts(region, group, now);
    });
  }

  /** A request that a load balancer has taken and decided upon; `target` if one has answered it. */
  request(
    region: ElbRegion,
    balancer: LoadBalancer,
    outcome: {
      readonly status: number;
      readonly group?: TargetGroup;
      readonly target?: Target;
      /** Seconds until the first byte of a target's answer. */
      readonly responseTime?: number;
    },
  ): void {
    const { group, responseTime, status, target } = outcome;
    const now = region.clock.now();
    const own = { LoadBalancer: balancer.fullName };
    if (!target || !group) {
      const kind = `${Math.floor(status / 100)}XX`;
      this.add(region, own, `HTTPCode_ELB_${kind}_Count`, now);
      if (status >= 502 && status <= 504)
        this.add(region, own, `HTTPCode_ELB_${status}_Count`, now);
      if (group) this.add(region, own, 'RequestCount', now);
      return;
    }
    const inGroup = { ...own, TargetGroup: group.fullName };
    const inZone = { AvailabilityZone: target.zone };
    for (const dimensions of [own, inGroup, { ...own, ...inZone }, { ...inGroup, ...inZone }]) {
      this.add(region, dimensions, 'RequestCount', now);
      this.add(region, dimensions, `HTTPCode_Target_${Math.floor(status / 100)}XX_Count`, now);
      if (responseTime !== undefined)
        this.add(region, dimensions, 'TargetResponseTime', now, responseTime);
    }
    const registered = [...group.targets.values()].filter(({ state }) => state !== 'draining');
    for (const dimensions of [{ TargetGroup: group.fullName }, inGroup])
      this.add(
        region,
        dimensions,
        'RequestCountPerTarget',
        now,
        1 / Math.max(registered.length, 1),
      );
  }

  /** A target that no connection could be made to. */
  connectionError(region: ElbRegion, balancer: LoadBalancer, group: TargetGroup): void {
    const own = { LoadBalancer: balancer.fullName };
    for (const dimensions of [own, { ...own, TargetGroup: group.fullName }])
      this.add(region, dimensions, 'TargetConnectionErrorCount', region.clock.now());
  }

  /** Has what was the case so far published before it changes. */
  hostsChange(region: ElbRegion, group: TargetGroup): void {
    this.countHosts(region, group, region.clock.now());
    const counts = this.counts.get(group);
    if (counts) Object.assign(counts, hostsOf(group));
  }

  private countHosts(region: ElbRegion, group: TargetGroup, now: number): void {
    const users = region.usersOf(group.arn);
    let counts = this.counts.get(group);
    if (!counts || users.length === 0) {
      counts = { next: Math.floor(now / minute) * minute, ...hostsOf(group) };
      this.counts.set(group, counts);
    }
    const minutes = Math.floor((now - counts.next) / minute);
    if (minutes <= 0) return;
    for (const { fullName } of users)
      for (const [name, value] of [
        ['HealthyHostCount', counts.healthy],
        ['UnHealthyHostCount', counts.unhealthy],
      ] as const) {
        const dimensions = { TargetGroup: group.fullName, LoadBalancer: fullName };
        const set = { sum: value, minimum: value, maximum: value, sampleCount: 1 };
        this.of(region, dimensions).of(name).addSet(set, counts.next, minutes);
      }
    counts.next += minutes * minute;
  }

  private add(
    region: ElbRegion,
    dimensions: Dimensions,
    name: string,
    now: number,
    value?: number,
  ): void {
    this.of(region, dimensions).add(name, now, value);
  }

  private of({ account, region }: ElbRegion, dimensions: Dimensions): ResourceMetrics<string> {
    const key = JSON.stringify([account, region, dimensions]);
    let metrics = this.metrics.get(key);
    if (!metrics) {
      metrics = new ResourceMetrics<string>({
        sink: this.sink,
        place: { account, region },
        namespace,
        dimensions,
        units: { TargetResponseTime: 'Seconds' },
      });
      this.metrics.set(key, metrics);
    }
    return metrics;
  }
}

function hostsOf(group: TargetGroup): Pick<HostCounts, 'healthy' | 'unhealthy'> {
  const states = [...group.targets.values()].map(({ state }) => state);
  return {
    healthy: states.filter((state) => state === 'healthy').length,
    unhealthy: states.filter((state) => state === 'unhealthy').length,
  };
}
