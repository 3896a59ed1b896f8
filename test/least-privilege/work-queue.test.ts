import { SQS } from '@aws-sdk/client-sqs';
import { CfnOutput } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { WorkQueue } from 'cdk-decouple';
import { sessionOf } from './session';
import { everyRightCounts } from './variants';

const ownOfCdk = 'aws-cdk-lib grants it with the use of a key: SQS does not use it';

everyRightCounts('a queue with a producer and a consumer', {
  spared: { 'kms:Encrypt': ownOfCdk, 'kms:ReEncrypt*': ownOfCdk },
  build(stack) {
    const work = new WorkQueue(stack, 'Work', { encryptionKey: new Key(stack, 'Key') });
    const roleOf = (id: string) => {
      const role = new Role(stack, id, { assumedBy: new AccountRootPrincipal() });
      new CfnOutput(stack, `${id}Role`, { value: role.roleArn });
      return role;
    };
    work.grantSend(roleOf('Producer'));
    work.grantConsume(roleOf('Consumer'));
    new CfnOutput(stack, 'Name', { value: work.queue.queueName });
  },
  async works(aws, deployment) {
    const QueueName = deployment.output('Name');
    const clientOf = async (role: string) =>
      aws.client(SQS, { account: await sessionOf(aws, deployment.output(role)) });
    const AttributeNames = ['ApproximateNumberOfMessages' as const];

    const producer = await clientOf('ProducerRole');
    const { QueueUrl } = await producer.getQueueUrl({ QueueName });
    await producer.sendMessage({ QueueUrl, MessageBody: 'orders/1' });
    await producer.getQueueAttributes({ QueueUrl, AttributeNames });

    const consumer = await clientOf('ConsumerRole');
    await consumer.getQueueUrl({ QueueName });
    const { Messages: [message] = [] } = await consumer.receiveMessage({ QueueUrl });
    const received = { QueueUrl, ReceiptHandle: message?.ReceiptHandle };
    await consumer.changeMessageVisibility({ ...received, VisibilityTimeout: 60 });
    await consumer.deleteMessage(received);
    await consumer.getQueueAttributes({ QueueUrl, AttributeNames });
    return message?.Body === 'orders/1';
  },
});
