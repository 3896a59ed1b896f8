import type { MetricSink } from '../../../metrics/metric-sink';
import { ResourceMetrics } from '../../../metrics/resource-metrics';
import type { Instance } from './instance';
import type { InstanceListener } from './instance-listener';

const minute = 60_000;
const names = [
  'StatusCheckFailed',
  'StatusCheckFailed_Instance',
  'StatusCheckFailed_System',
] as const;
type Name = (typeof names)[number];

/** What is known of an instance whose checks are published. */
interface Published {
  /** By instance, and by group for one that is in one. */
  readonly metrics: readonly ResourceMetrics<Name>[];
  /** Minute that is published next. */
  next: number;
  values: Readonly<Record<Name, 0 | 1>>;
}

/**
 * The status checks of instances as metrics, each minute from the first ones on; CPU and network are not measured, and not
 * published.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
export class StatusMetrics implements InstanceListener {
  private readonly published = new Map<Instance, Published>();

  constructor(
    private readonly sink: MetricSink,
    private readonly now: () => number,
  ) {
    sink.onRead((now) => {
      for (const one of this.published.values()) publish(one, now);
    });
  }

  stateChanged(instance: Instance): void {
    const before = this.published.get(instance);
    if (!before || instance.state === 'running') return;
    publish(before, this.now());
    this.published.delete(instance);
  }

  statusChanged(instance: Instance): void {
    const now = this.now();
    const before = this.published.get(instance);
    if (before) publish(before, now);
    const next = before?.next ?? Math.floor(now / minute) * minute;
    const metrics = before?.metrics ?? this.metricsOf(instance);
    this.published.set(instance, { metrics, next, values: valuesOf(instance) });
  }

  private metricsOf(instance: Instance): ResourceMetrics<Name>[] {
    const { account, id, region, tags } = instance;
    const group = tags.get('aws:autoscaling:groupName');
    const dimensions: Record<string, string>[] = [{ InstanceId: id }];
    if (group !== undefined) dimensions.push({ AutoScalingGroupName: group });
    return dimensions.map(
      (one) =>
        new ResourceMetrics<Name>({
          sink: this.sink,
          place: { account, region },
          namespace: 'AWS/EC2',
          dimensions: one,
        }),
    );
  }
}

/** Hands over the minutes that are complete. */
function publish(one: Published, now: number): void {
  const minutes = Math.floor((now - one.next) / minute);
  if (minutes <= 0) return;
  for (const metrics of one.metrics)
    for (const name of names) {
      const value = one.values[name];
      const set = { sum: value, minimum: value, maximum: value, sampleCount: 1 };
      metrics.of(name).addSet(set, one.next, minutes);
    }
  one.next += minutes * minute;
}

function valuesOf({ instanceStatus, systemStatus }: Instance): Published['values'] {
  const failed = (status: string) => (status === 'impaired' ? 1 : 0);
  const instance = failed(instanceStatus);
  const system = failed(systemStatus);
  return {
    StatusCheckFailed: instance || system ? 1 : 0,
    StatusCheckFailed_Instance: instance,
    StatusCheckFailed_System: system,
  };
}
