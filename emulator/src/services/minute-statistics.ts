const minute = 60_000;

/** How many minutes with activity are kept: two weeks if there is some in every minute. */
const recordsKept = 14 * 24 * 60;

/** The samples of one metric in one minute, as CloudWatch calls it: a statistic set. */
export interface StatisticSet<Metric extends string> {
  readonly metric: Metric;
  /** Start of the minute, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sampleCount: number;
}

interface Statistic {
  sum: number;
  minimum: number;
  maximum: number;
  sampleCount: number;
}

/** What a resource publishes for every minute in which something was done; nothing for the others. */
export class MinuteStatistics<Metric extends string> {
  private minutes: Map<number, Map<Metric, Statistic>> | undefined;

  /** Adds a sample. */
  add(metric: Metric, now: number, value = 1): void {
    const start = Math.floor(now / minute) * minute;
    this.minutes ??= new Map();
    let statistics = this.minutes.get(start);
    if (!statistics) {
      statistics = new Map();
      this.minutes.set(start, statistics);
      if (this.minutes.size > recordsKept) this.forgetOldest(this.minutes);
    }
    const statistic = statistics.get(metric);
    if (!statistic) {
      statistics.set(metric, { sum: value, minimum: value, maximum: value, sampleCount: 1 });
      return;
    }
    statistic.sum += value;
    statistic.minimum = Math.min(statistic.minimum, value);
    statistic.maximum = Math.max(statistic.maximum, value);
    statistic.sampleCount += 1;
  }

  /** All complete minutes that start in [from, to). */
  sets(from: number, to: number, now: number): StatisticSet<Metric>[] {
    const points: StatisticSet<Metric>[] = [];
    for (const [timestamp, statistics] of this.minutes ?? []) {
      if (timestamp < from || timestamp >= to || timestamp + minute > now) continue;
      for (const [metric, statistic] of statistics)
        points.push({ metric, timestamp, ...statistic });
    }
    return points;
  }

  private forgetOldest(minutes: Map<number, unknown>): void {
    const [oldest] = minutes.keys();
    if (oldest !== undefined) minutes.delete(oldest);
  }
}
