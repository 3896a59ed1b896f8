import { MetricSeries } from './metric-series';
import type { MetricIdentity, MetricPlace, MetricRecorder, MetricSink } from './metric-sink';
import { Statistic } from './statistic';

/** A metric with its datapoints, by unit. */
export class StoredMetric {
  readonly units = new Map<string, MetricSeries>();

  constructor(
    readonly identity: MetricIdentity,
    private readonly now: () => number,
  ) {}

  series(unit: string): MetricSeries {
    let series = this.units.get(unit);
    if (!series) {
      series = new MetricSeries(this.now);
      this.units.set(unit, series);
    }
    return series;
  }

  /** Start of the latest datapoint. */
  get latest(): number {
    let latest = Number.NEGATIVE_INFINITY;
    for (const series of this.units.values()) latest = Math.max(latest, series.latest);
    return latest;
  }

  /** What all minutes of a time say, if they say the same: one object for as long as they do. */
  constant(from: number, to: number): Statistic | undefined {
    const [first, ...others] = this.units.values();
    return others.length === 0 ? first?.constant(from, to) : undefined;
  }

  /**
   * The samples of periods from `from` on, put together.
   *
   * @param unit - @default - all units together
   */
  periods(from: number, to: number, period: number, unit?: string): Map<number, Statistic> {
    const all = [...this.units].filter(([name]) => unit === undefined || name === unit);
    const [first, ...others] = all.map(([, series]) => series.periods(from, to, period));
    if (!first) return new Map();
    for (const other of others)
      for (const [key, statistic] of other) {
        const there = first.get(key) ?? new Statistic();
        there.merge(statistic);
        first.set(key, there);
      }
    return first;
  }
}

/** The metrics of all accounts and regions. */
export class MetricStore implements MetricSink {
  private readonly places = new Map<string, Map<string, StoredMetric>>();
  private readonly sources: ((now: number) => void)[] = [];

  /** @param now - emulated milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  recorder(
    place: MetricPlace,
    identity: MetricIdentity,
    unit: string,
    resolution: 1 | 60 = 60,
  ): MetricRecorder {
    let series: MetricSeries | undefined;
    // A metric without any sample is not listed: it is there from its first one on.
    const opened = () => {
      series ??= this.metric(place, identity).series(unit);
      return series;
    };
    return {
      add: (value, timestamp) => opened().add(value, timestamp, 1, resolution),
      addSet: (set, timestamp, minutes) => opened().addSet(set, timestamp, minutes, resolution),
    };
  }

  onRead(publish: (now: number) => void): void {
    this.sources.push(publish);
  }

  /** Has every service hand over what it has measured; to be called before reading. */
  collect(): void {
    const now = this.now();
    for (const publish of this.sources) publish(now);
  }

  /** The metric of that identity, made if it is not there. */
  metric(place: MetricPlace, identity: MetricIdentity): StoredMetric {
    const metrics = this.in(place);
    const key = keyOf(identity);
    let metric = metrics.get(key);
    if (!metric) {
      metric = new StoredMetric(identity, this.now);
      metrics.set(key, metric);
    }
    return metric;
  }

  find(place: MetricPlace, identity: MetricIdentity): StoredMetric | undefined {
    return this.in(place).get(keyOf(identity));
  }

  list(place: MetricPlace): StoredMetric[] {
    return [...this.in(place).values()];
  }

  private in({ account, region }: MetricPlace): Map<string, StoredMetric> {
    const key = `${account}/${region}`;
    let metrics = this.places.get(key);
    if (!metrics) {
      metrics = new Map();
      this.places.set(key, metrics);
    }
    return metrics;
  }
}

/** Dimensions are a set: their order means nothing. */
function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}
