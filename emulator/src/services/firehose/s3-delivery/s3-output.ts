import { ServiceError } from '../../../protocol/errors';
import { ErrorLog } from '../delivery/error-log';
import { type AttemptFailure, tryFor } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { DeliveryMetricPrefix } from '../metrics';
import type { PartitionKeys } from '../record';
import { compress, extensions } from './compression';
import { DatePattern } from './date-pattern';
import type { ErrorOutputType } from './prefix';
import type { BucketSettings } from './s3-settings';

/** What is written as one object. */
export interface ObjectContent {
  readonly bytes: Uint8Array;
  /** How many records it holds. */
  readonly records: number;
  /** Arrival of the oldest of them: emulated milliseconds since the epoch. */
  readonly oldest: number;
  /** That all of them have. @default - none */
  readonly partitionKeys?: PartitionKeys | undefined;
  /** Of a file in a format that is compressed inside, such as `.parquet`: it is written as it is. */
  readonly formatExtension?: string;
}

const nameTime = new DatePattern('yyyy-MM-dd-HH-mm-ss');

/** What the log says where S3 refuses. https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
const messages: Readonly<Record<string, string>> = {
  AccessDenied:
    'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.',
  'KMS.AccessDeniedException':
    'Access was denied. Ensure that the access policy of the provided IAM role and the key policy allow the use of the AWS KMS key.',
  'KMS.NotFoundException':
    'The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS KMS key with the correct role, check if there is a problem with the account to which the AWS KMS key is attached.',
  MethodNotAllowed:
    "The specified method is not allowed against this resource. Modify the bucket's policy to allow the correct Amazon S3 operation permissions.",
  NoSuchBucket:
    'The specified bucket does not exist. Create the bucket or use a different bucket that does exist.',
};

/** A bucket that a delivery stream writes to: what it delivers, what it backs up, what it gave up. */
export class S3Output {
  readonly log: ErrorLog;

  /** @param metrics - what its metrics are called */
  constructor(
    readonly settings: BucketSettings,
    private readonly surroundings: DeliverySurroundings,
    private readonly metrics: DeliveryMetricPrefix,
  ) {
    const { logging, roleArn, bucketArn } = settings;
    this.log = new ErrorLog(surroundings, logging, roleArn, bucketArn);
  }

  /**
   * Writes records, and tries again for as long as Firehose keeps them: 24 hours, or what is left of the source stream's retention.
   *
   * @returns the key of the object; undefined if it could not be written, and is lost
   */
  async write(content: ObjectContent): Promise<string | undefined> {
    const { clock, random, metrics } = this.surroundings;
    const { prefix, timeZone, compression } = this.settings;
    const time = content.oldest;
    const { partitionKeys } = content;
    const extension = this.settings.extension ?? content.formatExtension ?? extensions[compression];
    const name = this.objectName(time);
    const key = prefix.evaluate({ time, timeZone, random, partitionKeys }) + name + extension;
    const inside = content.formatExtension === undefined ? compression : 'UNCOMPRESSED';
    const written = await this.put(key, content, compress(content.bytes, inside, name), inside);
    if (!written) return undefined;
    metrics.add(`${this.metrics}.Bytes`, clock.now(), content.bytes.byteLength);
    metrics.add(`${this.metrics}.Records`, clock.now(), content.records);
    if (this.metrics === 'DeliveryToS3') metrics.add('DeliveryToS3.ObjectCount', clock.now());
    return key;
  }

  /**
   * Writes something about what has been delivered into a folder of its own, as it is.
   *
   * @param folder - with a slash at its end
   * @returns the key of the object; undefined if it could not be written
   */
  async writeAbout(
    folder: string,
    content: Pick<ObjectContent, 'bytes' | 'oldest'>,
  ): Promise<string | undefined> {
    const { timeZone } = this.settings;
    const name = this.objectName(content.oldest);
    const key = folder + hourly.format(content.oldest, timeZone) + name;
    return (await this.put(key, content, content.bytes, 'UNCOMPRESSED')) ? key : undefined;
  }

  /** Writes documents about failures, below the prefix for failures. */
  async writeFailures(type: ErrorOutputType, content: ObjectContent): Promise<boolean> {
    const { random } = this.surroundings;
    const { prefix, errorPrefix, timeZone, compression } = this.settings;
    const time = content.oldest;
    const values = { time, timeZone, random, errorOutputType: type };
    const start = errorPrefix
      ? errorPrefix.evaluate(values)
      : `${prefix.text}${type}/${hourly.format(time, timeZone)}`;
    const name = this.objectName(time);
    const body = compress(content.bytes, compression, name);
    return this.put(start + name + extensions[compression], content, body, compression);
  }

  private objectName(time: number): string {
    const { address, random, versionId } = this.surroundings;
    const at = nameTime.format(time, this.settings.timeZone);
    return `${address.name}-${versionId}-${at}-${random.uuid()}`;
  }

  private async put(
    key: string,
    { oldest }: Pick<ObjectContent, 'oldest'>,
    body: Uint8Array,
    compression: string,
  ): Promise<boolean> {
    const { clock, metrics, ports } = this.surroundings;
    const { bucket, kmsKeyArn, roleArn } = this.settings;
    const duration = this.surroundings.keptUntil(oldest) - clock.now();
    const { failure } = await tryFor(this.surroundings, duration, () => {
      const now = clock.now();
      metrics.add(`${this.metrics}.DataFreshness`, now, (now - oldest) / 1000);
      const refused = refusalOf(() =>
        ports.buckets.put(
          {
            bucket,
            key,
            body,
            contentType: 'application/octet-stream',
            contentEncoding: compression === 'GZIP' ? 'gzip' : undefined,
            kmsKeyArn,
          },
          this.surroundings.assumeRole(roleArn),
        ),
      );
      metrics.add(`${this.metrics}.Success`, now, refused ? 0 : 1);
      if (refused) this.log.write(refused.code, refused.message);
      return refused;
    });
    return failure === undefined;
  }
}

const hourly = new DatePattern('yyyy/MM/dd/HH/');

function refusalOf(put: () => void): AttemptFailure | undefined {
  try {
    put();
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
    return { code: `S3.${code}`, message: messages[code] ?? error.message };
  }
}
