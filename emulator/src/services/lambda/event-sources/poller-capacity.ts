import type { Clock, Timer } from '../../../clock/clock';

const initial = 5;
/** Lambda adds up to 300 a minute; here they come evenly, one step a second. */
const stepPerSecond = 5;
const most = 1250;

/** The batches of a mapping that are running: those of before an update count after it too. */
export class RunningBatches {
  count = 0;
  /** Called when one has ended. */
  onEnd: () => void = () => undefined;
}

/**
 * How many batches of a mapping may run at a time: five at first, more while messages keep waiting.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class PollerCapacity {
  private current = initial;
  private timer: Timer | undefined;

  /**
   * @param maximum - the mapping's MaximumConcurrency; undefined without one
   * @param onGrowth - called when there is room for more
   */
  constructor(
    private readonly clock: Clock,
    private readonly label: string,
    private readonly maximum: number | undefined,
    private readonly onGrowth: () => void,
  ) {}

  get limit(): number {
    return Math.min(this.current, this.maximum ?? most);
  }

  /** All places are taken while messages may be waiting. */
  noteSaturated(): void {
    if (this.timer || this.limit < this.current || this.current >= most) return;
    this.timer = this.clock.after(1000, `scaling of ${this.label}`, () => {
      this.timer = undefined;
      this.current = Math.min(most, this.current + stepPerSecond);
      this.onGrowth();
    });
  }

  /** Nothing is waiting any more. */
  noteDrained(): void {
    this.stop();
    this.current = initial;
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }
}
