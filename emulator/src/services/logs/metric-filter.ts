import type { MetricPlace, MetricSink } from '../../metrics/metric-sink';
import type { Unit } from '../../metrics/units';
import type { LogEvent } from './log-stream';
import type { FilterPattern, Match } from './patterns/match';

const minute = 60_000;

/** What becomes of an event that matches. */
export interface MetricTransformation {
  readonly metricName: string;
  readonly metricNamespace: string;
  /** A number, or the selector of one, such as `$.ms`. */
  readonly metricValue: string;
  /** For each minute that has events of which none matches. @default - nothing */
  readonly defaultValue?: number | undefined;
  /** Selectors by the names of dimensions. */
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
  /** As CloudWatch spells it. @default 'None' */
  readonly unit?: Unit | undefined;
}

/** A metric filter as it is put. */
export interface MetricFilterSettings {
  readonly filterName: string;
  readonly filterPattern: string;
  readonly pattern: FilterPattern;
  readonly transformation: MetricTransformation;
}

/**
 * Counts the events of a group that match a pattern, or what is in them, from when it is made on.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export class MetricFilter {
  /** Whether an event has matched, by the start of each minute that has had any and is not reported yet. */
  private readonly minutes = new Map<number, boolean>();

  /** @param creationTime - emulated time */
  constructor(
    readonly place: MetricPlace,
    readonly settings: MetricFilterSettings,
    readonly creationTime: number,
    private readonly sink: MetricSink,
  ) {}

  /** Takes an event into account, in the minute of its own timestamp. */
  observe({ message, timestamp }: LogEvent): void {
    const { pattern, transformation } = this.settings;
    const match = pattern.match(message);
    if (match) this.publish(match, timestamp);
    if (transformation.defaultValue === undefined) return;
    const start = Math.floor(timestamp / minute) * minute;
    this.minutes.set(start, match !== undefined || (this.minutes.get(start) ?? false));
  }

  /** Publishes the default value of the minutes that have passed without a match. */
  reportMinutes(now: number): void {
    const { defaultValue } = this.settings.transformation;
    for (const [start, hasMatch] of this.minutes) {
      if (start + minute > now) continue;
      this.minutes.delete(start);
      if (!hasMatch && defaultValue !== undefined) this.recorder({}).add(defaultValue, start);
    }
  }

  private publish(match: Match, timestamp: number): void {
    const { dimensions: selectors = {}, metricValue } = this.settings.transformation;
    const value = metricValue.startsWith('$') ? numberOf(match.value(metricValue)) : +metricValue;
    if (value === undefined) return;
    const dimensions: Record<string, string> = {};
    for (const [name, selector] of Object.entries(selectors)) {
      const found = match.value(selector);
      // AWS does not document what becomes of an event without the field, or with an object in it: a metric of other dimensions would be another.
      if (typeof found !== 'string' && typeof found !== 'number') return;
      dimensions[name] = String(found);
    }
    this.recorder(dimensions).add(value, timestamp);
  }

  private recorder(dimensions: Readonly<Record<string, string>>) {
    const { metricName: name, metricNamespace: namespace, unit } = this.settings.transformation;
    return this.sink.recorder(this.place, { namespace, name, dimensions }, unit ?? 'None');
  }
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
