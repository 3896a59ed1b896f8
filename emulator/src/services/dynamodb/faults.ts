import type { RandomSource, RandomStream } from '../../random/random';
import { throughputExceeded } from './errors';

/** Which calls a fault is for. */
export interface TableFault {
  /** ARN or name of one table. @default - every table */
  readonly table?: string;
  /** Names such as `PutItem`. @default - every operation on items */
  readonly operations?: readonly string[];
}

/** Calls that fail because a table has no capacity left. */
export interface TableThrottleFault extends TableFault {
  /**
   * Probability, from 0 to 1, that a call is throttled; in a batch, each of its items.
   * @default 1
   */
  readonly probability?: number;
}

/** Calls that take their time. */
export interface TableLatencyFault extends TableFault {
  /** Emulated milliseconds that a call takes at least. */
  readonly milliseconds: number;
  /** Up to this many more, evenly distributed. @default 0 */
  readonly jitter?: number;
}

const reads: readonly string[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'];

/** Faults of DynamoDB, drawn from the seed for each table. The latest one that fits a table and an operation counts. */
export class DynamoDbFaults {
  private throttles: TableThrottleFault[] = [];
  private latencies: TableLatencyFault[] = [];

  /** @param throttled - told of every call, and item of a batch, that is throttled */
  constructor(
    private readonly random: RandomSource,
    private readonly throttled: (tableArn: string, operation: string) => void,
  ) {}

  /**
   * Makes calls fail with ProvisionedThroughputExceededException; a batch returns what was throttled as unprocessed,
   * and fails only if that is all of it.
   *
   * @returns the function that ends it
   * @throws RangeError
   */
  throttle(fault: TableThrottleFault): () => void {
    const { probability = 1 } = fault;
    if (!(probability >= 0 && probability <= 1))
      throw new RangeError(`probability must be from 0 to 1, got ${probability}`);
    this.throttles = [...this.throttles, fault];
    return () => {
      this.throttles = this.throttles.filter((item) => item !== fault);
    };
  }

  /**
   * Makes calls take emulated time before they do anything.
   *
   * @returns the function that ends it for calls to come
   * @throws RangeError
   */
  latency(fault: TableLatencyFault): () => void {
    if (!(fault.milliseconds >= 0) || !((fault.jitter ?? 0) >= 0))
      throw new RangeError('milliseconds and jitter must not be negative');
    this.latencies = [...this.latencies, fault];
    return () => {
      this.latencies = this.latencies.filter((item) => item !== fault);
    };
  }

  /** Emulated milliseconds that this call takes. */
  latencyOf(tableArn: string, operation: string): number {
    const fault = this.latencies.findLast((item) => concerns(item, tableArn, operation));
    if (!fault) return 0;
    const { jitter = 0, milliseconds } = fault;
    return milliseconds + (jitter > 0 ? this.stream(tableArn).integer(jitter + 1) : 0);
  }

  /** Whether this call, or this item of a batch, is to be throttled. */
  isThrottled(tableArn: string, operation: string): boolean {
    const fault = this.throttles.findLast((item) => concerns(item, tableArn, operation));
    if (!fault || this.stream(tableArn).next() >= (fault.probability ?? 1)) return false;
    this.throttled(tableArn, operation);
    return true;
  }

  /** @throws ServiceError ProvisionedThroughputExceededException if this call is to be throttled. */
  check(tableArn: string, operation: string): void {
    if (this.isThrottled(tableArn, operation))
      throw throughputExceeded(tableArn, kindOf(operation));
  }

  private stream(tableArn: string): RandomStream {
    return this.random.stream(`dynamodb/faults/${tableArn}`);
  }
}

function concerns({ operations, table }: TableFault, tableArn: string, operation: string): boolean {
  return (
    (table === undefined || table === tableArn || tableArn.endsWith(`:table/${table}`)) &&
    (operations === undefined || operations.includes(operation))
  );
}

/** Which capacity an operation takes. */
export function kindOf(operation: string): 'Read' | 'Write' {
  return reads.includes(operation) ? 'Read' : 'Write';
}
