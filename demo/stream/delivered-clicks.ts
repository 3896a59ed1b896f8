import { gunzipSync } from 'node:zlib';
import type { S3 } from '@aws-sdk/client-s3';

/** A record that Firehose could not process, as it writes it to the error prefix. */
export interface FailedRecord {
  readonly errorCode: string;
  /** The record as it came, in Base64. */
  readonly rawData: string;
}

interface DeliveredClick {
  readonly clickId: string;
  readonly customerId: string;
  readonly position: number;
}

/** What is in the bucket. It reads each object once. */
export class DeliveredClicks {
  readonly failed: FailedRecord[] = [];
  private readonly seen = new Set<string>();
  private readonly read = new Set<string>();
  private readonly late = new Set<string>();
  private again = 0;
  private disordered = 0;
  private withAddress = 0;

  constructor(
    private readonly s3: S3,
    private readonly bucket: string,
  ) {}

  get ids(): ReadonlySet<string> {
    return this.seen;
  }

  /** Clicks that had come before. */
  get duplicates(): number {
    return this.again;
  }

  /** Clicks, put once, that came after a later one of the same customer in the same object. */
  get outOfOrder(): number {
    return this.disordered;
  }

  /** Clicks that still had the address of the visitor. */
  get addresses(): number {
    return this.withAddress;
  }

  get objects(): number {
    return this.read.size;
  }

  /** Clicks that are put again have lost their place. */
  forgetOrderOf(records: readonly FailedRecord[]): void {
    for (const { rawData } of records) {
      const [, id] = /"clickId":"([^"]*)"/.exec(Buffer.from(rawData, 'base64').toString()) ?? [];
      if (id !== undefined) this.late.add(id);
    }
  }

  /** Reads what has come since. */
  async update(): Promise<void> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.s3.listObjectsV2({ Bucket: this.bucket, ContinuationToken });
      for (const { Key = '' } of page.Contents ?? []) if (!this.read.has(Key)) await this.take(Key);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  private async take(Key: string): Promise<void> {
    const { Body } = await this.s3.getObject({ Bucket: this.bucket, Key });
    this.read.add(Key);
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const lines = gunzipSync(bytes).toString('utf8').split('\n').filter(Boolean);
    if (Key.startsWith('failed/')) {
      for (const line of lines) this.failed.push(JSON.parse(line) as FailedRecord);
    } else this.count(lines);
  }

  private count(lines: readonly string[]): void {
    const last = new Map<string, number>();
    for (const line of lines) {
      const { clickId, customerId, position } = JSON.parse(line) as DeliveredClick;
      if (line.includes('"ip"')) this.withAddress += 1;
      if (this.seen.has(clickId)) {
        this.again += 1;
        continue;
      }
      this.seen.add(clickId);
      if (this.late.has(clickId)) continue;
      if (position < (last.get(customerId) ?? 0)) this.disordered += 1;
      last.set(customerId, position);
    }
  }
}
