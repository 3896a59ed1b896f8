import { App, CfnOutput, Duration, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DecoupledTiers, Scaling, WorkerProgram } from '../lib';

/** Properties of {@link VideosStack}. */
export interface VideosStackProps extends StackProps {
  /**
   * How long the encoder takes for a video.
   * @default Duration.minutes(1)
   */
  readonly timePerVideo?: Duration;
}

/**
 * Videos: a front end takes requests in and answers at once, a back end encodes what was uploaded and keeps the results in S3. 1,000 videos
 * in place of 10 make the queue longer, and more encoders, and no answer slower.
 */
export class VideosStack extends Stack {
  readonly uploads: s3.Bucket;
  readonly tiers: DecoupledTiers;

  constructor(scope: Construct, id: string, props: VideosStackProps = {}) {
    super(scope, id, props);
    const { timePerVideo = Duration.minutes(1) } = props;
    this.uploads = new s3.Bucket(this, 'Uploads', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    });
    this.tiers = new DecoupledTiers(this, 'Tiers', {
      vpc: new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 }),
      frontEnd: {
        program: WorkerProgram.nodejs({ entry: require.resolve('./videos/front-end') }),
        maxCapacity: 4,
      },
      backEnd: {
        program: WorkerProgram.nodejs({
          entry: require.resolve('./videos/encoder'),
          environment: {
            UPLOADS_BUCKET: this.uploads.bucketName,
            SECONDS_PER_VIDEO: String(timePerVideo.toSeconds()),
          },
        }),
        instanceType: new ec2.InstanceType('c7g.large'),
        minCapacity: 0,
        maxCapacity: 10,
        scaling: Scaling.step({
          scaleOut: [
            { messages: 20, instances: 1 },
            { messages: 200, instances: 4 },
          ],
        }),
      },
    });
    this.uploads.grantRead(this.tiers.backEnd);

    // A reference app leaves nothing behind; its results a service would keep.
    RemovalPolicies.of(this).destroy();

    new CfnOutput(this, 'Url', {
      value: `http://${this.tiers.frontEnd.loadBalancer.loadBalancerDnsName}/videos/`,
    });
    new CfnOutput(this, 'UploadsBucket', { value: this.uploads.bucketName });
    new CfnOutput(this, 'ResultsBucket', { value: this.tiers.bucket.bucketName });
    new CfnOutput(this, 'QueueUrl', { value: this.tiers.workQueue.queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      value: this.tiers.workQueue.deadLetterQueue.queueUrl,
    });
    new CfnOutput(this, 'EncodersGroup', {
      value: this.tiers.backEnd.autoScalingGroup.autoScalingGroupName,
    });
  }
}

if (require.main === module) {
  new VideosStack(new App(), 'Videos');
}
