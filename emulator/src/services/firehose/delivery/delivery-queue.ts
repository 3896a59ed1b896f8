import type { Clock } from '../../../clock/clock';

/** Deals with things one at a time, in the order in which they come. */
export class DeliveryQueue<T> {
  private readonly waiting: T[] = [];
  private running = false;

  /**
   * @param label - what it does, as the clock shows it
   * @param progressed - called when a thing has been dealt with
   */
  constructor(
    private readonly clock: Clock,
    private readonly label: string,
    private readonly deliver: (item: T) => Promise<void>,
    private readonly progressed: () => void = () => undefined,
  ) {}

  /** Whether things wait for the one in work. */
  get backedUp(): boolean {
    return this.waiting.length > 0;
  }

  add(item: T): void {
    this.waiting.push(item);
    if (!this.running) void this.clock.work(this.label, () => this.run());
  }

  discard(): void {
    this.waiting.length = 0;
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let item = this.waiting.shift(); item !== undefined; item = this.waiting.shift()) {
      await this.deliver(item);
      this.progressed();
    }
    this.running = false;
  }
}
