import type { Clock, Timer } from '../../../clock/clock';

/** How long a mapping collects before it hands over less than a full batch, from the first that it has collected. */
export class BatchingWindow {
  /** Whether it is over, and what has been collected is to go. */
  over = false;
  private timer: Timer | undefined;

  /** @param onOver - called when a window that was opened is over */
  constructor(
    private readonly clock: Clock,
    private readonly onOver: () => void,
  ) {}

  /** Does nothing if it is open. @param seconds - above 0 */
  open(seconds: number, mappingId: string): void {
    this.timer ??= this.clock.after(seconds * 1000, `batching window of ${mappingId}`, () => {
      this.timer = undefined;
      this.over = true;
      this.onOver();
    });
  }

  /** For what is collected from now on. */
  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.over = false;
  }
}
