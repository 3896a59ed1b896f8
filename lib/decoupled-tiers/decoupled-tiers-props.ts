import type { Duration } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { InstanceOptions } from '../instances/instance-options';
import type { IScaling } from '../queue-workers/scaling-contract';

/** What each tier has of its own; the rest is said of both. */
export type TierOptions = Omit<
  InstanceOptions,
  'alarmTopic' | 'logEncryptionKey' | 'vpc' | 'vpcSubnets'
>;

/**
 * The tier that takes requests in and sends messages.
 */
export interface FrontEndOptions extends Omit<TierOptions, 'terminationTimeout'> {
  /**
   * Port on which the program listens for HTTP; 1,024 to 65,535. It is told in its variable `PORT`.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * Path that answers 200 as long as the program can take requests.
   *
   * @default '/health'
   */
  readonly healthCheckPath?: string;

  /**
   * Requests for each instance in a minute that the size of the tier is held at; at least 1.
   *
   * @default 1000
   */
  readonly requestsPerInstance?: number;

  /**
   * A certificate for HTTPS; plain HTTP is then sent there.
   *
   * @default - plain HTTP only, which anybody on the way can read: for trying out
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Whether the load balancer can be reached from the internet; else from within the network only.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * Where the load balancer keeps its access logs.
   *
   * @default - it keeps none
   */
  readonly accessLogBucket?: s3.IBucket;
}

/**
 * The tier that works messages off and keeps what comes of them.
 */
export interface BackEndOptions extends TierOptions {
  /**
   * How the number of instances follows the queue: `Scaling.step({...})` or `Scaling.backlogPerInstance({...})`.
   *
   * @default Scaling.step()
   */
  readonly scaling?: IScaling;
}

/**
 * What {@link DecoupledTiers} are told: the program of each tier, and what they share.
 */
export interface DecoupledTiersProps {
  /** Takes requests in, and answers as soon as it has sent a message. */
  readonly frontEnd: FrontEndOptions;

  /** Works the messages off, as fast as it can. */
  readonly backEnd: BackEndOptions;

  /** The network of both tiers: private subnets for instances, public ones for a load balancer that faces the internet. */
  readonly vpc: ec2.IVpc;

  /**
   * Where the instances are.
   *
   * @default - private subnets with a way out
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Where the back end keeps its results; its name is the variable `BUCKET_NAME` of the back end.
   *
   * @default - a bucket is made: encrypted, TLS only, closed to the public, kept when it leaves the stack
   */
  readonly bucket?: s3.IBucket;

  /**
   * How long a message stays hidden after a crash of who worked on it; 1 minute to 12 hours. Work may take longer: `runWorker` keeps
   * messages hidden.
   *
   * @default Duration.minutes(2)
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How often a message is worked on before it goes to the dead-letter queue; 1 to 1,000.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * Age of the oldest message from which on an alarm goes off; at least 1 minute.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;

  /**
   * Messages in the queue from which on an alarm goes off.
   *
   * @default 10000
   */
  readonly maxDepth?: number;

  /**
   * A key of your own for the queue, the logs and the bucket that is made.
   *
   * @default - keys that the services own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
