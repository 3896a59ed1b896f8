import type { RandomSource } from '../../random/random';
import { throughputExceeded } from './errors';

/** Calls that fail because a table has no capacity left. */
export interface TableThrottleFault {
  /** ARN or name of one table. @default - every table */
  readonly table?: string;
  /** Names such as `PutItem`. @default - every operation on items */
  readonly operations?: readonly string[];
  /**
   * Probability, from 0 to 1, that a call is throttled; in a batch, each of its items.
   * @default 1
   */
  readonly probability?: number;
}

const reads: readonly string[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'];

/** Faults of DynamoDB, drawn from the seed for each table. The latest one that fits a table and an operation counts. */
export class DynamoDbFaults {
  private throttles: TableThrottleFault[] = [];

  constructor(private readonly random: RandomSource) {}

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

  /** Whether this call, or this item of a batch, is to be throttled. */
  isThrottled(tableArn: string, operation: string): boolean {
    const fault = this.throttles.findLast(
      ({ operations, table }) =>
        (table === undefined || table === tableArn || tableArn.endsWith(`:table/${table}`)) &&
        (operations === undefined || operations.includes(operation)),
    );
    if (!fault) return false;
    const stream = this.random.stream(`dynamodb/faults/${tableArn}`);
    return stream.next() < (fault.probability ?? 1);
  }

  /** @throws ServiceError ProvisionedThroughputExceededException if this call is to be throttled. */
  check(tableArn: string, operation: string): void {
    if (this.isThrottled(tableArn, operation))
      throw throughputExceeded(tableArn, kindOf(operation));
  }
}

/** Which capacity an operation takes. */
export function kindOf(operation: string): 'Read' | 'Write' {
  return reads.includes(operation) ? 'Read' : 'Write';
}
