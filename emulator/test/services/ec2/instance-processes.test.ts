import path from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import {
  Instance,
  InstanceType,
  MachineImage,
  SubnetType,
  UserData,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../../src';

const rate = 60;
let aws: Emulator;
let ec2: EC2;
let sqs: SQS;
beforeEach(async () => {
  aws = await Emulator.start({ clock: { rate } });
  ec2 = aws.client(EC2);
  sqs = aws.client(SQS);
});
afterEach(() => aws.stop());

interface Options {
  /** @default true */
  readonly mayRead?: boolean;
  /** @default 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** Of the descriptor. @default - none */
  readonly more?: object;
  /** Whether it has a log group, with an alarm on a metric that it prints. @default false */
  readonly logs?: boolean;
  /** @default true */
  readonly mayLog?: boolean;
}

/** A server that runs the program, with a queue of jobs, a queue of answers, and one of its changes of state. */
function app(options: Options = {}): Stack {
  const { logs = false, mayLog = true, mayRead = true, more, visibilityTimeout } = options;
  const stack = new Stack(new App(), 'Server');
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 1,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
  });
  const jobs = new Queue(stack, 'Jobs', { visibilityTimeout });
  const answers = new Queue(stack, 'Answers');
  const states = new Queue(stack, 'States');
  new Rule(stack, 'Changes', {
    eventPattern: { source: ['aws.ec2'] },
    targets: [new SqsQueue(states)],
  });
  const asset = new Asset(stack, 'Program', { path: path.join(__dirname, 'worker') });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  jobs.grantConsumeMessages(role);
  answers.grantSendMessages(role);
  if (mayRead) asset.grantRead(role);
  const logGroup = logs ? loggedGroup(stack) : undefined;
  if (mayLog) logGroup?.grantWrite(role);
  const userData = UserData.forLinux();
  userData.addCommands(
    "cat > /etc/worker.json <<'CDK_DECOUPLE_WORKER_V1'",
    stack.toJsonString({
      version: 1,
      asset: { bucket: asset.s3BucketName, key: asset.s3ObjectKey },
      command: ['node', 'index.js'],
      env: {
        JOBS: jobs.queueUrl,
        ANSWERS: answers.queueUrl,
        NODE_PATH: path.resolve('node_modules'),
      },
      ...(logGroup && { logGroup: logGroup.logGroupName }),
      ...more,
    }),
    'CDK_DECOUPLE_WORKER_V1',
    'systemctl start worker',
  );
  const server = new Instance(stack, 'Server', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
    role,
    userData,
    instanceType: new InstanceType('t3.micro'),
    machineImage: MachineImage.latestAmazonLinux2023(),
  });
  server.node.addDependency(stack.node.findChild('Changes'), states);
  new CfnOutput(stack, 'Id', { value: server.instanceId });
  new CfnOutput(stack, 'RoleName', { value: role.roleName });
  for (const [name, queue] of Object.entries({ jobs, answers, states }))
    new CfnOutput(stack, name, { value: queue.queueUrl });
  return stack;
}

/** A log group with an alarm on the metric that the program prints, and a queue that hears of it. */
function loggedGroup(stack: Stack): LogGroup {
  const group = new LogGroup(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY });
  const topic = new Topic(stack, 'Alarms');
  const queue = new Queue(stack, 'AlarmQueue');
  topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
  new Alarm(stack, 'Working', {
    metric: new Metric({ namespace: 'Server', metricName: 'Jobs', period: Duration.minutes(1) }),
    threshold: 1,
    evaluationPeriods: 1,
  }).addAlarmAction(new SnsAction(topic));
  new CfnOutput(stack, 'alarms', { value: queue.queueUrl });
  new CfnOutput(stack, 'LogGroup', { value: group.logGroupName });
  return group;
}

/** The next message of a queue, however long it takes. */
async function next(QueueUrl: string) {
  for (;;) {
    const { Messages: [message] = [] } = await sqs.receiveMessage({
      QueueUrl,
      WaitTimeSeconds: 20,
    });
    if (!message) continue;
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
    return JSON.parse(message.Body ?? '');
  }
}

async function reaches(QueueUrl: string, state: string): Promise<void> {
  while ((await next(QueueUrl)).detail.state !== state);
}

async function consoleOf(InstanceId: string): Promise<string> {
  const { Output: output = '' } = await ec2.getConsoleOutput({ InstanceId });
  return Buffer.from(output, 'base64').toString();
}

test('an instance runs its program as its role, on the clock, and has it leave when it is terminated', async () => {
  const deployment = await aws.deploy(app());
  const id = deployment.output('Id');
  const before = aws.clock.now();
  const hello = await next(deployment.output('answers'));
  expect(hello).toMatchObject({
    hello: `arn:aws:sts::000000000000:assumed-role/${deployment.output('RoleName')}/${id}`,
    port: expect.stringMatching(/^\d+$/),
  });
  // Timers may fire a real millisecond early, which is 60 emulated ones.
  expect(hello.slept).toBeGreaterThanOrEqual(6000 - 2 * rate);
  expect(hello.now).toBeGreaterThan(before - 60_000);
  expect(hello.now).toBeLessThan(aws.clock.now() + 60_000);
  await sqs.sendMessage({ QueueUrl: deployment.output('jobs'), MessageBody: 'one' });
  expect(await next(deployment.output('answers'))).toEqual({ done: 'one' });
  await ec2.terminateInstances({ InstanceIds: [id] });
  expect(await next(deployment.output('answers'))).toEqual({ goodbye: true });
  await reaches(deployment.output('states'), 'terminated');
  expect(await consoleOf(id)).toMatch(
    /fetching s3:\/\/.*\nworking\n.*leaving\n.*Main process exited, code=exited, status=0\n/s,
  );
});

test('what a program prints goes to the log group of its descriptor, as its role, and its metrics with it', async () => {
  const deployment = await aws.deploy(app({ logs: true }));
  const id = deployment.output('Id');
  // The metric that it prints sets off the alarm, while it runs.
  expect(await next(deployment.output('alarms'))).toMatchObject({ NewStateValue: 'ALARM' });
  await ec2.terminateInstances({ InstanceIds: [id] });
  await reaches(deployment.output('states'), 'terminated');
  const logs = aws.client(CloudWatchLogs);
  const logGroupName = deployment.output('LogGroup');
  const { events = [] } = await logs.getLogEvents({ logGroupName, logStreamName: id });
  const lines = events.map(({ message }) => message);
  // What Node.js says of its own comes before.
  expect(lines.slice(lines.indexOf('working'))).toEqual([
    'working',
    expect.stringContaining('"Jobs":1'),
    'leaving',
  ]);
});

test('what a role may not write to its log group is on the console alone', async () => {
  const deployment = await aws.deploy(app({ logs: true, mayLog: false }));
  const id = deployment.output('Id');
  await next(deployment.output('answers'));
  await ec2.terminateInstances({ InstanceIds: [id] });
  await reaches(deployment.output('states'), 'terminated');
  const logGroupName = deployment.output('LogGroup');
  const { logStreams } = await aws.client(CloudWatchLogs).describeLogStreams({ logGroupName });
  expect(logStreams).toEqual([]);
  expect(await consoleOf(id)).toContain('leaving');
  expect(aws.iam.denials().decisions).toContainEqual(
    expect.objectContaining({ action: 'logs:CreateLogStream', allowed: false }),
  );
});

test('its metadata take tokens alone, and hold its identity and credentials', async () => {
  const deployment = await aws.deploy(app());
  const id = deployment.output('Id');
  const { metadata } = await next(deployment.output('answers'));
  const read = (what: string, headers = {}) => fetch(`${metadata}/latest/${what}`, { headers });
  expect((await read('meta-data/instance-id')).status).toBe(401);
  const newToken = (seconds: string) =>
    fetch(`${metadata}/latest/api/token`, {
      method: 'PUT',
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': seconds },
    });
  expect((await newToken('21601')).status).toBe(400);
  const token = await (await newToken('21600')).text();
  const text = async (what: string) =>
    (await read(what, { 'X-aws-ec2-metadata-token': token })).text();
  expect(await text('meta-data/instance-id')).toBe(id);
  expect(await text('meta-data/placement/availability-zone')).toBe('us-east-1a');
  expect(await text('meta-data/placement')).toBe('availability-zone\navailability-zone-id\nregion');
  expect(await text('user-data')).toContain('CDK_DECOUPLE_WORKER_V1');
  expect(JSON.parse(await text('dynamic/instance-identity/document'))).toMatchObject({
    instanceId: id,
    region: 'us-east-1',
  });
  const role = await text('meta-data/iam/security-credentials/');
  expect(role).toBe(deployment.output('RoleName'));
  const credentials = JSON.parse(await text(`meta-data/iam/security-credentials/${role}`));
  expect(credentials).toMatchObject({ Code: 'Success', Type: 'AWS-HMAC' });
  expect(Date.parse(credentials.Expiration) - Date.parse(credentials.LastUpdated)).toBe(
    6 * 3600_000,
  );
  const target = 'meta-data/autoscaling/target-lifecycle-state';
  expect((await read(target, { 'X-aws-ec2-metadata-token': token })).status).toBe(404);
});

test('a program that ends is started again', async () => {
  const deployment = await aws.deploy(app());
  await next(deployment.output('answers'));
  await sqs.sendMessage({ QueueUrl: deployment.output('jobs'), MessageBody: 'crash' });
  expect(await next(deployment.output('answers'))).toHaveProperty('hello');
  expect(await consoleOf(deployment.output('Id'))).toContain(
    'Main process exited, code=exited, status=3',
  );
});

test('an instance whose role may not read the program switches itself off, and says why', async () => {
  const deployment = await aws.deploy(app({ mayRead: false }));
  await reaches(deployment.output('states'), 'stopped');
  expect(await consoleOf(deployment.output('Id'))).toMatch(
    /is not authorized to perform: s3:GetObject on resource: .*\n.*switches itself off/,
  );
});

test('an instance that cannot mount its file system switches itself off, and says why', async () => {
  const accessPoint = `arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-${'0'.repeat(17)}`;
  const deployment = await aws.deploy(
    app({ more: { fileSystem: { accessPoint, path: '/mnt/files' } } }),
  );
  await reaches(deployment.output('states'), 'stopped');
  expect(await consoleOf(deployment.output('Id'))).toMatch(
    /mounting arn.* at \/mnt\/files\n.*ensure that the VPC has an EFS mount target.*\n.*switches itself off/,
  );
});

test('a queue whose visibility timeout is too short for a process at this rate is refused', async () => {
  const deployment = await aws.deploy(app({ visibilityTimeout: Duration.seconds(10) }));
  await reaches(deployment.output('states'), 'stopped');
  expect(await consoleOf(deployment.output('Id'))).toContain(
    'The queue in JOBS has a visibility timeout of 10 s, too short for a process on a clock 60 times as fast as real time: at least 20 s are needed',
  );
});

test('a killed machine takes its program with it, and one that is frozen goes on when it is thawed', async () => {
  const deployment = await aws.deploy(app());
  const id = deployment.output('Id');
  await next(deployment.output('answers'));
  aws.faults.instance(id).freeze();
  await sqs.sendMessage({ QueueUrl: deployment.output('jobs'), MessageBody: 'late' });
  aws.faults.instance(id).thaw();
  expect(await next(deployment.output('answers'))).toEqual({ done: 'late' });
  aws.faults.instance(id).kill();
  await ec2.stopInstances({ InstanceIds: [id] });
  await reaches(deployment.output('states'), 'stopped');
  expect(await consoleOf(id)).toContain('Main process exited, code=killed, signal=SIGKILL');
  await ec2.startInstances({ InstanceIds: [id] });
  expect(await next(deployment.output('answers'))).toHaveProperty('hello');
});
