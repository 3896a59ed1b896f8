import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { AnalyticsCode } from './analytics-code';

/** A version of Apache Flink that AWS runs. */
export class FlinkVersion {
  /** Flink 1.20. */
  public static readonly V1_20 = new FlinkVersion('FLINK-1_20');

  /** Another one, as AWS names it. */
  public static of(runtimeEnvironment: string): FlinkVersion {
    return new FlinkVersion(runtimeEnvironment);
  }

  /** @param runtimeEnvironment - as AWS names it, such as `FLINK-1_20` */
  private constructor(public readonly runtimeEnvironment: string) {}
}

/** What a {@link StreamAnalytics} can be told. */
export interface StreamAnalyticsProps {
  /** The program. */
  readonly code: AnalyticsCode;

  /**
   * The version of Apache Flink that it is written for.
   *
   * @default FlinkVersion.V1_20
   */
  readonly flinkVersion?: FlinkVersion;

  /**
   * Name of the application: up to 128 letters, digits, hyphens, underscores and full stops.
   *
   * @default - a name made of the construct's path
   */
  readonly applicationName?: string;

  /**
   * Streams that the program reads.
   *
   * @default - none: grant `role` what it reads
   */
  readonly inputs?: readonly kinesis.IStream[];

  /**
   * Streams that the program writes to.
   *
   * @default - none: grant `role` what it writes to
   */
  readonly outputs?: readonly kinesis.IStream[];

  /**
   * What the program is told: groups of names and values.
   *
   * @default - nothing
   */
  readonly properties?: Readonly<Record<string, Readonly<Record<string, string>>>>;

  /**
   * How many tasks of the program run at a time to begin with; 1 to 256.
   *
   * @default 1
   */
  readonly parallelism?: number;

  /**
   * How many of them share a processing unit of 1 vCPU and 4 GB; 1 to 8.
   *
   * @default 1
   */
  readonly parallelismPerKpu?: number;

  /**
   * Whether AWS changes how many run by how busy they are.
   *
   * @default true
   */
  readonly autoScaling?: boolean;

  /**
   * How often the state is saved, from which the program goes on after a failure; at least a second.
   *
   * @default Duration.minutes(1)
   */
  readonly checkpointInterval?: Duration;

  /**
   * Whether a snapshot of the state is made when the application is updated or stopped, and used when it is started.
   *
   * @default true
   */
  readonly snapshots?: boolean;

  /**
   * The VPC whose resources the program reaches.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where in the VPC.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of its network interfaces. Needed with `vpc`.
   *
   * @default - none
   */
  readonly securityGroups?: readonly ec2.ISecurityGroup[];

  /**
   * How long its logs are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A KMS key of your own for its logs.
   *
   * @default - encrypted by CloudWatch Logs
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
