import type { RandomSource, RandomStream } from '../../random/random';
import { requestThrottled } from './errors';

/** Which queues a fault is for. */
export interface FaultTarget {
  /** ARN or name of one queue. @default - every queue */
  readonly queue?: string;
}

/** What a standard queue may do on AWS and rarely does. */
export interface StandardQueueFault extends FaultTarget {
  /** Probability, from 0 to below 1, that a message that is received is delivered once more. @default 0 */
  readonly duplicate?: number;
  /** Whether messages come in any order. @default false */
  readonly reorder?: boolean;
}

/** Calls that fail with RequestThrottled. */
export interface ThrottleFault extends FaultTarget {
  /** Names such as `SendMessage`. @default - every operation */
  readonly operations?: readonly string[];
  /** Probability, from 0 to 1, that a call is throttled. @default 1 */
  readonly probability?: number;
}

/** Calls that take their time. */
export interface LatencyFault extends FaultTarget {
  /** Names such as `SendMessage`. @default - every operation */
  readonly operations?: readonly string[];
  /** Emulated milliseconds that a call takes at least. */
  readonly milliseconds: number;
  /** Up to this many more, evenly distributed. @default 0 */
  readonly jitter?: number;
}

/** Takes a fault away again. */
export type EndFault = () => void;

/** Behaviour of a standard queue at one moment. */
export interface StandardQueueBehaviour {
  readonly duplicate: number;
  readonly reorder: boolean;
}

const faultless: StandardQueueBehaviour = { duplicate: 0, reorder: false };

/** Calls a second that a FIFO queue takes for each API action, per queue or per message group. */
const fifoCallsPerSecond = 300;

/**
 * Faults of SQS, each seeded by the queue that it hits. The latest one that fits a queue counts.
 */
export class SqsFaults {
  private standard: StandardQueueFault[] = [];
  private throttles: ThrottleFault[] = [];
  private latencies: LatencyFault[] = [];
  private fifoLimits: FaultTarget[] = [];
  private readonly calls = new Map<string, { second: number; count: number }>();

  constructor(private readonly random: RandomSource) {}

  /** Makes standard queues deliver duplicates and out of order. @throws RangeError */
  standardQueue(fault: StandardQueueFault): EndFault {
    const { duplicate = 0 } = fault;
    if (!(duplicate >= 0 && duplicate < 1)) {
      throw new RangeError(`duplicate must be at least 0 and below 1, got ${duplicate}`);
    }
    this.standard = [...this.standard, fault];
    return () => {
      this.standard = this.standard.filter((item) => item !== fault);
    };
  }

  /** Makes calls fail with RequestThrottled. @throws RangeError */
  throttle(fault: ThrottleFault): EndFault {
    const { probability = 1 } = fault;
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`probability must be from 0 to 1, got ${probability}`);
    }
    this.throttles = [...this.throttles, fault];
    return () => {
      this.throttles = this.throttles.filter((item) => item !== fault);
    };
  }

  /** Makes calls take emulated time. @throws RangeError */
  latency(fault: LatencyFault): EndFault {
    if (!(fault.milliseconds >= 0) || !((fault.jitter ?? 0) >= 0)) {
      throw new RangeError('milliseconds and jitter must not be negative');
    }
    this.latencies = [...this.latencies, fault];
    return () => {
      this.latencies = this.latencies.filter((item) => item !== fault);
    };
  }

  /**
   * Holds FIFO queues to 300 calls a second for each API action; per message group where the queue's
   * FifoThroughputLimit says so. A batch is one call.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
   */
  fifoThroughput(fault: FaultTarget = {}): EndFault {
    this.fifoLimits = [...this.fifoLimits, fault];
    return () => {
      this.fifoLimits = this.fifoLimits.filter((item) => item !== fault);
    };
  }

  /** Takes all faults away. */
  clear(): void {
    this.standard = [];
    this.throttles = [];
    this.latencies = [];
    this.fifoLimits = [];
    this.calls.clear();
  }

  /** How a standard queue behaves now. */
  behaviourOf(queueArn: string): StandardQueueBehaviour {
    const fault = this.standard.findLast((item) => hits(item, queueArn));
    if (!fault) return faultless;
    return { duplicate: fault.duplicate ?? 0, reorder: fault.reorder ?? false };
  }

  /** The stream that decides about one queue. */
  stream(queueArn: string): RandomStream {
    return this.random.stream(`sqs/faults/${queueArn}`);
  }

  /** Throws RequestThrottled if this call is to be throttled. */
  checkThrottle(queueArn: string, operation: string): void {
    if (this.throttles.length === 0) return;
    const fault = this.throttles.findLast(
      (item) => hits(item, queueArn) && concerns(item, operation),
    );
    if (fault && this.stream(queueArn).next() < (fault.probability ?? 1)) throw requestThrottled();
  }

  /** Throws RequestThrottled if a FIFO queue has had its calls of this second. */
  checkFifoThroughput(queueArn: string, action: string, group: string, now: number): void {
    if (!this.fifoLimits.some((item) => hits(item, queueArn))) return;
    const key = `${queueArn}/${action}/${group}`;
    const second = Math.floor(now / 1000);
    const calls = this.calls.get(key);
    if (!calls || calls.second !== second) {
      this.calls.set(key, { second, count: 1 });
    } else {
      calls.count += 1;
      if (calls.count > fifoCallsPerSecond) throw requestThrottled();
    }
  }

  /** Emulated milliseconds that this call takes. */
  latencyOf(queueArn: string, operation: string): number {
    if (this.latencies.length === 0) return 0;
    const fault = this.latencies.findLast(
      (item) => hits(item, queueArn) && concerns(item, operation),
    );
    if (!fault) return 0;
    const { milliseconds, jitter = 0 } = fault;
    return milliseconds + (jitter > 0 ? this.stream(queueArn).integer(jitter + 1) : 0);
  }
}

function hits(target: FaultTarget, queueArn: string): boolean {
  const { queue } = target;
  return queue === undefined || queue === queueArn || queueArn.endsWith(`:${queue}`);
}

function concerns(fault: { readonly operations?: readonly string[] }, operation: string): boolean {
  return fault.operations === undefined || fault.operations.includes(operation);
}
