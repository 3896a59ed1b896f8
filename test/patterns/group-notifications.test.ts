import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { FanOut, QueueWorkers, WorkerProgram, WorkQueue } from 'cdk-decouple';
import { Emulator } from 'cdk-decouple-emulator';

/** What the queue of an encrypted topic hears of a group that launches an instance and terminates it. */
async function heard(allow: (topic: FanOut) => void): Promise<string[]> {
  const stack = new Stack(new App(), 'Operations');
  const scaling = new FanOut(stack, 'Scaling', { encryptionKey: new Key(stack, 'Key') });
  allow(scaling);
  const { queue } = scaling.addQueue('Watch', { rawMessageDelivery: true });
  const workers = new QueueWorkers(stack, 'Workers', {
    vpc: new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }),
    queue: new WorkQueue(stack, 'Jobs').queue,
    program: WorkerProgram.directory({ path: __dirname, command: ['./work'] }),
    minCapacity: 0,
    maxCapacity: 2,
  });
  new CfnOutput(stack, 'Group', { value: workers.autoScalingGroup.autoScalingGroupName });
  new CfnOutput(stack, 'Topic', { value: scaling.topic.topicArn });
  new CfnOutput(stack, 'Queue', { value: queue.queueUrl });
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const deployment = await aws.deploy(stack);
    const AutoScalingGroupName = deployment.output('Group');
    const client = aws.client(AutoScaling);
    await client.putNotificationConfiguration({
      AutoScalingGroupName,
      TopicARN: deployment.output('Topic'),
      NotificationTypes: [
        'autoscaling:EC2_INSTANCE_LAUNCH',
        'autoscaling:EC2_INSTANCE_TERMINATE',
        'autoscaling:TEST_NOTIFICATION',
      ],
    });
    for (const DesiredCapacity of [1, 0]) {
      await client.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity });
      await aws.clock.advance(Duration.minutes(10));
    }
    const { Messages = [] } = await aws.client(SQS).receiveMessage({
      QueueUrl: deployment.output('Queue'),
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 0,
    });
    return Messages.map(({ Body = '{}' }) => JSON.parse(Body).Event);
  } finally {
    await aws.stop();
  }
}

test('a group tells the topic of a fan-out, as the service-linked role that the key has let in', async () => {
  expect(await heard((scaling) => scaling.allowPublisher('autoScaling'))).toEqual([
    'autoscaling:TEST_NOTIFICATION',
    'autoscaling:EC2_INSTANCE_LAUNCH',
    'autoscaling:EC2_INSTANCE_TERMINATE',
  ]);
});

test('without allowPublisher the key keeps it out, and nobody hears anything', async () => {
  expect(await heard(() => undefined)).toEqual([]);
});
