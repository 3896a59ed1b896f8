import type { Clock } from '../../clock/clock';
import type { MetricSink } from '../../metrics/metric-sink';
import { publishEmbeddedMetrics } from './embedded-metrics';
import type { LogEncryption } from './log-encryption';
import type { LogGroup } from './log-group';
import type { LogEvent, LogStream } from './log-stream';
import type { MetricFilters } from './metric-filters';

/** What becomes of events that a group takes, whoever writes them. */
export class Ingestion {
  constructor(
    private readonly clock: Clock,
    private readonly metrics: MetricSink,
    private readonly encryption: LogEncryption,
    private readonly metricFilters: MetricFilters,
  ) {}

  /** @throws ServiceError if they cannot be encrypted */
  take(group: LogGroup, stream: LogStream, events: readonly LogEvent[]): void {
    this.encryption.forWriting(group);
    const now = this.clock.now();
    for (const event of events) {
      group.write(stream, event.timestamp, event.message, now);
      publishEmbeddedMetrics(this.metrics, group, event.message);
      this.metricFilters.observe(group, event);
    }
  }
}
