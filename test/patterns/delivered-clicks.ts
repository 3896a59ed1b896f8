import { gunzipSync } from 'node:zlib';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { S3 } from '@aws-sdk/client-s3';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import {
  Destination,
  Processor,
  Source,
  StreamDelivery,
  type StreamDeliveryProps,
} from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';

/** A click: whose, and which of theirs. */
export interface Click {
  readonly user: string;
  readonly number: number;
}

/** Clicks of so many users, those of a user in order. */
export function testClicks(count: number, users: number): Click[] {
  return Array.from({ length: count }, (_, index) => ({
    user: `user-${index % users}`,
    number: Math.floor(index / users),
  }));
}

/** Ends each click with a line break, and turns away those that a condition holds for: JavaScript about `number`. */
function transformation(stack: Stack, turnedAway: string): lambda.Function {
  return new lambda.Function(stack, 'Transform', {
    runtime: lambda.Runtime.NODEJS_20_X,
    handler: 'index.handler',
    timeout: Duration.minutes(1),
    code: lambda.Code.fromInline(`
exports.handler = async ({ records }) => ({
  records: records.map(({ recordId, data }) => {
    const text = Buffer.from(data, 'base64').toString();
    const { number } = JSON.parse(text);
    const result = ${turnedAway} ? 'ProcessingFailed' : 'Ok';
    return { recordId, result, data: Buffer.from(text + '\\n').toString('base64') };
  }),
});`),
  });
}

/** What a test wants its delivery to be. */
export interface ClicksOptions extends Partial<Pick<StreamDeliveryProps, 'processors'>> {
  /** Which clicks the transformation turns away. @default - there is no transformation */
  readonly turnedAway?: string;
}

/** A stream of clicks that is delivered to a bucket encrypted with a key, deployed. */
export class DeliveredClicks {
  readonly kinesis: Kinesis;
  private readonly s3: S3;

  private constructor(
    readonly aws: Emulator<ManualClock>,
    readonly deployment: Deployment,
  ) {
    this.kinesis = aws.client(Kinesis);
    this.s3 = aws.client(S3);
  }

  static async open({ processors = [], turnedAway }: ClicksOptions = {}): Promise<DeliveredClicks> {
    const stack = new Stack(new App(), 'Clicks');
    const key = new Key(stack, 'Key');
    const bucket = new Bucket(stack, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
    });
    const delivery = new StreamDelivery(stack, 'Clicks', {
      source: Source.stream({ streamName: 'clicks' }),
      destination: Destination.s3({ bucket, bufferingInterval: Duration.minutes(1) }),
      processors: [
        ...(turnedAway === undefined
          ? []
          : [Processor.function(transformation(stack, turnedAway))]),
        ...processors,
      ],
    });
    new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
    new CfnOutput(stack, 'KeyId', { value: key.keyId });
    new CfnOutput(stack, 'RoleName', { value: delivery.role.roleName });
    const aws = await Emulator.start({ clock: 'manual', journalSize: 0 });
    return new DeliveredClicks(aws, await aws.deploy(stack));
  }

  async close(): Promise<void> {
    await this.aws.stop();
  }

  get bucket(): string {
    return this.deployment.output('BucketName');
  }

  /** Puts clicks, 4,000 a second: what an on-demand stream takes. */
  async put(clicks: readonly Click[]): Promise<void> {
    for (let start = 0; start < clicks.length; start += 500) {
      const { FailedRecordCount } = await this.kinesis.putRecords({
        StreamName: 'clicks',
        Records: clicks.slice(start, start + 500).map((click) => ({
          PartitionKey: click.user,
          Data: Buffer.from(JSON.stringify(click)),
        })),
      });
      expect(FailedRecordCount).toBe(0);
      if (start % 3_000 === 2_500) await this.aws.clock.advance(Duration.seconds(1));
    }
  }

  /** Lines of the objects below a prefix, in the order of the objects' names. */
  async lines(prefix = '2'): Promise<string[]> {
    const texts = await this.texts(prefix);
    return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  }

  /** Texts of the objects below a prefix, in the order in which they were written. */
  async texts(prefix = '2'): Promise<string[]> {
    return (await this.objects(prefix)).map(({ text }) => text);
  }

  /** The objects below a prefix, in the order in which they were written. */
  async objects(Prefix = ''): Promise<{ readonly key: string; readonly text: string }[]> {
    const Bucket = this.bucket;
    const { Contents = [] } = await this.s3.listObjectsV2({ Bucket, Prefix });
    // Names begin with the time of the oldest record.
    const objects = [...Contents].sort(
      (a, b) =>
        Number(a.LastModified) - Number(b.LastModified) || (a.Key ?? '').localeCompare(b.Key ?? ''),
    );
    return Promise.all(
      objects.map(async ({ Key: key = '' }) => {
        const { Body } = await this.s3.getObject({ Bucket, Key: key });
        return { key, text: gunzipSync((await Body?.transformToByteArray()) ?? '').toString() };
      }),
    );
  }

  /** Has the role do something no more, or again. */
  async denied(Action: string, denied: boolean): Promise<void> {
    const iam = this.aws.client(IAM);
    const policy = { RoleName: this.deployment.output('RoleName'), PolicyName: 'denied' };
    if (denied)
      await iam.putRolePolicy({
        ...policy,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action, Resource: '*' }],
        }),
      });
    else await iam.deleteRolePolicy(policy);
  }
}
