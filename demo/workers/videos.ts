import { minute } from '../shop/demo';

/** A video that somebody wants encoded at a moment. */
export interface Video {
  /** Emulated milliseconds since the opening. */
  readonly at: number;
  /** The minute of the trace that it is of. */
  readonly minute: number;
  /** Begins with {@link prefixOf} of its minute. */
  readonly key: string;
}

/** What the keys of all videos of a minute begin with. */
export const prefixOf = (index: number): string => `minute-${index}-`;

/** The videos of a trace, spread evenly over each of its minutes. */
export function videosOf(trace: readonly number[]): Video[] {
  return trace.flatMap((arrivals, index) =>
    Array.from({ length: arrivals }, (_, place) => ({
      at: (index + (place + 0.5) / arrivals) * minute,
      minute: index,
      key: `${prefixOf(index)}${place}`,
    })),
  );
}
