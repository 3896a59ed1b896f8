import type { S3 } from '@aws-sdk/client-s3';
import { prefixOf, type Video } from './videos';

/** Where the encoder puts the result of a video. */
const objectOf = (key: string): string => `encoded/${key}.gz`;

/** Which of the videos that were accepted have a result in the bucket. */
export class Results {
  /** When each was accepted that has none yet, in that order. */
  private readonly waiting = new Map<Video, number>();
  private all = 0;

  constructor(
    private readonly s3: S3,
    private readonly bucket: string,
  ) {}

  /** Videos that were accepted. */
  get accepted(): number {
    return this.all;
  }

  /** Those of them that have a result. */
  get encoded(): number {
    return this.all - this.waiting.size;
  }

  /** Keys of those that have none. */
  get missing(): string[] {
    return [...this.waiting.keys()].map(({ key }) => key);
  }

  /** When the first of those that have none was accepted. */
  get waitingSince(): number | undefined {
    const [first] = this.waiting.values();
    return first;
  }

  /** Expects the result of a video from now on. */
  expect(video: Video, now: number): void {
    this.all += 1;
    this.waiting.set(video, now);
  }

  /** Looks for what is missing, and nothing else, however much there is. */
  async update(): Promise<void> {
    const videos = [...this.waiting.keys()];
    for (const minute of new Set(videos.map((video) => video.minute))) {
      const objects = await this.objectsOf(minute);
      for (const video of videos) if (objects.has(objectOf(video.key))) this.waiting.delete(video);
    }
  }

  private async objectsOf(minute: number): Promise<Set<string | undefined>> {
    const found = new Set<string | undefined>();
    let ContinuationToken: string | undefined;
    do {
      const page = await this.s3.listObjectsV2({
        Bucket: this.bucket,
        Prefix: `encoded/${prefixOf(minute)}`,
        ContinuationToken,
      });
      for (const { Key } of page.Contents ?? []) found.add(Key);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }
}
