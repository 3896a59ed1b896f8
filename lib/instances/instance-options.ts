import type { Duration, Size } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IWorkerProgram } from '../worker-program';
import type { MountedFileSystem } from './mounted-file-system';

/**
 * What instances run, on what, and how many of them there may be.
 */
export interface InstanceOptions {
  /** What each instance runs: `WorkerProgram.nodejs({...})` or `WorkerProgram.directory({...})`. */
  readonly program: IWorkerProgram;

  /**
   * The kind of instance, such as `g5.xlarge` for work on a GPU.
   *
   * @default - t4g.small
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The image: Amazon Linux 2023, or one made from it, such as AWS's with the drivers for a GPU. Of the architecture of `instanceType`.
   *
   * @default - the newest Amazon Linux 2023 at the time of a deployment; a newer one replaces the instances
   */
  readonly machineImage?: ec2.IMachineImage;

  /**
   * The fewest instances; 0 or more.
   *
   * @default 1
   */
  readonly minCapacity?: number;

  /**
   * The most instances; at least 1 and not below `minCapacity`. What they write to has to bear so many.
   *
   * @default 10
   */
  readonly maxCapacity?: number;

  /**
   * How long an instance takes from being asked for until it works, which is how long scaling waits for its effect; up to 1 hour.
   *
   * @default Duration.minutes(3)
   */
  readonly warmup?: Duration;

  /**
   * How long a leaving instance may be silent before it is terminated all the same; 2 minutes to 2 hours.
   *
   * `runWorker` speaks up every minute while it finishes what it holds, and may so take 100 times as long, up to 48 hours. A program that
   * does not speak up has this long.
   *
   * @default Duration.minutes(5)
   */
  readonly terminationTimeout?: Duration;

  /**
   * Size of the disk, gp3 and encrypted; 8 GiB or more, and no smaller than that of the image.
   *
   * @default Size.gibibytes(20)
   */
  readonly diskSize?: Size;

  /**
   * A directory of an EFS file system that all instances share, mounted over TLS, as their role.
   *
   * @default - each instance has its disk alone
   */
  readonly fileSystem?: MountedFileSystem;

  /**
   * The network.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Where the instances are. They need a way to AWS services and to the packages of Amazon Linux.
   *
   * @default - private subnets with a way out
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How long logs are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A key of your own for the logs.
   *
   * @default - CloudWatch Logs encrypts with a key of its own
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
