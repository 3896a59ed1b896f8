/** What identifies a metric within an account and region. */
export interface MetricIdentity {
  /** Such as `AWS/SQS`. */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Samples put together. */
export interface StatisticSet {
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sampleCount: number;
}

/** Whose metric it is. */
export interface MetricPlace {
  readonly account: string;
  readonly region: string;
}

/** One metric in one unit, open for what its service measures. */
export interface MetricRecorder {
  /**
   * Adds one sample.
   *
   * @param timestamp - emulated milliseconds since the epoch
   */
  add(value: number, timestamp: number): void;
  /**
   * Adds samples that are already put together.
   *
   * @param minutes - for so many minutes, one after the other from `timestamp` on, the same. @default 1
   */
  addSet(set: StatisticSet, timestamp: number, minutes?: number): void;
}

/** Where services hand over what they measure. */
export interface MetricSink {
  /**
   * @param unit - as CloudWatch spells it, such as `Count`
   * @param resolution - seconds. @default 60
   */
  recorder(
    place: MetricPlace,
    metric: MetricIdentity,
    unit: string,
    resolution?: 1 | 60,
  ): MetricRecorder;
  /**
   * Registers a service that measures only when it is asked: it is called before anything reads metrics, and hands
   * over what is complete by then.
   */
  onRead(publish: (now: number) => void): void;
}
