import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  DecoupledTiers,
  type DecoupledTiersProps,
  PropsValidationError,
  WorkerProgram,
} from 'cdk-decouple';

const env = { account: '123456789012', region: 'eu-west-1' };
const program = WorkerProgram.directory({ path: __dirname, command: ['node', 'main.js'] });

function tiersWith(changes: (stack: Stack) => Partial<DecoupledTiersProps> = () => ({})) {
  const stack = new Stack(new App(), 'Test', { env });
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const tiers = new DecoupledTiers(stack, 'Tiers', {
    vpc,
    frontEnd: { program },
    backEnd: { program },
    ...changes(stack),
  });
  return { stack, tiers, template: () => Template.fromStack(stack) };
}

/** What the role of a tier may do, each action with its resource. */
function rightsOf(template: Template, tier: string): string[] {
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(
    ([id, { Properties }]) =>
      id.startsWith(`Tiers${tier}RoleDefaultPolicy`) ? [Properties.PolicyDocument] : [],
  );
  const statements: { Action: string | string[]; Resource: unknown }[] = policy.Statement;
  return statements.flatMap(({ Action }) => Action).filter((action) => !/^(ssm|logs)/.test(action));
}

function environmentOf(template: Template, tier: string): Record<string, unknown> {
  const [userData] = Object.entries(template.findResources('AWS::EC2::LaunchTemplate')).flatMap(
    ([id, { Properties }]) =>
      id.startsWith(`Tiers${tier}`) ? [Properties.LaunchTemplateData.UserData] : [],
  );
  const parts: unknown[] = userData['Fn::Base64']['Fn::Join'][1];
  const script = parts.map((part) => (typeof part === 'string' ? part : 'resolved')).join('');
  const [, json = ''] =
    /<<'CDK_DECOUPLE_WORKER_V1'\n(.*)\nCDK_DECOUPLE_WORKER_V1\n/.exec(script) ?? [];
  return JSON.parse(json).env;
}

test('the whole template', () => {
  const { Resources } = tiersWith().template().toJSON();
  const own = Object.entries<object>(Resources).filter(([id]) => id.startsWith('Tiers'));
  const text = JSON.stringify(Object.fromEntries(own)).replaceAll(/[0-9a-f]{64}/g, 'the-program');
  expect(JSON.parse(text)).toMatchSnapshot();
});

test('the front end may send, the back end consume and write results, and neither anything besides', () => {
  const template = tiersWith((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') })).template();
  expect(rightsOf(template, 'FrontEnd')).toEqual([
    's3:GetObject',
    'kms:GenerateDataKey',
    'kms:Decrypt',
    'sqs:SendMessage',
  ]);
  expect(rightsOf(template, 'BackEnd')).toEqual([
    's3:GetObject',
    'kms:Decrypt',
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
    's3:PutObject',
    's3:AbortMultipartUpload',
    'kms:GenerateDataKey',
    'kms:Decrypt',
  ]);
});

test('each program is told where its work is', () => {
  const template = tiersWith().template();
  expect(environmentOf(template, 'FrontEnd')).toEqual({
    AWS_REGION: 'eu-west-1',
    QUEUE_URL: 'resolved',
    PORT: '8080',
  });
  expect(environmentOf(template, 'BackEnd')).toEqual({
    AWS_REGION: 'eu-west-1',
    QUEUE_URL: 'resolved',
    BUCKET_NAME: 'resolved',
    LIFECYCLE_HOOK_NAME: 'finish-work',
  });
});

test('each tier has its own instances and its own scaling', () => {
  const template = tiersWith(() => ({
    frontEnd: { program, maxCapacity: 4, requestsPerInstance: 600 },
    backEnd: {
      program,
      instanceType: new ec2.InstanceType('g5.xlarge'),
      minCapacity: 0,
      maxCapacity: 40,
      diskSize: Size.gibibytes(100),
    },
  })).template();
  template.hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      TargetValue: 600,
      PredefinedMetricSpecification: {
        PredefinedMetricType: 'ALBRequestCountPerTarget',
        ResourceLabel: Match.anyValue(),
      },
    },
  });
  template.resourceCountIs('AWS::AutoScaling::LifecycleHook', 1);
  for (const [InstanceType, MaxSize, HealthCheckType] of [
    ['t4g.small', '4', 'ELB'],
    ['g5.xlarge', '40', 'EC2'],
  ]) {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { InstanceType },
    });
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      MaxSize,
      HealthCheckType,
    });
  }
});

test('only the load balancer reaches the front end, and nobody the back end', () => {
  const template = tiersWith().template();
  const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
  expect(ingress.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      FromPort: 8080,
      ToPort: 8080,
      SourceSecurityGroupId: {
        'Fn::GetAtt': [expect.stringMatching(/^TiersFrontEndLoadBalancerSecurityGroup/), 'GroupId'],
      },
    }),
  ]);
});

test('with a certificate plain HTTP is sent to HTTPS', () => {
  const template = tiersWith((stack) => ({
    frontEnd: {
      program,
      certificate: acm.Certificate.fromCertificateArn(
        stack,
        'Certificate',
        'arn:aws:acm:eu-west-1:123456789012:certificate/1',
      ),
    },
  })).template();
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 443,
    Protocol: 'HTTPS',
  });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 80,
    DefaultActions: [Match.objectLike({ Type: 'redirect' })],
  });
});

test('a topic is told of both tiers and of the queue', () => {
  const template = tiersWith((stack) => ({
    alarmTopic: new sns.Topic(stack, 'Topic'),
  })).template();
  const told = template.findResources('AWS::CloudWatch::Alarm', {
    Properties: { OKActions: Match.anyValue() },
  });
  expect(
    Object.keys(told)
      .map((id) => id.replace(/^Tiers(.*)[0-9A-F]{8}$/, '$1'))
      .sort(),
  ).toEqual([
    'BackEndAtMaximumAlarm',
    'BackEndStatusCheckAlarm',
    'FrontEndAtMaximumAlarm',
    'FrontEndStatusCheckAlarm',
    'FrontEndUnhealthyHostsAlarm',
    'QueueAgeAlarm',
    'QueueDeadLettersAlarm',
    'QueueDepthAlarm',
  ]);
});

test('results go into a bucket that is given', () => {
  const { template } = tiersWith((stack) => ({
    bucket: s3.Bucket.fromBucketName(stack, 'Given', 'results-of-ours'),
  }));
  template().resourceCountIs('AWS::S3::Bucket', 0);
  expect(environmentOf(template(), 'BackEnd').BUCKET_NAME).toBe('results-of-ours');
});

test.each<[string, (stack: Stack) => Partial<DecoupledTiersProps>, string]>([
  ['a privileged port', () => ({ frontEnd: { program, port: 80 } }), 'frontEnd: port must be'],
  [
    'a path without a slash',
    () => ({ frontEnd: { program, healthCheckPath: 'health' } }),
    "frontEnd: healthCheckPath must begin with /, got 'health'",
  ],
  [
    'a front end that may go to zero',
    () => ({ frontEnd: { program, minCapacity: 0 } }),
    'frontEnd: minCapacity must be at least 1',
  ],
  [
    'no requests',
    () => ({ frontEnd: { program, requestsPerInstance: 0 } }),
    'frontEnd: requestsPerInstance must be a whole number',
  ],
  [
    'bounds of the back end crossed',
    () => ({ backEnd: { program, minCapacity: 3, maxCapacity: 2 } }),
    'backEnd: minCapacity must not be above maxCapacity',
  ],
  [
    'programs that are not there',
    () => ({
      frontEnd: { program: WorkerProgram.nodejs({ entry: 'front.ts' }) },
      backEnd: { program: WorkerProgram.nodejs({ entry: 'back.ts' }) },
    }),
    "frontEnd: program: entry must be a file, got 'front.ts'",
  ],
  [
    'a short visibility timeout',
    () => ({ visibilityTimeout: Duration.seconds(10) }),
    'visibilityTimeout must be a whole number between 60',
  ],
  ['too many receives', () => ({ maxReceiveCount: 1_001 }), 'maxReceiveCount must be'],
  [
    'a load balancer without public subnets',
    (stack) => ({
      vpc: new ec2.Vpc(stack, 'Closed', {
        subnetConfiguration: [{ name: 'in', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      }),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    }),
    'vpc has no public subnets',
  ],
])('fails with %s', (_name, changes, message) => {
  const make = () => tiersWith(changes);
  expect(make).toThrow(PropsValidationError);
  expect(make).toThrow(message);
});
