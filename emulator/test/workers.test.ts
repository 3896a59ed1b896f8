import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator, type ManualClock } from '../src';

let aws: Emulator<ManualClock>;
let sqs: SQS;
let client: AutoScaling;
let group: string;
let queueUrl: string;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  sqs = aws.client(SQS);
  client = aws.client(AutoScaling);
});
afterEach(() => aws.stop());

/** A queue with a visibility timeout of a minute, and a group of so many instances whose role may consume it. */
async function deploy(instances: number, more: { hook?: boolean; grant?: boolean } = {}) {
  const stack = new Stack(new App(), 'Work');
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false });
  const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.minutes(1) });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  if (more.grant !== false) queue.grantConsumeMessages(role);
  const workers = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    launchTemplate: new ec2.LaunchTemplate(stack, 'Template', {
      instanceType: new ec2.InstanceType('t3.micro'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      role,
      securityGroup: new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc }),
    }),
    minCapacity: 0,
    desiredCapacity: instances,
    maxCapacity: 4,
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['autoscaling:CompleteLifecycleAction', 'autoscaling:SetInstanceProtection'],
      resources: ['*'],
    }),
  );
  if (more.hook)
    workers.addLifecycleHook('Hook', {
      lifecycleTransition: autoscaling.LifecycleTransition.INSTANCE_TERMINATING,
      heartbeatTimeout: Duration.minutes(10),
    });
  new CfnOutput(stack, 'GroupName', { value: workers.autoScalingGroupName });
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  const deployment = await aws.deploy(stack);
  group = deployment.output('GroupName');
  queueUrl = deployment.output('QueueUrl');
  await aws.clock.advance(Duration.minutes(1));
}

const send = (...bodies: string[]) =>
  Promise.all(bodies.map((MessageBody) => sqs.sendMessage({ QueueUrl: queueUrl, MessageBody })));
const setSize = (DesiredCapacity: number) =>
  client.setDesiredCapacity({ AutoScalingGroupName: group, DesiredCapacity });
const instances = async () => {
  const { AutoScalingGroups: [it] = [] } = await client.describeAutoScalingGroups({});
  return it?.Instances ?? [];
};

test('a program runs on each instance of a group, receives and deletes, and lives in emulated time', async () => {
  await deploy(2);
  const done: [string, string, number][] = [];
  const begin = aws.clock.now();
  const workers = aws.autoScaling.run(group, async (context) => {
    while (!context.terminating.aborted)
      for (const message of await context.receive(queueUrl, { maxMessages: 1 })) {
        await context.clock.sleep(Duration.seconds(5));
        await context.delete(message);
        done.push([message.body, context.instanceId, (context.clock.now() - begin) / 1000]);
      }
  });
  await send('one', 'two', 'three');
  await aws.clock.advance(Duration.seconds(10));
  expect(done.map(([body, , time]) => [body, time])).toEqual([
    ['one', 5],
    ['two', 5],
    ['three', 10],
  ]);
  expect(new Set(done.map(([, instanceId]) => instanceId)).size).toBe(2);
  expect(workers.instanceIds).toHaveLength(2);
  expect(workers.errors).toEqual([]);
});

test('a killed instance drops what it does: its message comes back, and its successor does it', async () => {
  await deploy(1);
  const begun: string[] = [];
  const workers = aws.autoScaling.consume(group, { queueUrl }, async (_message, context) => {
    begun.push(context.instanceId);
    await context.clock.sleep(Duration.seconds(40));
  });
  await send('job');
  await aws.clock.advance(Duration.seconds(30));
  aws.faults.instance(begun[0] ?? '').kill();
  await aws.clock.advance(Duration.minutes(10));
  expect(begun).toHaveLength(2);
  expect(begun[0]).not.toBe(begun[1]);
  expect(workers.processed).toBe(1);
});

test('a frozen instance goes on where it was', async () => {
  await deploy(1);
  const receives: number[] = [];
  const workers = aws.autoScaling.consume(
    group,
    { queueUrl },
    async ({ receiveCount }, { clock }) => {
      receives.push(receiveCount);
      await clock.sleep(Duration.seconds(10));
    },
  );
  await send('job');
  await aws.clock.advance(Duration.seconds(5));
  const { freeze, thaw } = aws.faults.instance(workers.instanceIds[0] ?? '');
  freeze();
  await aws.clock.advance(Duration.seconds(30));
  expect(workers.processed).toBe(0);
  thaw();
  await aws.clock.advance(Duration.seconds(1));
  expect(workers.processed).toBe(1);
  expect(receives).toEqual([1]);
});

test('a message is kept hidden for as long as it is worked on', async () => {
  await deploy(2);
  const receives: number[] = [];
  const workers = aws.autoScaling.consume(
    group,
    { queueUrl },
    async ({ receiveCount }, { clock }) => {
      receives.push(receiveCount);
      await clock.sleep(Duration.minutes(30));
    },
  );
  await send('long job');
  await aws.clock.advance(Duration.minutes(31));
  expect([receives, workers.processed]).toEqual([[1], 1]);
});

test('a hook gives an instance the time to finish what it holds, and it takes nothing more', async () => {
  await deploy(1, { hook: true });
  const workers = aws.autoScaling.consume(group, { queueUrl }, async (_message, { clock }) => {
    await clock.sleep(Duration.minutes(2));
  });
  await send('first');
  await aws.clock.advance(Duration.seconds(30));
  await send('second');
  await setSize(0);
  await aws.clock.advance(Duration.minutes(1));
  expect(await instances()).toMatchObject([{ LifecycleState: 'Terminating:Wait' }]);
  await aws.clock.advance(Duration.seconds(31));
  expect(workers.processed).toBe(1);
  expect(await instances()).toMatchObject([{ LifecycleState: 'Terminating:Proceed' }]);
  await aws.clock.advance(Duration.minutes(5));
  expect([workers.processed, await instances()]).toEqual([1, []]);
});

test('without a hook an instance that is terminated drops what it does', async () => {
  await deploy(1);
  const workers = aws.autoScaling.consume(group, { queueUrl }, async (_message, { clock }) => {
    await clock.sleep(Duration.seconds(20));
  });
  await send('job');
  await aws.clock.advance(Duration.seconds(10));
  await setSize(0);
  await aws.clock.advance(Duration.minutes(5));
  expect([workers.processed, workers.instanceIds]).toEqual([0, []]);
});

test('an instance that protects itself while it is busy goes when it is done', async () => {
  await deploy(2);
  const workers = aws.autoScaling.consume(
    group,
    { queueUrl, protect: true, concurrency: 2 },
    async (_message, { clock }) => {
      await clock.sleep(Duration.minutes(3));
    },
  );
  await send('job');
  await aws.clock.advance(Duration.seconds(10));
  await setSize(0);
  await aws.clock.advance(Duration.minutes(1));
  expect(await instances()).toMatchObject([
    { LifecycleState: 'InService', ProtectedFromScaleIn: true },
  ]);
  await aws.clock.advance(Duration.minutes(3));
  expect([workers.processed, await instances()]).toEqual([1, []]);
});

test('programs have the rights of the role of their instance, and start again when they throw', async () => {
  await deploy(1, { grant: false });
  const workers = aws.autoScaling.consume(group, { queueUrl }, async () => undefined);
  await aws.clock.advance(Duration.seconds(12));
  expect(workers.failed).toBe(3);
  expect(String(workers.errors[0])).toMatch(/not authorized to perform: sqs:receivemessage/);
  workers.stop();
  await aws.clock.advance(Duration.minutes(1));
  expect(workers.failed).toBe(3);
});

test('a handler that throws leaves its message in the queue', async () => {
  await deploy(1);
  const workers = aws.autoScaling.consume(group, { queueUrl }, async ({ receiveCount }) => {
    if (receiveCount < 3) throw new Error(`time ${receiveCount}`);
  });
  await send('job');
  await aws.clock.advance(Duration.minutes(3));
  expect([workers.processed, workers.failed]).toEqual([1, 2]);
  expect(workers.errors.map(String)).toEqual(['Error: time 1', 'Error: time 2']);
});

test('a group that is not there is refused', () => {
  expect(() => aws.autoScaling.run('nobody', async () => undefined)).toThrow(
    "AutoScalingGroup 'nobody' not found",
  );
});
