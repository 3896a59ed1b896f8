import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { failuresOf } from '../validation';
import { STREAM_RULES } from './source-rules';

/** A stream that is made for a delivery. */
export interface StreamOptions {
  /**
   * Name of the stream: up to 128 letters, digits, hyphens, underscores and full stops. A named stream cannot be replaced.
   *
   * @default - a name made by CloudFormation
   */
  readonly streamName?: string;

  /**
   * How many shards it has: each takes 1 MB or 1,000 records a second in, and gives 2 MB a second out.
   *
   * @default - on demand: Kinesis has as many as it needs
   * @see https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
   */
  readonly shardCount?: number;

  /**
   * How long records can be read again: 24 hours to 365 days, in whole hours.
   *
   * @default Duration.hours(24)
   */
  readonly retentionPeriod?: Duration;

  /**
   * A KMS key of your own. Producers and Firehose get the use of it with their grants.
   *
   * @default - encrypted with the key that Kinesis manages, `alias/aws/kinesis`
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Metrics of each shard, which CloudWatch charges for.
   *
   * @default - metrics of the stream only
   */
  readonly shardLevelMetrics?: readonly kinesis.ShardLevelMetrics[];

  /**
   * Largest record in KiB: 1,024 to 10,240.
   *
   * @default 1024
   */
  readonly maxRecordSizeKiB?: number;

  /**
   * What becomes of the stream, and of the records in it, when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What producers put straight into. */
export interface DirectPutOptions {
  /**
   * A KMS key of your own for records that wait to be delivered. Firehose gives itself a grant for it: whoever deploys needs
   * `kms:CreateGrant`.
   *
   * @default - encrypted with a key that AWS owns
   */
  readonly encryptionKey?: kms.IKey;
}

/** A source that has been made. */
export interface BoundSource {
  /** Undefined for direct put. */
  readonly stream?: kinesis.IStream;
  /** The properties of the delivery stream that say so, and the rights that it takes. */
  readonly properties: (role: iam.Role) => Partial<CfnDeliveryStreamProps>;
}

/** Where the records of a delivery come from. */
export class Source {
  /** A stream of its own, which other consumers may read as well, and again. */
  public static stream(options: StreamOptions = {}): Source {
    return new Source(failuresOf(options, STREAM_RULES), (scope) =>
      readFrom(makeStream(scope, options)),
    );
  }

  /** A stream that exists. */
  public static existingStream(stream: kinesis.IStream): Source {
    return new Source([], () => readFrom(stream));
  }

  /** Producers that put straight into the delivery stream, a topic among them. Nobody else can read their records, nor read them again. */
  public static directPut({ encryptionKey }: DirectPutOptions = {}): Source {
    return new Source([], () => ({
      properties: () => ({
        deliveryStreamType: 'DirectPut',
        deliveryStreamEncryptionConfigurationInput:
          encryptionKey === undefined
            ? { keyType: 'AWS_OWNED_CMK' }
            : { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: encryptionKey.keyArn },
      }),
    }));
  }

  private constructor(
    /** What is wrong with it. */
    public readonly failures: readonly string[],
    /** Makes what it needs in the scope. */
    public readonly bind: (scope: Construct) => BoundSource,
  ) {}
}

function makeStream(scope: Construct, options: StreamOptions): kinesis.Stream {
  const {
    encryptionKey,
    maxRecordSizeKiB,
    removalPolicy,
    retentionPeriod,
    shardCount,
    streamName,
  } = options;
  const stream = new kinesis.Stream(scope, 'Stream', {
    streamName,
    retentionPeriod,
    ...(shardCount === undefined
      ? { streamMode: kinesis.StreamMode.ON_DEMAND }
      : { streamMode: kinesis.StreamMode.PROVISIONED, shardCount }),
    ...(encryptionKey === undefined
      ? { encryption: kinesis.StreamEncryption.MANAGED }
      : { encryption: kinesis.StreamEncryption.KMS, encryptionKey }),
    shardLevelMetrics: options.shardLevelMetrics && [...options.shardLevelMetrics],
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
  });
  const resource = stream.node.defaultChild;
  if (maxRecordSizeKiB !== undefined && resource instanceof kinesis.CfnStream) {
    resource.maxRecordSizeInKiB = maxRecordSizeKiB;
  }
  if (encryptionKey !== undefined) {
    Validations.of(stream).acknowledge({
      id: 'AwsSolutions-KDS3',
      reason: 'A key of your own was asked for.',
    });
  }
  return stream;
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
function readFrom(stream: kinesis.IStream): BoundSource {
  return {
    stream,
    properties(role) {
      role.addToPolicy(
        new iam.PolicyStatement({
          actions: [
            'kinesis:DescribeStream',
            'kinesis:GetShardIterator',
            'kinesis:GetRecords',
            'kinesis:ListShards',
          ],
          resources: [stream.streamArn],
        }),
      );
      stream.encryptionKey?.grant(role, 'kms:Decrypt');
      return {
        deliveryStreamType: 'KinesisStreamAsSource',
        kinesisStreamSourceConfiguration: {
          kinesisStreamArn: stream.streamArn,
          roleArn: role.roleArn,
        },
      };
    },
  };
}
