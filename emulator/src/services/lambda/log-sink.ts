/** One event of a log. */
export interface LogLine {
  /** Emulated time in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Where functions write their logs: CloudWatch Logs, as the composition root adapts it. */
export interface LogSink {
  /** Appends to a stream; makes group and stream where they are missing, as Lambda does. */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly LogLine[],
  ): void;
}
