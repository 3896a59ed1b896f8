import { HttpCallError } from '../../../network/http-call';
import type { Batch, Buffering, Destination } from '../delivery/destination';
import { ErrorLog } from '../delivery/error-log';
import { type AttemptFailure, tryFor } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { readCredentials, SecretError } from '../endpoints/access-secret';
import { EndpointClient } from '../endpoints/endpoint-client';
import type { FailedRecord, FirehoseRecord } from '../record';
import { oldestOf, S3Backup } from '../s3-delivery/s3-backup';
import { S3Output } from '../s3-delivery/s3-output';
import { copyStatement, failureOfAnswer, failureOfCall, manifest } from './copy-statement';
import type { RedshiftSettings } from './redshift-settings';

/** https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html: every five minutes. */
const retryEvery = 5 * 60_000;
/** Emulated milliseconds that a statement may take; AWS documents none. */
const patience = 60 * 60_000;

/** An object that is to be loaded. */
interface WrittenObject {
  readonly key: string;
  readonly records: number;
  readonly bytes: number;
  readonly oldest: number;
}

/**
 * A table of Redshift: records are written to a bucket, and loaded from there by COPY, one statement after the other, each for all
 * objects that there are by then.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
 */
export class RedshiftDestination implements Destination {
  readonly buffering: Buffering;
  private readonly output: S3Output;
  private readonly errors: S3Backup;
  private readonly source: S3Backup | undefined;
  private readonly log: ErrorLog;
  private readonly client: EndpointClient;
  private waiting: WrittenObject[] = [];
  private copying = false;

  constructor(
    private readonly settings: RedshiftSettings,
    private readonly surroundings: DeliverySurroundings,
  ) {
    const { bucket, logging, roleArn, sourceBackup, url } = settings;
    this.buffering = { bytes: bucket.bufferBytes, milliseconds: bucket.bufferMilliseconds };
    this.output = new S3Output(bucket, surroundings, 'DeliveryToS3');
    this.errors = new S3Backup(this.output, surroundings);
    this.source =
      sourceBackup &&
      new S3Backup(new S3Output(sourceBackup, surroundings, 'BackupToS3'), surroundings);
    this.log = new ErrorLog(surroundings, logging, roleArn, url);
    this.client = new EndpointClient(surroundings, 'redshift', { patience });
  }

  received(record: FirehoseRecord): void {
    this.source?.keep(record);
  }

  async deliver({ bytes, records }: Batch): Promise<void> {
    const oldest = oldestOf(records);
    const key = await this.output.write({
      bytes: Buffer.concat(records.map(({ data }) => data)),
      records: records.length,
      oldest,
    });
    if (key === undefined) return;
    this.waiting.push({ key, records: records.length, bytes, oldest });
    const { arn, clock } = this.surroundings;
    if (!this.copying) void clock.work(`COPY of ${arn}`, () => this.copyAll());
  }

  processingFailed(failures: readonly FailedRecord[]): void {
    this.errors.failed('processing-failed', failures);
  }

  flush(): void {
    this.errors.flush();
    this.source?.flush();
  }

  discard(): void {
    this.waiting = [];
    this.errors.discard();
    this.source?.discard();
  }

  private async copyAll(): Promise<void> {
    this.copying = true;
    while (this.waiting.length > 0) {
      const objects = this.waiting;
      this.waiting = [];
      await this.copy(objects);
    }
    this.copying = false;
  }

  private async copy(objects: readonly WrittenObject[]): Promise<void> {
    const content = {
      bytes: Buffer.from(
        manifest(
          this.settings,
          objects.map(({ key }) => key),
        ),
      ),
      oldest: Math.min(...objects.map(({ oldest }) => oldest)),
    };
    const key = await this.output.writeAbout('manifests/', content);
    if (key === undefined) return;
    const { failure } = await tryFor(
      this.surroundings,
      this.settings.retryFor,
      async () => {
        const refused = await this.attempt(copyStatement(this.settings, key));
        this.count(objects, refused);
        return refused;
      },
      () => retryEvery,
    );
    // What could not be loaded stays in the bucket: the manifest is for doing it by hand.
    if (failure && !this.surroundings.deleted())
      await this.output.writeAbout('errors/manifests/', content);
  }

  private async attempt(statement: string): Promise<AttemptFailure | undefined> {
    try {
      const { Username: user = '' } = readCredentials(
        this.settings.access,
        { Password: 'password', Username: 'username' },
        this.surroundings,
      );
      const answer = await this.client.call({
        method: 'COPY',
        url: this.settings.url,
        headers: { 'X-Redshift-User': user },
        body: statement,
        success: () => ({}),
      });
      return failureOfAnswer(answer);
    } catch (error) {
      if (error instanceof HttpCallError) return failureOfCall(error);
      if (error instanceof SecretError) return error.failure;
      throw error;
    }
  }

  private count(objects: readonly WrittenObject[], failure: AttemptFailure | undefined): void {
    const { clock, metrics } = this.surroundings;
    const now = clock.now();
    metrics.add('DeliveryToRedshift.Success', now, failure ? 0 : 1);
    if (failure) {
      this.log.write(failure.code, failure.message);
      return;
    }
    for (const { bytes, records } of objects) {
      metrics.add('DeliveryToRedshift.Records', now, records);
      metrics.add('DeliveryToRedshift.Bytes', now, bytes);
    }
  }
}
