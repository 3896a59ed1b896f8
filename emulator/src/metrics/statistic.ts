import type { StatisticSet } from './metric-sink';

/** So many different values of a period are kept exactly; more are counted in bins that are 1% wide. */
const exactValues = 1_000;
const binWidth = Math.log(1.01);

/**
 * What is known of the samples of a period. Its size does not grow with their number.
 *
 * Percentiles need to know how often each value came. That is not known where samples were put together
 * before they came, unless they were all the same.
 */
export class Statistic implements StatisticSet {
  sampleCount = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** How often each value came; undefined while there is only one, or if it is not known. */
  private values: Map<number, number> | undefined;
  private known = true;

  /** @param count - how often the value came */
  static of(value: number, count = 1): Statistic {
    const statistic = new Statistic();
    statistic.add(value, count);
    return statistic;
  }

  static ofSet(set: StatisticSet): Statistic {
    const statistic = new Statistic();
    statistic.sampleCount = set.sampleCount;
    statistic.sum = set.sum;
    statistic.minimum = set.minimum;
    statistic.maximum = set.maximum;
    statistic.known = set.minimum === set.maximum;
    return statistic;
  }

  add(value: number, count = 1): void {
    if (this.known && this.sampleCount > 0 && (this.values || value !== this.minimum)) {
      this.values ??= new Map([[this.minimum, this.sampleCount]]);
      this.count(this.values, value, count);
    }
    this.sampleCount += count;
    this.sum += value * count;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  merge(other: Statistic): void {
    if (other.sampleCount === 0) return;
    const distribution = other.distribution();
    if (this.known && distribution) {
      const { sum } = this;
      for (const [value, count] of distribution) this.add(value, count);
      // Bins know their values by and large only.
      this.sum = sum + other.sum;
      return;
    }
    this.known = false;
    this.values = undefined;
    this.sampleCount += other.sampleCount;
    this.sum += other.sum;
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
  }

  copy(): Statistic {
    const copy = new Statistic();
    copy.merge(this);
    return copy;
  }

  /** Whether another says the same; of two that know more than one value it is not found out. */
  sameAs(other: Statistic): boolean {
    return (
      !this.values &&
      !other.values &&
      this.known === other.known &&
      this.sampleCount === other.sampleCount &&
      this.sum === other.sum &&
      this.minimum === other.minimum &&
      this.maximum === other.maximum
    );
  }

  /** @param share - from 0 to 1 @returns undefined where it is not known */
  percentile(share: number): number | undefined {
    const distribution = this.distribution();
    if (!distribution) return undefined;
    const sorted = [...distribution].sort(([a], [b]) => a - b);
    let left = Math.max(1, Math.ceil(share * this.sampleCount));
    for (const [value, count] of sorted) {
      left -= count;
      if (left <= 0) return value;
    }
    return this.maximum;
  }

  private distribution(): ReadonlyMap<number, number> | undefined {
    if (!this.known) return undefined;
    return this.values ?? new Map([[this.minimum, this.sampleCount]]);
  }

  private count(values: Map<number, number>, value: number, count: number): void {
    const key = values.has(value) || values.size < exactValues ? value : binOf(value);
    values.set(key, (values.get(key) ?? 0) + count);
  }
}

function binOf(value: number): number {
  if (value === 0) return 0;
  const size = Math.exp(Math.round(Math.log(Math.abs(value)) / binWidth) * binWidth);
  return Math.sign(value) * size;
}
