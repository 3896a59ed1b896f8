import type { Clock, Timer } from '../../../clock/clock';
import type { Buffering } from './destination';

/** Gathers items until they are many enough or old enough. */
export class DeliveryBuffer<T> {
  private items: T[] = [];
  private size = 0;
  private timer: Timer | undefined;

  /**
   * @param label - what the timer is for, as the clock shows it
   * @param full - given what was gathered, at the instant at which the buffer is full
   */
  constructor(
    private readonly clock: Clock,
    private readonly label: string,
    private readonly limits: Buffering,
    private readonly sizeOf: (item: T) => number,
    private readonly full: (items: readonly T[], bytes: number) => void,
  ) {}

  get empty(): boolean {
    return this.items.length === 0;
  }

  add(item: T): void {
    this.items.push(item);
    this.size += this.sizeOf(item);
    if (this.size >= this.limits.bytes) this.flush();
    else
      this.timer ??= this.clock.after(this.limits.milliseconds, this.label, () => {
        this.timer = undefined;
        this.flush();
      });
  }

  /** Hands over what is there, full or not. */
  flush(): void {
    const { items, size } = this;
    this.discard();
    if (items.length > 0) this.full(items, size);
  }

  discard(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.items = [];
    this.size = 0;
  }
}
