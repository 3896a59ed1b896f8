import type { S3 } from '@aws-sdk/client-s3';

/** The videos whose results are in the bucket. */
export class Results {
  private readonly found = new Set<string>();

  constructor(
    private readonly s3: S3,
    private readonly bucket: string,
  ) {}

  get keys(): ReadonlySet<string> {
    return this.found;
  }

  /** Takes note of what has come since. */
  async update(): Promise<void> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.s3.listObjectsV2({ Bucket: this.bucket, ContinuationToken });
      for (const { Key = '' } of page.Contents ?? []) {
        const [, key] = /^encoded\/(.*)\.gz$/.exec(Key) ?? [];
        if (key !== undefined) this.found.add(key);
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }
}
