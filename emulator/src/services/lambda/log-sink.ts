import type { Caller } from '../../iam/caller';

/** One event of a log. */
export interface LogLine {
  /** Emulated time in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Where functions write their logs: CloudWatch Logs, as the composition root adapts it. */
export interface LogSink {
  /**
   * Appends to a stream as the function's role; makes group and stream where they are missing. What the role may not
   * write is lost.
   */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly LogLine[],
    caller: Caller,
  ): void;
}
