import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { type ExtendedS3DestinationConfiguration, Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src/emulator';
import type { EmulatorOptions } from '../../../src/options';

export const account = '000000000000';
export const region = 'us-east-1';
export const bucket = 'archive';

export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
export const streamArn = (name: string) =>
  `arn:aws:firehose:${region}:${account}:deliverystream/${name}`;

/** Milliseconds that a delivery stream is being created. */
export const transition = 10_000;

/** An object of a bucket. */
export interface StoredFile {
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentEncoding: string | undefined;
}

/** An emulator on the manual clock with a bucket, a role that may write to it, and what tests do again and again. */
export class FirehoseBench {
  private constructor(
    readonly aws: Awaited<ReturnType<typeof startManual>>,
    readonly firehose: Firehose,
  ) {}

  static async start(options: EmulatorOptions = {}): Promise<FirehoseBench> {
    const aws = await startManual(options);
    const bench = new FirehoseBench(aws, aws.client(Firehose));
    await aws.client(S3).createBucket({ Bucket: bucket });
    await bench.role('delivery', ['s3:PutObject', 'kms:GenerateDataKey', 'logs:PutLogEvents']);
    return bench;
  }

  async stop(): Promise<void> {
    await this.aws.stop();
  }

  /** Makes a role that trusts Firehose, or another service. */
  async role(
    name: string,
    actions: readonly string[],
    Resource = '*',
    Service = 'firehose.amazonaws.com',
    Principal: object = { Service },
  ): Promise<string> {
    const iam = this.aws.client(IAM);
    await iam.createRole({
      RoleName: name,
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal,
        Action: 'sts:AssumeRole',
      }),
    });
    await this.grant(name, actions, Resource);
    return roleArn(name);
  }

  /** What a role may do, instead of what it might so far. */
  async grant(name: string, actions: readonly string[], Resource = '*'): Promise<void> {
    const iam = this.aws.client(IAM);
    if (actions.length === 0) await iam.deleteRolePolicy({ RoleName: name, PolicyName: 'rights' });
    else
      await iam.putRolePolicy({
        RoleName: name,
        PolicyName: 'rights',
        PolicyDocument: document({ Effect: 'Allow', Action: actions, Resource }),
      });
  }

  /** Makes a delivery stream to the bucket that can be used. */
  async stream(
    name: string,
    settings: Partial<ExtendedS3DestinationConfiguration> = {},
  ): Promise<void> {
    await this.firehose.createDeliveryStream({
      DeliveryStreamName: name,
      ExtendedS3DestinationConfiguration: destination(settings),
    });
    await this.aws.clock.advance(transition);
  }

  put(name: string, text: string) {
    return this.firehose.putRecord({
      DeliveryStreamName: name,
      Record: { Data: Buffer.from(text) },
    });
  }

  /** Every object of the bucket, by key. */
  async objects(Prefix = '', Bucket = bucket): Promise<StoredFile[]> {
    const s3 = this.aws.client(S3);
    const { Contents = [] } = await s3.listObjectsV2({ Bucket, Prefix });
    return Promise.all(
      Contents.map(async ({ Key: key = '' }) => {
        const { Body, ContentEncoding } = await s3.getObject({ Bucket, Key: key });
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        return { key, bytes, contentEncoding: ContentEncoding };
      }),
    );
  }

  /** What a metric of a delivery stream adds up to. */
  async metric(name: string, MetricName: string, Stat = 'Sum'): Promise<number | undefined> {
    const now = this.aws.clock.now();
    const { Datapoints = [] } = await this.aws.client(CloudWatch).getMetricStatistics({
      Namespace: 'AWS/Firehose',
      MetricName,
      Dimensions: [{ Name: 'DeliveryStreamName', Value: name }],
      StartTime: new Date(now - 86_400_000),
      EndTime: new Date(now + 60_000),
      Period: 172_800,
      Statistics: ['Sum', 'Average', 'Maximum'],
    });
    const [found] = Datapoints;
    return Stat === 'Sum' ? found?.Sum : Stat === 'Average' ? found?.Average : found?.Maximum;
  }

  /** The documents about failures in the bucket, below a prefix. */
  async failures(prefix: string) {
    const texts = await this.texts(prefix);
    const lines = texts.flatMap((text) => text.trimEnd().split('\n'));
    return lines.map((line) => JSON.parse(line));
  }

  /** The texts of the objects, by key. */
  async texts(prefix = ''): Promise<string[]> {
    return (await this.objects(prefix)).map(({ bytes }) => bytes.toString());
  }
}

/** A destination in the bucket, which is full after a minute or a MiB. */
export function destination(
  settings: Partial<ExtendedS3DestinationConfiguration> = {},
): ExtendedS3DestinationConfiguration {
  return {
    RoleARN: roleArn('delivery'),
    BucketARN: `arn:aws:s3:::${bucket}`,
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    ...settings,
  };
}

function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function startManual(options: EmulatorOptions) {
  return Emulator.start({ ...options, clock: 'manual' });
}
