import type { Clock, Timer } from '../../clock/clock';
import type { Journal } from '../../journal/journal';
import type { Message } from './message';
import type { Queue } from './queue';

/** Messages a second of a task that does not say: AWS chooses by the backlog; this is the most one can ask for. */
const defaultRate = 500;

/** A task that moves faster than this many messages a second moves several at a time. */
const movesPerSecond = 10;

/** CANCELLING is passed through at once. */
export type MoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** Where a task moves messages and how. */
export interface MoveTaskOptions {
  readonly id: string;
  readonly source: Queue;
  /** @default - each message's original source queue */
  readonly destination?: Queue;
  /** Messages a second, 1 to 500. @default - chosen by SQS */
  readonly rate?: number;
  /** The queue of that ARN, if it exists. */
  find(queueArn: string): Queue | undefined;
}

/**
 * A message move task: takes messages out of a dead-letter queue, the oldest first, and sends them on
 * as new ones.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export class MoveTask {
  readonly startedAt: number;
  readonly toMove: number;
  status: MoveTaskStatus = 'RUNNING';
  moved = 0;
  failureReason: string | undefined;
  private timer: Timer | undefined;

  constructor(
    readonly options: MoveTaskOptions,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {
    this.startedAt = clock.now();
    this.toMove = options.source.visible;
    this.schedule();
  }

  /** What cancels it and ListMessageMoveTasks shows while it runs. */
  get handle(): string {
    const { id, source } = this.options;
    return Buffer.from(JSON.stringify({ taskId: id, sourceArn: source.arn })).toString('base64');
  }

  /** Ends it; what has been moved stays moved. */
  cancel(): void {
    this.end('CANCELLED');
  }

  /** Ends it because a queue is gone. */
  fail(reason: string): void {
    this.failureReason = reason;
    this.end('FAILED');
  }

  private schedule(): void {
    const { rate = defaultRate, source } = this.options;
    const atOnce = Math.max(1, Math.floor(rate / movesPerSecond));
    const interval = (1000 * atOnce) / rate;
    this.timer = this.clock.after(interval, `message move task of ${source.arn}`, () =>
      this.step(atOnce),
    );
  }

  private step(count: number): void {
    for (let i = 0; i < count && this.status === 'RUNNING'; i++) this.moveOne();
    if (this.status !== 'RUNNING') return;
    if (this.options.source.hasReady()) this.schedule();
    else this.end('COMPLETED');
  }

  private moveOne(): void {
    const { source } = this.options;
    let target: Queue | undefined;
    const message = source.takeForMove((candidate) => {
      target = this.targetOf(candidate);
      return target !== undefined;
    });
    if (!message || !target) return;
    const newMessageId = target.acceptRedriven(message);
    this.journal.record('redriven', message.id, source.arn, {
      destination: target.arn,
      newMessageId,
    });
    this.moved += 1;
  }

  /** Where a message goes; without a destination the task fails. */
  private targetOf(message: Message): Queue | undefined {
    const arn = this.options.destination?.arn ?? message.details?.deadLetterSourceArn;
    if (arn === undefined) {
      this.fail('CouldNotDetermineMessageSource');
      return undefined;
    }
    const target = this.options.find(arn);
    if (!target) this.fail('AWS.SimpleQueueService.NonExistentQueue');
    return target;
  }

  private end(status: MoveTaskStatus): void {
    if (this.status !== 'RUNNING') return;
    this.status = status;
    this.timer?.cancel();
  }
}

/** What a task handle names; undefined if it is none. */
export function parseTaskHandle(handle: string): { taskId: string; sourceArn: string } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (typeof value !== 'object' || value === null) return undefined;
    const { taskId, sourceArn } = { taskId: undefined, sourceArn: undefined, ...value };
    return typeof taskId === 'string' && typeof sourceArn === 'string'
      ? { taskId, sourceArn }
      : undefined;
  } catch {
    return undefined;
  }
}
