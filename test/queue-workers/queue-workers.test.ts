import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Size, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  PropsValidationError,
  QueueWorkers,
  type QueueWorkersProps,
  Scaling,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';
import { Construct } from 'constructs';

const env = { account: '123456789012', region: 'eu-west-1' };
const entry = join(__dirname, 'program', 'main.ts');

function workersWith(changes: (stack: Stack) => Partial<QueueWorkersProps> = () => ({})) {
  const stack = new Stack(new App(), 'Test', { env });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const workers = new QueueWorkers(stack, 'Workers', {
    vpc,
    queue: new WorkQueue(stack, 'Jobs').queue,
    program: WorkerProgram.directory({
      path: join(__dirname, 'program'),
      command: ['python3.12', 'main.py'],
      packages: ['python3.12'],
      environment: { MODE: 'fast "and" cheap' },
    }),
    ...changes(stack),
  });
  return { stack, workers, template: () => Template.fromStack(stack) };
}

/** The user data as it is after references are resolved. */
function userData(template: Template): string {
  const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
  const parts: unknown[] =
    launchTemplate?.Properties.LaunchTemplateData.UserData['Fn::Base64']['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : 'resolved')).join('');
}

function descriptorIn(script: string): unknown {
  const [, json] = /<<'CDK_DECOUPLE_WORKER_V1'\n(.*)\nCDK_DECOUPLE_WORKER_V1\n/.exec(script) ?? [];
  return JSON.parse(json ?? '');
}

test('the whole template', () => {
  const { template } = workersWith();
  const { Resources } = template().toJSON();
  const own = Object.entries<object>(Resources).filter(([id]) => id.startsWith('Workers'));
  const text = JSON.stringify(Object.fromEntries(own)).replaceAll(/[0-9a-f]{64}/g, 'the-program');
  expect(JSON.parse(text)).toMatchSnapshot();
});

test('the user data holds what the instance runs as a marked JSON document', () => {
  expect(descriptorIn(userData(workersWith().template()))).toEqual({
    version: 1,
    asset: {
      bucket: 'cdk-hnb659fds-assets-123456789012-eu-west-1',
      key: expect.stringMatching(/^[0-9a-f]{64}\.zip$/),
    },
    command: ['python3.12', 'main.py'],
    env: {
      MODE: 'fast "and" cheap',
      AWS_REGION: 'eu-west-1',
      LIFECYCLE_HOOK_NAME: 'finish-work',
      QUEUE_URL: 'resolved',
    },
    stopSeconds: 300,
    logGroup: 'resolved',
  });
});

test('the boot script is one that bash takes', () => {
  const { status, stderr } = spawnSync('bash', ['-n'], {
    input: userData(workersWith().template()),
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('a program for Node.js is bundled into one file, and Node.js installed', () => {
  const { stack, template } = workersWith(() => ({ program: WorkerProgram.nodejs({ entry }) }));
  const script = userData(template());
  expect(script).toContain('dnf install -y jq unzip amazon-cloudwatch-agent nodejs24\n');
  expect(descriptorIn(script)).toMatchObject({ command: ['node', 'index.mjs'] });
  const { outdir } = Stage.of(stack) ?? {};
  const [bundle] = readdirSync(outdir ?? '').filter((name) => name.startsWith('asset.'));
  expect(readdirSync(join(outdir ?? '', bundle ?? ''))).toEqual(['index.mjs']);
});

test('two programs in one directory are two bundles', () => {
  const stack = new Stack(new App(), 'Test', { env });
  const [one, other] = ['main.ts', 'other.ts'].map((file) =>
    WorkerProgram.nodejs({ entry: join(__dirname, 'program', file) }).bind(
      new Construct(stack, file),
    ),
  );
  expect(one?.asset.assetHash).not.toBe(other?.asset.assetHash);
});

test('nothing comes in, nothing goes out but HTTPS, and metadata needs a token', () => {
  const { template } = workersWith();
  template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template().hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443 })],
    SecurityGroupIngress: Match.absent(),
  });
  template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 20, VolumeType: 'gp3' } },
      ],
    },
  });
});

test('the image is of the architecture of the instance type, or the one that is given', () => {
  const { template } = workersWith(() => ({
    instanceType: new ec2.InstanceType('c7i.large'),
  }));
  expect(Object.keys(template().toJSON().Parameters).join()).toContain('x8664');

  const gpu = workersWith(() => ({
    instanceType: new ec2.InstanceType('g5.xlarge'),
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
    diskSize: Size.gibibytes(100),
  }));
  gpu.template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: { ImageId: 'ami-0123456789abcdef0', InstanceType: 'g5.xlarge' },
  });
});

test('a leaving instance has time to finish, as long as it speaks up', () => {
  const { template } = workersWith(() => ({ terminationTimeout: Duration.minutes(10) }));
  template().hasResourceProperties('AWS::AutoScaling::LifecycleHook', {
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    LifecycleHookName: 'finish-work',
    HeartbeatTimeout: 600,
    DefaultResult: 'CONTINUE',
  });
  expect(userData(template())).toContain('TimeoutStopSec=600\n');
});

test('workers may use the key of the queue to read, and nothing besides', () => {
  const { template } = workersWith((stack) => ({
    queue: new WorkQueue(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') }).queue,
  }));
  const [policy] = Object.values(
    template().findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('RoleDefaultPolicy') },
    }),
  );
  const statements: { Action: string | string[] }[] = policy?.Properties.PolicyDocument.Statement;
  expect(statements.flatMap(({ Action }) => Action)).toEqual([
    's3:GetObject',
    'logs:CreateLogStream',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
    'ssm:UpdateInstanceInformation',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
    'kms:Decrypt',
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  ]);
});

test('a group of one size neither scales nor warns of its maximum', () => {
  const { template, workers } = workersWith(() => ({ minCapacity: 3, maxCapacity: 3 }));
  template().resourceCountIs('AWS::AutoScaling::ScalingPolicy', 0);
  expect(workers.alarms.atMaximum).toBeUndefined();
});

test('a topic is told of alarms, not of scaling', () => {
  const { template } = workersWith((stack) => ({ alarmTopic: new sns.Topic(stack, 'Topic') }));
  const told = Object.entries(
    template().findResources('AWS::CloudWatch::Alarm', {
      Properties: { OKActions: Match.anyValue() },
    }),
  ).map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
  expect(told).toEqual(['WorkersStatusCheckAlarm', 'WorkersAtMaximumAlarm']);
});

test.each<[string, (stack: Stack) => Partial<QueueWorkersProps>, string]>([
  ['bounds crossed', () => ({ minCapacity: 5, maxCapacity: 4 }), 'got 5 and 4'],
  ['a negative minimum', () => ({ minCapacity: -1 }), 'minCapacity must be a whole number'],
  ['no maximum', () => ({ minCapacity: 0, maxCapacity: 0 }), 'maxCapacity must be a whole number'],
  [
    'scaling without room',
    () => ({ minCapacity: 2, maxCapacity: 2, scaling: Scaling.step() }),
    'scaling has no room',
  ],
  ['a long warm-up', () => ({ warmup: Duration.hours(2) }), 'between 0 and 3,600 seconds'],
  [
    'a short termination',
    () => ({ terminationTimeout: Duration.minutes(1) }),
    'terminationTimeout must be a whole number between 120 and 7,200 seconds, got 60',
  ],
  ['a small disk', () => ({ diskSize: Size.gibibytes(4) }), 'between 8 and 16,384, got 4'],
  [
    'a network without a way out',
    (stack) => ({
      vpc: new ec2.Vpc(stack, 'Closed', {
        subnetConfiguration: [{ name: 'in', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      }),
    }),
    'vpc has no private subnets with a way out',
  ],
  [
    'no entry',
    () => ({ program: WorkerProgram.nodejs({ entry: 'nowhere.ts' }) }),
    "program: entry must be a file, got 'nowhere.ts'",
  ],
  [
    'variables of the instance',
    () => ({ program: WorkerProgram.nodejs({ entry, environment: { QUEUE_URL: 'mine' } }) }),
    'environment: QUEUE_URL is set by the instance',
  ],
  [
    'names of variables',
    () => ({ program: WorkerProgram.nodejs({ entry, environment: { 'a-b': '1' } }) }),
    "got 'a-b'",
  ],
  [
    'line breaks',
    () => ({ program: WorkerProgram.nodejs({ entry, environment: { KEY: 'one\ntwo' } }) }),
    'systemd takes no line breaks',
  ],
  [
    'packages that are commands',
    () => ({ program: WorkerProgram.nodejs({ entry, packages: ['git; reboot'] }) }),
    "packages are names, as dnf knows them, got 'git; reboot'",
  ],
  [
    'a directory that is none',
    () => ({ program: WorkerProgram.directory({ path: entry, command: [] }) }),
    'path must be a directory',
  ],
  [
    'no command',
    () => ({ program: WorkerProgram.directory({ path: __dirname, command: [] }) }),
    'command must name a program',
  ],
  [
    'an environment that is too large',
    () => ({ program: WorkerProgram.nodejs({ entry, environment: { BIG: 'x'.repeat(17_000) } }) }),
    'user data must not be larger than 16384 bytes',
  ],
  [
    'Windows',
    () => ({ machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-1' }) }),
    'machineImage must be Amazon Linux 2023',
  ],
  [
    'a FIFO topic for alarms',
    (stack) => ({ alarmTopic: new sns.Topic(stack, 'Topic', { fifo: true }) }),
    'alarmTopic must be a standard topic',
  ],
])('fails with %s', (_name, changes, message) => {
  const make = () => workersWith(changes);
  expect(make).toThrow(PropsValidationError);
  expect(make).toThrow(message);
});

test('subnets without a way out are warned of', () => {
  const { stack } = workersWith((scope) => ({
    vpc: new ec2.Vpc(scope, 'Closed', {
      subnetConfiguration: [{ name: 'in', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    }),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  }));
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('isolated subnets'));
});
