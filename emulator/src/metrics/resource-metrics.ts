import type { MetricPlace, MetricRecorder, MetricSink } from './metric-sink';

/** What the metrics of a resource have in common. */
export interface ResourceMetricsOptions<Name extends string> {
  readonly sink: MetricSink;
  readonly place: MetricPlace;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Of metrics that `units` does not name. @default 'Count' */
  readonly unit?: string;
  /** @default - `unit` */
  readonly units?: Readonly<Partial<Record<Name, string>>>;
}

/** The metrics that a resource publishes: each is there from its first sample on. */
export class ResourceMetrics<Name extends string> {
  private recorders: Map<Name, MetricRecorder> | undefined;

  constructor(private readonly options: ResourceMetricsOptions<Name>) {}

  /** Adds a sample. @param now - emulated milliseconds since the epoch */
  add(name: Name, now: number, value = 1): void {
    this.of(name).add(value, now);
  }

  of(name: Name): MetricRecorder {
    this.recorders ??= new Map();
    let recorder = this.recorders.get(name);
    if (!recorder) {
      const { dimensions, namespace, place, sink, unit = 'Count', units } = this.options;
      recorder = sink.recorder(place, { namespace, name, dimensions }, units?.[name] ?? unit);
      this.recorders.set(name, recorder);
    }
    return recorder;
  }
}
