import type { S3 } from '@aws-sdk/client-s3';
import type { Clock } from 'cdk-decouple-emulator';
import type { Video } from './videos';

/** Emulated milliseconds until somebody asks again whom the front end did not answer. */
const pause = 5_000;

/** Those who have videos: they upload each, and ask at the front end until it has taken the request. */
export class Customers {
  constructor(
    private readonly s3: S3,
    private readonly bucket: string,
    /** Of the front end, up to the key. */
    private readonly url: string,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the front end has taken it. */
  async bring({ key }: Video): Promise<void> {
    await this.s3.putObject({ Bucket: this.bucket, Key: key, Body: `the pictures of ${key}` });
    for (;;) {
      const { status } = await fetch(`${this.url}${key}`, { method: 'POST' });
      if (status === 202) return;
      await this.clock.sleep(pause, 'ask again');
    }
  }
}
