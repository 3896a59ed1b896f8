import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketEvents, FanOut, WorkQueue } from 'cdk-decouple';
import type { Deployment, Emulator, ManualClock } from 'cdk-decouple-emulator';
import { everyRightCounts } from './variants';

async function arrives(aws: Emulator<ManualClock>, deployment: Deployment): Promise<boolean> {
  await aws.clock.advance(Duration.seconds(5));
  const { Messages = [] } = await aws.client(SQS).receiveMessage({
    QueueUrl: deployment.output('Queue'),
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 0,
  });
  return Messages.some(({ Body }) => Body?.includes('orders/1'));
}

const ownOfCdk = 'SqsDestination of aws-cdk-lib grants it: S3 does not use it';

everyRightCounts('a queue of the events of a bucket', {
  spared: {
    'kms:Encrypt': ownOfCdk,
    'kms:ReEncrypt*': ownOfCdk,
    'sqs:GetQueueAttributes': ownOfCdk,
    'sqs:GetQueueUrl': ownOfCdk,
  },
  build(stack) {
    const bucket = new Bucket(stack, 'Files');
    const { queue } = new WorkQueue(stack, 'Work', { encryptionKey: new Key(stack, 'Key') });
    new BucketEvents(stack, 'Events', { bucket }).toQueue(queue);
    new CfnOutput(stack, 'Bucket', { value: bucket.bucketName });
    new CfnOutput(stack, 'Queue', { value: queue.queueUrl });
  },
  async works(aws, deployment) {
    const Bucket = deployment.output('Bucket');
    await aws.client(S3).putObject({ Bucket, Key: 'orders/1', Body: '1' });
    return arrives(aws, deployment);
  },
});

everyRightCounts('a topic that fans out to a queue', {
  spared: { SubscriptionDeadLetterQueuePolicy: 'for messages that cannot be delivered' },
  build(stack) {
    const fanOut = new FanOut(stack, 'FanOut', { encryptionKey: new Key(stack, 'Key') });
    const { queue } = fanOut.addQueue('Queue');
    new CfnOutput(stack, 'Topic', { value: fanOut.topic.topicArn });
    new CfnOutput(stack, 'Queue', { value: queue.queueUrl });
  },
  async works(aws, deployment) {
    await aws.client(SNS).publish({ TopicArn: deployment.output('Topic'), Message: 'orders/1' });
    return arrives(aws, deployment);
  },
});
