import type { MemberStatistics } from '../../engines/brokers';
import type { MetricPlace } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import type { ServiceEnvironment } from '../service';
import type { Broker } from './broker';

/** Amazon MQ asks its brokers every minute. */
const period = 60_000;
const namespace = 'AWS/AmazonMQ';

const units: Readonly<Record<string, string>> = {
  CpuUtilization: 'Percent',
  EnqueueTime: 'Milliseconds',
  HeapUsage: 'Percent',
  JobSchedulerStorePercentUsage: 'Percent',
  MemoryUsage: 'Percent',
  RabbitMQDiskFree: 'Bytes',
  RabbitMQDiskFreeLimit: 'Bytes',
  RabbitMQMemLimit: 'Bytes',
  RabbitMQMemUsed: 'Bytes',
  StorePercentUsage: 'Percent',
  TempPercentUsage: 'Percent',
};

/** Counts of destinations that are published as what came in the last minute. */
const perMinute = ['DequeueCount', 'DispatchCount', 'EnqueueCount', 'ExpiredCount'] as const;

/**
 * Publishes what a broker tells of itself, every emulated minute while it runs. Of ActiveMQ dimension `Broker` is its name
 * with the number of the member, also that of a single broker; queues and topics have a dimension of their own besides.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-logging-monitoring.html
 */
export class BrokerMetrics {
  private readonly series = new Map<string, ResourceMetrics<string>>();
  /** Counts of the minute before, by destination. */
  private readonly before = new Map<string, MemberStatistics['destinations'][number]['values']>();
  private stopped = false;

  constructor(
    private readonly broker: Broker,
    private readonly place: MetricPlace,
    private readonly env: ServiceEnvironment,
  ) {
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
  }

  private schedule(): void {
    const { name } = this.broker.definition;
    this.env.clock.after(period, `metrics of broker ${name}`, () => {
      if (this.stopped) return;
      void this.env.clock.work(`metrics of broker ${name}`, () => this.publish());
      this.schedule();
    });
  }

  private async publish(): Promise<void> {
    const members = this.broker.running?.members ?? [];
    const now = this.env.clock.now();
    const asked = await Promise.all(
      // A member that has just been lost tells nothing.
      members.map((member) => member.statistics().catch(() => undefined)),
    );
    if (this.stopped) return;
    const { engine, name } = this.broker.definition;
    if (engine === 'RABBITMQ')
      this.recordNodes(
        name,
        asked.flatMap((statistics) => statistics ?? []),
        now,
      );
    else
      for (const [index, statistics] of asked.entries())
        if (statistics) this.recordMember(`${name}-${index + 1}`, statistics, now);
  }

  /**
   * Numbers of nodes are there for each, and as their sum under the name of the broker.
   *
   * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-logging-monitoring.html
   */
  private recordNodes(Broker: string, nodes: readonly MemberStatistics[], now: number): void {
    const sums: Record<string, number> = {};
    for (const { node = '', process } of nodes) {
      this.add({ Broker, Node: node }, process, now);
      for (const [metric, value] of Object.entries(process))
        sums[metric] = (sums[metric] ?? 0) + value;
    }
    this.add({ Broker }, { ...sums, ...nodes[0]?.broker }, now);
  }

  private recordMember(Broker: string, statistics: MemberStatistics, now: number): void {
    this.add({ Broker }, { ...statistics.process, ...statistics.broker }, now);
    for (const { kind, name, values: found } of statistics.destinations) {
      const key = `${Broker}/${kind}/${name}`;
      const earlier = this.before.get(key);
      this.before.set(key, found);
      const since = perMinute.map((count) => {
        // A member that took over counts from nothing.
        const difference = found[count] - (earlier?.[count] ?? 0);
        return [count, Math.max(0, difference)];
      });
      this.add(
        { Broker, [kind]: name },
        {
          ...Object.fromEntries(since),
          ConsumerCount: found.ConsumerCount,
          EnqueueTime: found.AverageEnqueueTime,
          InFlightCount: found.InFlightCount,
          MemoryUsage: found.MemoryPercentUsage,
          ProducerCount: found.ProducerCount,
          ...(kind === 'Queue' && { QueueSize: found.QueueSize }),
        },
        now,
      );
    }
  }

  private add(
    dimensions: Readonly<Record<string, string>>,
    values: Readonly<Record<string, number>>,
    now: number,
  ): void {
    const key = JSON.stringify(dimensions);
    let metrics = this.series.get(key);
    if (!metrics) {
      const { metrics: sink } = this.env;
      metrics = new ResourceMetrics({ sink, place: this.place, namespace, dimensions, units });
      this.series.set(key, metrics);
    }
    for (const [name, value] of Object.entries(values)) metrics.add(name, now, value);
  }
}
