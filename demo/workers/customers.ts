import type { S3 } from '@aws-sdk/client-s3';
import type { Clock } from 'cdk-decouple-emulator';

/** A video that somebody wants encoded at a moment. */
export interface Video {
  /** Emulated milliseconds since the opening. */
  readonly at: number;
  readonly key: string;
}

/** The videos of a trace, spread evenly over each of its minutes. */
export function videosOf(trace: readonly number[], minute: number): Video[] {
  return trace.flatMap((arrivals, index) =>
    Array.from({ length: arrivals }, (_, place) => ({
      at: (index + (place + 0.5) / arrivals) * minute,
      key: `video-${index}-${place}`,
    })),
  );
}

/** Emulated milliseconds until somebody asks again whom the front end did not answer. */
const pause = 5_000;

/** Those who have videos: they upload each, and ask at the front end until it has taken the request. */
export class Customers {
  /** When each was taken, by its key. */
  readonly accepted = new Map<string, number>();

  constructor(
    private readonly s3: S3,
    private readonly bucket: string,
    /** Of the front end, up to the key. */
    private readonly url: string,
    private readonly clock: Clock,
  ) {}

  async bring(videos: readonly Video[]): Promise<void> {
    await Promise.all(videos.map((video) => this.ask(video)));
  }

  private async ask({ key }: Video): Promise<void> {
    await this.s3.putObject({ Bucket: this.bucket, Key: key, Body: `the pictures of ${key}` });
    for (;;) {
      const { status } = await fetch(`${this.url}${key}`, { method: 'POST' });
      if (status === 202) break;
      await this.clock.sleep(pause, 'ask again');
    }
    this.accepted.set(key, this.clock.now());
  }
}
