import type { MetricPlace, MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import { validationError } from './errors';

const minute = 60_000;

/**
 * Names of the metrics in namespace `AWS/AutoScaling`, with dimension `AutoScalingGroupName`: those in units of
 * capacity, which for groups without weights are the same numbers, and those of warm pools are left out.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
 */
export const groupMetricNames = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
] as const;

export type GroupMetricName = (typeof groupMetricNames)[number];

/** Whose metrics a group publishes, and where. */
export interface GroupMetricsOptions {
  readonly sink: MetricSink;
  readonly place: MetricPlace;
  readonly groupName: string;
  readonly gauges: () => Readonly<Record<GroupMetricName, number>>;
}

/**
 * Publishes every minute how many instances a group has, once it is told to: without a timer, as between two changes
 * each minute is like the one before. What a minute says is what was there at its end.
 */
export class GroupMetrics {
  private readonly metrics: ResourceMetrics<GroupMetricName>;
  private readonly enabled = new Set<GroupMetricName>();
  private current = 0;

  constructor(private readonly options: GroupMetricsOptions) {
    const { groupName, place, sink } = options;
    this.metrics = new ResourceMetrics<GroupMetricName>({
      sink,
      place,
      namespace: 'AWS/AutoScaling',
      dimensions: { AutoScalingGroupName: groupName },
      unit: 'None',
    });
  }

  get names(): readonly GroupMetricName[] {
    return groupMetricNames.filter((name) => this.enabled.has(name));
  }

  /** @param given - @default - all @throws ValidationError naming one that there is not */
  enable(now: number, given: readonly string[] | undefined): void {
    this.touch(now);
    for (const name of named(given)) this.enabled.add(name);
  }

  /** @param given - @default - all @throws ValidationError naming one that there is not */
  disable(now: number, given: readonly string[] | undefined): void {
    this.touch(now);
    for (const name of named(given)) this.enabled.delete(name);
  }

  /** Publishes the minutes that are over, before something changes or somebody reads. */
  touch(now: number): void {
    const end = Math.floor(now / minute) * minute;
    if (end > this.current && this.enabled.size > 0) {
      const gauges = this.options.gauges();
      for (const name of this.enabled) {
        const value = gauges[name];
        this.metrics
          .of(name)
          .addSet(
            { sum: value, minimum: value, maximum: value, sampleCount: 1 },
            this.current,
            (end - this.current) / minute,
          );
      }
    }
    this.current = end;
  }
}

function named(given: readonly string[] | undefined): readonly GroupMetricName[] {
  if (!given || given.length === 0) return groupMetricNames;
  return given.map((name) => {
    const known = groupMetricNames.find((one) => one === name);
    if (!known)
      throw validationError(
        `${name} is not one of the group metrics of cdk-decouple-emulator: ${groupMetricNames.join(', ')}`,
      );
    return known;
  });
}
