import { AutoScaling, AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  DecoupledTiers,
  InstanceWriteBuffer,
  QueueWorkers,
  Sink,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';
import type { Deployment, Emulator, ManualClock } from 'cdk-decouple-emulator';
import { GroupMember } from '../../lib/worker/group-member';
import { sessionOf } from './session';
import { SharedDirectory, writesFiles } from './shared-directory';
import { everyRightCounts } from './variants';

const ofBoot = 'for the boot script and its agents: on the manual clock no instance boots';
const ofLogs = 'of the use of its key the emulator asks CloudWatch Logs for data keys alone';
const notByRole = 'tried with the workers of a queue, above';

const sparedOfInstances = {
  's3:GetObject': ofBoot,
  'logs:DescribeLogStreams': ofBoot,
  'ssm:UpdateInstanceInformation': ofBoot,
  'ssmmessages:': ofBoot,
};

const program = WorkerProgram.directory({ path: __dirname, command: ['node', 'worker.js'] });

/** Lets the trial call as the role of instances, which only EC2 may assume. */
function outputRole(id: string, role: Role): void {
  role.assumeRolePolicy?.addStatements(
    new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new AccountRootPrincipal()] }),
  );
  new CfnOutput(role, 'Arn', { value: role.roleArn }).overrideLogicalId(`${id}Role`);
}

function outputQueue(queue: IQueue): void {
  new CfnOutput(queue, 'Url', { value: queue.queueUrl }).overrideLogicalId('Queue');
}

/** Does with a message what a worker does. */
async function workOff(aws: Emulator, deployment: Deployment, account: string): Promise<boolean> {
  const QueueUrl = deployment.output('Queue');
  const worker = aws.client(SQS, { account });
  await worker.getQueueAttributes({ QueueUrl, AttributeNames: ['VisibilityTimeout'] });
  const { Messages: [message] = [] } = await worker.receiveMessage({ QueueUrl });
  const received = { QueueUrl, ReceiptHandle: message?.ReceiptHandle };
  await worker.changeMessageVisibility({ ...received, VisibilityTimeout: 60 });
  await worker.deleteMessage(received);
  return message?.Body === 'orders/1';
}

/** Leaves the group as a worker does that is told to. */
async function leave(aws: Emulator<ManualClock>, account: string): Promise<boolean> {
  await aws.clock.advance(Duration.minutes(5));
  const autoScaling = aws.client(AutoScaling);
  const members = async () => {
    const { AutoScalingInstances = [] } = await autoScaling.describeAutoScalingInstances({});
    return AutoScalingInstances.map(({ InstanceId = '' }) => InstanceId);
  };
  const [InstanceId = ''] = await members();
  const member = new GroupMember(
    aws.client(AutoScalingClient, { account }),
    {
      instanceId: async () => InstanceId,
      targetLifecycleState: async () => 'Terminated',
    },
    'finish-work',
  );
  await member.setProtected(true);
  await autoScaling.terminateInstanceInAutoScalingGroup({
    InstanceId,
    ShouldDecrementDesiredCapacity: false,
  });
  await aws.clock.advance(Duration.minutes(1));
  await member.askForTime();
  await member.complete();
  await aws.clock.advance(Duration.minutes(2));
  return InstanceId !== '' && !(await members()).includes(InstanceId);
}

everyRightCounts('workers that follow an encrypted queue', {
  spared: sparedOfInstances,
  build(stack) {
    const { queue } = new WorkQueue(stack, 'Work', { encryptionKey: new Key(stack, 'Key') });
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const fileSystem = new SharedDirectory(stack, vpc);
    const workers = new QueueWorkers(stack, 'Workers', { vpc, queue, program, fileSystem });
    fileSystem.writeAs('Workers', workers);
    outputRole('Workers', workers.role);
    outputQueue(queue);
  },
  async works(aws, deployment) {
    const account = await sessionOf(aws, deployment.output('WorkersRole'));
    const QueueUrl = deployment.output('Queue');
    await aws.client(SQS).sendMessage({ QueueUrl, MessageBody: 'orders/1' });
    return (
      (await workOff(aws, deployment, account)) &&
      (await leave(aws, account)) &&
      (await writesFiles(aws, deployment, 'Workers'))
    );
  },
});

everyRightCounts('two tiers with an encrypted queue and bucket', {
  spared: {
    ...sparedOfInstances,
    'autoscaling:': notByRole,
    's3:AbortMultipartUpload': 'for results that are so large that they are written in parts',
    'Key961B73FD/kms:DescribeKey': ofLogs,
    'Key961B73FD/kms:Encrypt': ofLogs,
    'Key961B73FD/kms:ReEncrypt*': ofLogs,
    'BackEndRoleDefaultPolicy0132AD91/kms:GenerateDataKey':
      "of the use of a bucket's key the emulator asks services, not callers",
  },
  build(stack) {
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const fileSystem = new SharedDirectory(stack, vpc);
    const { backEnd, bucket, frontEnd, workQueue } = new DecoupledTiers(stack, 'Tiers', {
      vpc,
      frontEnd: { program, fileSystem },
      backEnd: { program, fileSystem },
      encryptionKey: new Key(stack, 'Key'),
    });
    fileSystem.writeAs('FrontEnd', frontEnd);
    fileSystem.writeAs('BackEnd', backEnd);
    outputRole('FrontEnd', frontEnd.role);
    outputRole('BackEnd', backEnd.role);
    outputQueue(workQueue.queue);
    new CfnOutput(stack, 'Bucket', { value: bucket.bucketName });
  },
  async works(aws, deployment) {
    const frontEnd = await sessionOf(aws, deployment.output('FrontEndRole'));
    const backEnd = await sessionOf(aws, deployment.output('BackEndRole'));
    const QueueUrl = deployment.output('Queue');
    await aws.client(SQS, { account: frontEnd }).sendMessage({ QueueUrl, MessageBody: 'orders/1' });
    await aws
      .client(S3, { account: backEnd })
      .putObject({ Bucket: deployment.output('Bucket'), Key: 'result', Body: '1' });
    return (
      (await workOff(aws, deployment, backEnd)) &&
      (await writesFiles(aws, deployment, 'FrontEnd')) &&
      (await writesFiles(aws, deployment, 'BackEnd'))
    );
  },
});

everyRightCounts('instances that write an encrypted queue to a DynamoDB table', {
  spared: { ...sparedOfInstances, 'autoscaling:': notByRole },
  build(stack) {
    const table = new Table(stack, 'Orders', {
      partitionKey: { name: 'order_id', type: AttributeType.STRING },
    });
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const fileSystem = new SharedDirectory(stack, vpc);
    const buffer = new InstanceWriteBuffer(stack, 'Buffer', {
      vpc,
      fileSystem,
      sink: Sink.dynamoDb({ table, attributes: { order_id: '$.orderId' } }),
      encryptionKey: new Key(stack, 'Key'),
    });
    fileSystem.writeAs('Workers', buffer.workers);
    outputRole('Workers', buffer.workers.role);
    outputQueue(buffer.queue);
    new CfnOutput(stack, 'DeadLetters', { value: buffer.deadLetterQueue.queueUrl });
    new CfnOutput(stack, 'Table', { value: table.tableName });
  },
  async works(aws, deployment) {
    const account = await sessionOf(aws, deployment.output('WorkersRole'));
    const QueueUrl = deployment.output('Queue');
    await aws.client(SQS).sendMessage({ QueueUrl, MessageBody: 'orders/1' });
    await aws.client(DynamoDB, { account }).putItem({
      TableName: deployment.output('Table'),
      Item: { order_id: { S: '1' } },
    });
    await aws
      .client(SQS, { account })
      .sendMessage({ QueueUrl: deployment.output('DeadLetters'), MessageBody: 'not JSON' });
    return (
      (await workOff(aws, deployment, account)) && (await writesFiles(aws, deployment, 'Workers'))
    );
  },
});
