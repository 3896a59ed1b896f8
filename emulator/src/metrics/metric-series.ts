import type { StatisticSet } from './metric-sink';
import { Statistic } from './statistic';
import { TimeLine } from './time-line';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How long datapoints of a length are kept; older ones go into those of the next.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
 */
const tiers = [
  { step: second, kept: 3 * hour },
  { step: minute, kept: 15 * day },
  { step: 5 * minute, kept: 63 * day },
  { step: hour, kept: 455 * day },
] as const;

/** The datapoints of one metric in one unit. */
export class MetricSeries {
  private readonly lines = tiers.map(({ step }) => new TimeLine(step));
  /** Start of the latest datapoint. */
  latest = Number.NEGATIVE_INFINITY;

  /** When the next datapoint becomes too old for its line. */
  private nextAging = Number.POSITIVE_INFINITY;

  constructor(private readonly now: () => number) {}

  /** Adds a sample. @param resolution - seconds */
  add(value: number, timestamp: number, count = 1, resolution: 1 | 60 = 60): void {
    const line = this.open(resolution, timestamp);
    const last = line.at(timestamp);
    if (last) last.add(value, count);
    else this.put(line, timestamp, Statistic.of(value, count));
  }

  addSet(set: StatisticSet, timestamp: number, repeat = 1, resolution: 1 | 60 = 60): void {
    const line = this.open(resolution, timestamp + (repeat - 1) * minute);
    const last = repeat === 1 ? line.at(timestamp) : undefined;
    if (last) last.merge(Statistic.ofSet(set));
    else this.put(line, timestamp, Statistic.ofSet(set), repeat);
  }

  /**
   * The samples of periods, put together: period i begins at `from + i * period`.
   *
   * Datapoints that have become longer than a period are left out, as on AWS.
   *
   * @param period - milliseconds
   */
  periods(from: number, to: number, period: number): Map<number, Statistic> {
    this.age();
    const found = new Map<number, Statistic>();
    for (const line of this.lines) {
      if (line.step > period) break;
      line.each(from, to, (start, statistic) => {
        const key = Math.floor((start - from) / period);
        const there = found.get(key);
        if (there) there.merge(statistic);
        else found.set(key, statistic.copy());
      });
    }
    return found;
  }

  /** What all minutes of a time say, if they say the same: one object for as long as they do. */
  constant(from: number, to: number): Statistic | undefined {
    const [seconds, minutes] = this.lines;
    return seconds?.empty ? minutes?.constant(from, to) : undefined;
  }

  /** Whether everything has been forgotten. */
  get empty(): boolean {
    this.age();
    return this.lines.every((line) => line.empty);
  }

  private open(resolution: 1 | 60, end: number): TimeLine {
    this.age();
    const [seconds, minutes] = this.lines;
    const line = resolution === 1 ? seconds : minutes;
    if (!line) throw new RangeError('a metric has datapoints of seconds and of minutes');
    this.latest = Math.max(this.latest, line.startOf(end));
    return line;
  }

  private put(line: TimeLine, timestamp: number, statistic: Statistic, repeat = 1): void {
    line.put(timestamp, statistic, repeat);
    const kept = tiers[this.lines.indexOf(line)]?.kept ?? 0;
    this.nextAging = Math.min(this.nextAging, line.startOf(timestamp) + kept);
  }

  /** Moves what is too old for its line into the next. */
  private age(): void {
    const now = this.now();
    if (now <= this.nextAging) return;
    for (const [i, { kept }] of tiers.entries()) {
      const next = this.lines[i + 1];
      this.lines[i]?.takeBefore(now - kept, (start, statistic) => {
        if (!next) return;
        const there = next.at(start);
        if (there) there.merge(statistic);
        else next.put(start, statistic.copy(), 1);
      });
    }
    this.nextAging = Math.min(
      ...tiers.map(({ kept }, i) => (this.lines[i]?.oldest ?? Number.POSITIVE_INFINITY) + kept),
    );
  }
}
