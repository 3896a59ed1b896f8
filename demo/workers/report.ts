import { count, duration, tableOf } from '../shop/table';

/** How the videos ended. */
export interface VideosResult {
  /** Requests that the front end has taken. */
  readonly accepted: number;
  /** Videos whose results are in the bucket. */
  readonly encoded: number;
  /** Keys of videos that were accepted and have no result. */
  readonly lost: readonly string[];
  readonly deadLettered: number;
  readonly deepestQueue: number;
  readonly mostEncoders: number;
  /** Encoders in service at the end. */
  readonly encodersAtEnd: number;
  readonly launched: number;
  readonly terminated: number;
  /** Encoders that died: one of its own, others with their zone. */
  readonly died: number;
  /** Emulated milliseconds that the oldest video without a result waited at most. */
  readonly oldest: number;
  /** Emulated milliseconds from the opening to the last look. */
  readonly emulatedTime: number;
  /** Real milliseconds for the same. */
  readonly realTime: number;
}

/** The table that a person reads afterwards. */
export function videosTable(result: VideosResult): string {
  return tableOf([
    ['accepted', count(result.accepted)],
    ['encoded', count(result.encoded)],
    ['lost', count(result.lost.length)],
    ['dead-lettered', count(result.deadLettered)],
    ['deepest queue', count(result.deepestQueue)],
    ['oldest waited', `${duration(result.oldest)} (emulated)`],
    ['encoders', `0, at most ${result.mostEncoders}, ${result.encodersAtEnd} in the end`],
    [
      'launched, terminated',
      `${result.launched}, ${result.terminated} (of which ${result.died} died)`,
    ],
    ['emulated time', duration(result.emulatedTime)],
    ['real time', duration(result.realTime)],
  ]);
}
