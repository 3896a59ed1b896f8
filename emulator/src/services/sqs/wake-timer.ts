import type { Clock, Timer } from '../../clock/clock';

/** One timer for the earliest of many things that become due. */
export class WakeTimer {
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly label: string,
    private readonly wake: () => void,
  ) {}

  /**
   * Wakes at `due` or before; never, if it is Infinity.
   *
   * A timer that is already set for an earlier time stays: to wake for nothing now and then is cheaper
   * than to set it anew at each change.
   */
  set(due: number): void {
    if (due === Number.POSITIVE_INFINITY) {
      this.cancel();
    } else if (!this.timer || due < this.timer.due) {
      this.cancel();
      this.timer = this.clock.at(due, this.label, () => {
        this.timer = undefined;
        this.wake();
      });
    }
  }

  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }
}
