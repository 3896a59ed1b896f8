import { alreadyExists, constraint, notFound } from './errors';
import { groupArn } from './log-arn';
import { LogStream } from './log-stream';
import type { MetricFilter } from './metric-filter';

const day = 24 * 60 * 60 * 1000;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** What a group can do, and for how much. */
export type LogGroupClass = 'STANDARD' | 'INFREQUENT_ACCESS';

/** @throws ServiceError for what is no class */
export function logGroupClassOf(name = 'STANDARD'): LogGroupClass {
  if (name === 'STANDARD' || name === 'INFREQUENT_ACCESS') return name;
  throw constraint(
    name,
    'logGroupClass',
    'Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]',
  );
}

/** Streams that share retention and access. */
export class LogGroup {
  readonly tags = new Map<string, string>();
  private readonly streams = new Map<string, LogStream>();
  /** By their names. */
  readonly metricFilters = new Map<string, MetricFilter>();
  /** ARN of the key under which events are written. @default - CloudWatch Logs has one of its own */
  kmsKeyId: string | undefined;
  private days: number | undefined;
  private events = 0;

  /**
   * @param creationTime - emulated time
   * @param owner - who made it: a group that a service made for its logs outlives its stack on AWS too
   */
  constructor(
    readonly name: string,
    readonly account: string,
    readonly region: string,
    readonly creationTime: number,
    readonly owner: 'user' | 'service',
    readonly logGroupClass: LogGroupClass,
  ) {}

  get arn(): string {
    return groupArn(this.name, this);
  }

  get retentionInDays(): number | undefined {
    return this.days;
  }

  /** Milliseconds for which events are kept; undefined for ever. */
  get retention(): number | undefined {
    return this.days === undefined ? undefined : this.days * day;
  }

  get storedBytes(): number {
    return [...this.streams.values()].reduce((sum, stream) => sum + stream.storedBytes, 0);
  }

  /** @throws ServiceError for a number of days that CloudWatch Logs does not offer */
  keepFor(days: number | undefined): void {
    if (days !== undefined && !retentionDays.includes(days))
      throw constraint(
        days,
        'retentionInDays',
        `Member must satisfy enum value set: [${retentionDays.join(', ')}]`,
      );
    this.days = days;
  }

  createStream(name: string, now: number): LogStream {
    if (!/^[^:*]{1,512}$/.test(name))
      throw constraint(
        name,
        'logStreamName',
        'Member must satisfy regular expression pattern: [^:*]*',
      );
    if (this.streams.has(name)) throw alreadyExists('log stream');
    const stream = new LogStream(name, now);
    this.streams.set(name, stream);
    return stream;
  }

  findStream(name: string): LogStream | undefined {
    return this.streams.get(name);
  }

  /** @throws ServiceError ResourceNotFoundException */
  stream(name: string): LogStream {
    const stream = this.streams.get(name);
    if (!stream) throw notFound('log stream');
    return stream;
  }

  deleteStream(name: string): void {
    if (!this.streams.delete(name)) throw notFound('log stream');
  }

  /** In order of their names, without what the retention has let go by `now`. */
  list(now: number): LogStream[] {
    const { retention } = this;
    const streams = [...this.streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (retention !== undefined) for (const stream of streams) stream.expire(now - retention);
    return streams;
  }

  write(stream: LogStream, timestamp: number, message: string, now: number): void {
    const { kmsKeyId } = this;
    stream.append({ index: this.events++, timestamp, ingestionTime: now, message, kmsKeyId });
  }
}
