/** What a JVM says of its processor time. */
export interface ProcessorTimes {
  /** Nanoseconds of all its threads, since it was started. */
  readonly cpuTime: number;
  /** Milliseconds since it was started. */
  readonly uptime: number;
  /** Processors that it may use. */
  readonly processors: number;
}

/** Milliseconds of real time: an emulated minute may take less than one. */
const shortestWindow = 1000;

/** Which share of its processors one JVM uses: over the time since the last look at it, or since one before if that is not a second ago. */
export class ProcessorUse {
  private since = { cpuTime: 0, uptime: 0 };
  private percent = 0;

  /** The percentage, as of now or of less than a second ago. */
  at({ cpuTime, processors, uptime }: ProcessorTimes): number {
    const window = uptime - this.since.uptime;
    if (window >= shortestWindow) {
      const used = (cpuTime - this.since.cpuTime) / 1_000_000;
      this.percent = Math.max(0, Math.min(100, (used / (window * processors)) * 100));
      this.since = { cpuTime, uptime };
    }
    return this.percent;
  }
}
