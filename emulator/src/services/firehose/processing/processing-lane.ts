import type { Clock } from '../../../clock/clock';

/** Calls of a transformation at a time, for each shard. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const outstanding = 5;

/** One thing in work. */
interface Slot<R> {
  result: R | undefined;
}

/** Works at several things at a time, and hands on the results in the order in which the things came. */
export class ProcessingLane<T, R> {
  private readonly waiting: T[] = [];
  private readonly slots: Slot<R>[] = [];
  private running = 0;
  private discarded = false;
  private whenDone: (() => void) | undefined;

  /**
   * @param label - what it does, as the clock shows it
   * @param done - given each result
   */
  constructor(
    private readonly clock: Clock,
    private readonly label: string,
    private readonly process: (item: T) => Promise<R>,
    private readonly done: (result: R) => void,
  ) {}

  /** Whether things wait for those in work. */
  get backedUp(): boolean {
    return this.waiting.length > 0;
  }

  /** Calls when everything that was added has been handed on: at once, if it has. */
  whenIdle(then: () => void): void {
    this.whenDone = then;
    this.tellIfIdle();
  }

  add(item: T): void {
    this.waiting.push(item);
    this.startNext();
  }

  /** Forgets what waits, and what comes of what is in work. */
  discard(): void {
    this.discarded = true;
    this.waiting.length = 0;
    this.slots.length = 0;
    this.tellIfIdle();
  }

  private startNext(): void {
    const item = this.running < outstanding ? this.waiting.shift() : undefined;
    if (item === undefined) return;
    const slot: Slot<R> = { result: undefined };
    this.slots.push(slot);
    this.running += 1;
    void this.clock.work(this.label, async () => {
      slot.result = await this.process(item);
      this.running -= 1;
      if (this.discarded) return;
      this.startNext();
      this.handOn();
    });
  }

  private handOn(): void {
    for (let [first] = this.slots; first?.result !== undefined; [first] = this.slots) {
      this.slots.shift();
      this.done(first.result);
    }
    this.tellIfIdle();
  }

  private tellIfIdle(): void {
    if (this.waiting.length > 0 || this.slots.length > 0) return;
    const { whenDone } = this;
    this.whenDone = undefined;
    whenDone?.();
  }
}
