import type { MetricPlace, MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';

/**
 * Names of the metrics in namespace `AWS/Lambda`, with dimension `FunctionName`, and without any for all functions of
 * the account together.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
type FunctionMetricName =
  | 'ConcurrentExecutions'
  | 'Duration'
  | 'Errors'
  | 'Invocations'
  | 'IteratorAge'
  | 'Throttles';

/** What the functions of an account in a region publish. The time of a sample is that of the invocation. */
export class FunctionMetrics {
  private readonly byFunction = new Map<string, ResourceMetrics<FunctionMetricName>>();
  private readonly all: ResourceMetrics<FunctionMetricName>;

  constructor(
    private readonly sink: MetricSink,
    private readonly place: MetricPlace,
  ) {
    this.all = this.metrics({});
  }

  /** An invocation was turned away. */
  throttled(name: string, now: number): void {
    this.add(name, 'Throttles', now, 1);
  }

  /** An invocation found its place. @param running - invocations of the function, this one included */
  admitted(name: string, now: number, running: number): void {
    this.add(name, 'Throttles', now, 0);
    this.add(name, 'ConcurrentExecutions', now, running);
  }

  /**
   * An invocation has ended.
   *
   * @param start - emulated milliseconds since the epoch
   * @param duration - milliseconds
   */
  ended(name: string, start: number, duration: number, failed: boolean): void {
    this.add(name, 'Invocations', start, 1);
    this.add(name, 'Errors', start, failed ? 1 : 0);
    this.add(name, 'Duration', start, duration);
  }

  /** A batch of a stream is handed over. @param age - milliseconds since the stream took its last record */
  handedOver(name: string, now: number, age: number): void {
    this.add(name, 'IteratorAge', now, age);
  }

  private add(name: string, metric: FunctionMetricName, now: number, value: number): void {
    let own = this.byFunction.get(name);
    if (!own) {
      own = this.metrics({ FunctionName: name });
      this.byFunction.set(name, own);
    }
    own.add(metric, now, value);
    this.all.add(metric, now, value);
  }

  private metrics(dimensions: Record<string, string>): ResourceMetrics<FunctionMetricName> {
    const { place, sink } = this;
    const units = { Duration: 'Milliseconds', IteratorAge: 'Milliseconds' };
    return new ResourceMetrics({ sink, place, namespace: 'AWS/Lambda', dimensions, units });
  }
}
