import type { Clock } from '../../clock/clock';
import type { MetricSink } from '../../metrics/metric-sink';
import { publishEmbeddedMetrics } from './embedded-metrics';
import type { LogEncryption } from './log-encryption';
import type { LogGroup } from './log-group';
import type { LogStream } from './log-stream';

/** An event as it comes in. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** What becomes of events that a group takes, whoever writes them. */
export class Ingestion {
  constructor(
    private readonly clock: Clock,
    private readonly metrics: MetricSink,
    private readonly encryption: LogEncryption,
  ) {}

  /** @throws ServiceError if they cannot be encrypted */
  take(group: LogGroup, stream: LogStream, events: readonly LogEvent[]): void {
    this.encryption.forWriting(group);
    const now = this.clock.now();
    for (const { timestamp, message } of events) {
      group.write(stream, timestamp, message, now);
      publishEmbeddedMetrics(this.metrics, group, message);
    }
  }
}
