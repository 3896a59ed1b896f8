import { Duration, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';
import { QueueWorkers } from '../queue-workers';
import { throwIfAny } from '../validation';
import { WorkQueue } from '../work-queue';
import { withEnvironment } from '../worker-program/with-environment';
import type { DecoupledTiersProps } from './decoupled-tiers-props';
import { decoupledTiersFailures } from './decoupled-tiers-rules';
import { FrontEnd } from './front-end';

/**
 * Two tiers that cannot overwhelm each other: a front end that takes requests in and only sends messages, a queue, and a back end that works
 * them off and keeps the results in a bucket.
 *
 * Each has its own kind of instance and its own scaling: the front end follows requests, the back end follows the queue. A rush makes
 * the queue longer, not the answers slower.
 *
 * @example
 * new DecoupledTiers(this, 'Videos', {
 *   vpc,
 *   frontEnd: { program: WorkerProgram.nodejs({ entry: 'front-end.ts' }) },
 *   backEnd: {
 *     program: WorkerProgram.nodejs({ entry: 'encoder.ts', packages: ['ffmpeg-free'] }),
 *     instanceType: new ec2.InstanceType('g5.xlarge'),
 *     scaling: Scaling.backlogPerInstance({
 *       acceptableLatency: Duration.minutes(15),
 *       timePerMessage: Duration.minutes(1),
 *     }),
 *   },
 * });
 */
export class DecoupledTiers extends Construct {
  /** Takes requests in. */
  public readonly frontEnd: FrontEnd;

  /** Between the tiers, with its dead-letter queue and its alarms. */
  public readonly workQueue: WorkQueue;

  /** Works messages off. */
  public readonly backEnd: QueueWorkers;

  /** Where the back end keeps its results. */
  public readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: DecoupledTiersProps) {
    throwIfAny(scope, id, DecoupledTiers.name, decoupledTiersFailures(props));
    super(scope, id);
    const { alarmTopic, encryptionKey, maxAge, maxDepth, maxReceiveCount, vpc, vpcSubnets } = props;
    const shared = { vpc, vpcSubnets, alarmTopic, logEncryptionKey: encryptionKey };
    this.workQueue = new WorkQueue(this, 'Queue', {
      visibilityTimeout: props.visibilityTimeout ?? Duration.minutes(2),
      maxReceiveCount,
      maxAge,
      maxDepth,
      encryptionKey,
      alarmTopic,
    });
    const { queue } = this.workQueue;
    this.bucket = props.bucket ?? this.makeBucket(props);
    this.frontEnd = new FrontEnd(this, 'FrontEnd', { ...shared, ...props.frontEnd, queue });
    this.backEnd = new QueueWorkers(this, 'BackEnd', {
      ...shared,
      ...props.backEnd,
      program: withEnvironment(props.backEnd.program, { BUCKET_NAME: this.bucket.bucketName }),
      queue,
    });
    this.grantResults();
  }

  private makeBucket({ encryptionKey }: DecoupledTiersProps): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Results', {
      encryption:
        encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: encryptionKey !== undefined,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Access logs need a bucket of their own: give a bucket that has them.',
    });
    return bucket;
  }

  /** To write objects, large ones in parts; to read them is not the back end's. */
  private grantResults(): void {
    const { backEnd, bucket } = this;
    const objects = bucket.arnForObjects('*');
    iam.Grant.addToPrincipalOrResource({
      grantee: backEnd,
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resourceArns: [objects],
      resource: bucket,
    });
    bucket.encryptionKey?.grant(backEnd, 'kms:GenerateDataKey', 'kms:Decrypt');
    acknowledgeWildcard(backEnd.role, objects, 'The back end names the results that it writes.');
  }
}
