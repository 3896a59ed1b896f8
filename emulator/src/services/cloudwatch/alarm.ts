import type { MetricPlace } from '../../metrics/metric-sink';
import type { MetricStore, StoredMetric } from '../../metrics/metric-store';
import type { Statistic } from '../../metrics/statistic';
import { type EvaluatedPoint, type ReasonedAlarm, reasonDataOf, reasonOf } from './alarm-reason';
import type { AlarmDefinition } from './alarm-settings';
import { type AlarmState, decide, evaluationRange } from './missing-data';

/** A state with why and since when. */
export interface StateRecord {
  readonly value: AlarmState;
  readonly reason: string;
  /** JSON. */
  readonly reasonData: string | undefined;
  /** Emulated time. */
  readonly updatedAt: number;
}

const day = 24 * 60 * 60;

/** A metric alarm: its settings and its state. */
export class Alarm {
  readonly arn: string;
  readonly tags = new Map<string, string>();
  state: StateRecord;
  /** Emulated time of the last change to another state. */
  transitionedAt: number;
  actionsEnabled: boolean;
  /** The metrics that it watches, once all of them are there: the store keeps them for ever. */
  private metrics: readonly StoredMetric[] | undefined;
  /** What the last evaluation found, if that was the same in all periods: finding it again changes nothing. */
  private settledOn: readonly (Statistic | 'nothing')[] | undefined;

  constructor(
    readonly place: MetricPlace,
    public definition: AlarmDefinition,
    public configuredAt: number,
  ) {
    this.arn = `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${this.name}`;
    this.actionsEnabled = definition.settings.ActionsEnabled ?? true;
    this.transitionedAt = configuredAt;
    this.state = {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      reasonData: undefined,
      updatedAt: configuredAt,
    };
  }

  get name(): string {
    return this.definition.settings.AlarmName;
  }

  /** Gives it other settings; the state stays until the next evaluation. */
  configure(definition: AlarmDefinition, now: number): void {
    this.definition = definition;
    this.actionsEnabled = definition.settings.ActionsEnabled ?? true;
    this.configuredAt = now;
    this.metrics = undefined;
    this.settledOn = undefined;
  }

  /** Sets the state. @returns the one before, if it was another */
  setState(state: StateRecord): StateRecord | undefined {
    const before = this.state;
    this.state = state;
    this.settledOn = undefined;
    if (before.value === state.value) return undefined;
    this.transitionedAt = state.updatedAt;
    return before;
  }

  /**
   * Whether it is evaluated at this time: every minute, or every ten seconds if its periods are shorter than that;
   * one that looks back for more than a day every hour.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
   */
  isDue(now: number): boolean {
    const { evaluationPeriods, period } = this.definition;
    const interval = evaluationPeriods * period > day ? 3_600_000 : this.isFast ? 10_000 : 60_000;
    return now % interval === 0;
  }

  get isFast(): boolean {
    return this.definition.period < 60;
  }

  /** What the data say now; undefined if that changes nothing. */
  evaluate(store: MetricStore, now: number): StateRecord | undefined {
    const { definition } = this;
    const range = evaluationRange(definition.evaluationPeriods);
    const to = now;
    const from = to - range * definition.period * 1000;
    const found = this.found(store, from, to);
    if (found && this.settledOn && sameItems(found, this.settledOn)) return undefined;
    this.settledOn = found;
    const points = this.points(store, from, to, range);
    if (!points) return undefined;
    const verdict = decide(definition, points);
    const { value: before } = this.state;
    if (verdict.state === undefined || verdict.state === before) return undefined;
    const told = reasoned(definition);
    return {
      value: verdict.state,
      reason: reasonOf(told, verdict.state, verdict),
      reasonData: reasonDataOf(told, verdict, now),
      updatedAt: now,
    };
  }

  /** The latest value of what it watches in its evaluation range; undefined if there are no data. */
  latestValue(store: MetricStore, now: number): number | undefined {
    const range = evaluationRange(this.definition.evaluationPeriods);
    const from = now - range * this.definition.period * 1000;
    return this.points(store, from, now, range)?.[0]?.value;
  }

  /** What each metric says in all of the evaluation range; undefined if one of them changes in it. */
  private found(
    store: MetricStore,
    from: number,
    to: number,
  ): (Statistic | 'nothing')[] | undefined {
    const { queries } = this.definition;
    const metrics = this.metrics ?? queries.metrics(store, this.place);
    if (metrics.length === queries.metricCount) this.metrics = metrics;
    const found: (Statistic | 'nothing')[] = [];
    for (const metric of metrics) {
      const constant = metric.latest < from ? 'nothing' : metric.constant(from, to);
      if (!constant) return undefined;
      found.push(constant);
    }
    return found;
  }

  /** The datapoints of the evaluation range, the latest first; undefined where there are too few samples. */
  private points(
    store: MetricStore,
    from: number,
    to: number,
    range: number,
  ): EvaluatedPoint[] | undefined {
    const { comparison, period, queries, samplesNeeded, threshold, watched } = this.definition;
    const run = queries.on(store, this.place, () => ({ from, to }));
    const { values } = run.series(watched);
    const samples = queries.get(watched).read ? run.samples(watched) : undefined;
    if (samplesNeeded > 0) {
      let count = 0;
      for (const { sampleCount } of samples?.values() ?? []) count += sampleCount;
      if (count > 0 && count < samplesNeeded) return undefined;
    }
    return [...values]
      .sort(([a], [b]) => b - a)
      .map(([key, value]) => ({
        age: range - 1 - key,
        breaching: comparison.breaches(value, threshold),
        timestamp: from + key * period * 1000,
        value,
        sampleCount: samples?.get(key)?.sampleCount,
      }));
  }
}

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, i) => item === right[i]);
}

function reasoned(definition: AlarmDefinition): ReasonedAlarm {
  const { settings } = definition;
  return {
    ...definition,
    saysDatapoints: settings.DatapointsToAlarm !== undefined,
    statistic: settings.Statistic ?? settings.ExtendedStatistic,
    unit: settings.Unit,
  };
}
