import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AnalyticsCode,
  FlinkVersion,
  StreamAnalytics,
  type StreamAnalyticsProps,
} from 'cdk-decouple';
import { failuresOf } from '../stream-delivery/fixtures';

function needs() {
  const stack = new Stack(new App(), 'Test');
  const code = AnalyticsCode.fromBucket(
    s3.Bucket.fromBucketName(stack, 'Code', 'programs'),
    'sessions-1.jar',
  );
  return { stack, code };
}

type Changes = (stack: Stack) => Partial<StreamAnalyticsProps>;

function analyticsWith(changes: Changes = () => ({})) {
  const { code, stack } = needs();
  const analytics = new StreamAnalytics(stack, 'Sessions', { code, ...changes(stack) });
  return { stack, analytics };
}

const applicationOf = (changes?: Changes) =>
  Object.values(
    Template.fromStack(analyticsWith(changes).stack).findResources(
      'AWS::KinesisAnalyticsV2::Application',
    ),
  )[0]?.Properties;

test('the whole template', () => {
  const { stack } = analyticsWith((scope) => ({
    inputs: [new kinesis.Stream(scope, 'Input')],
    outputs: [new kinesis.Stream(scope, 'Output')],
  }));

  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});

test('the application saves its state, scales, and logs', () => {
  expect(applicationOf()).toMatchObject({
    RuntimeEnvironment: 'FLINK-1_20',
    ApplicationMode: 'STREAMING',
    ApplicationConfiguration: {
      ApplicationSnapshotConfiguration: { SnapshotsEnabled: true },
      FlinkApplicationConfiguration: {
        CheckpointConfiguration: { CheckpointingEnabled: true, CheckpointInterval: 60_000 },
        ParallelismConfiguration: { AutoScalingEnabled: true, Parallelism: 1 },
        MonitoringConfiguration: { LogLevel: 'INFO', MetricsLevel: 'APPLICATION' },
      },
    },
  });
});

test('the application is as it is told', () => {
  const properties = applicationOf((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    return {
      applicationName: 'sessions',
      flinkVersion: FlinkVersion.of('FLINK-1_19'),
      properties: { Input: { stream: 'clicks' } },
      parallelism: 8,
      parallelismPerKpu: 4,
      autoScaling: false,
      snapshots: false,
      checkpointInterval: Duration.seconds(10),
      vpc,
      securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })],
    };
  });

  expect(properties).toMatchObject({
    ApplicationName: 'sessions',
    RuntimeEnvironment: 'FLINK-1_19',
    ApplicationConfiguration: {
      ApplicationSnapshotConfiguration: { SnapshotsEnabled: false },
      EnvironmentProperties: {
        PropertyGroups: [{ PropertyGroupId: 'Input', PropertyMap: { stream: 'clicks' } }],
      },
      FlinkApplicationConfiguration: {
        CheckpointConfiguration: { CheckpointInterval: 10_000 },
        ParallelismConfiguration: {
          AutoScalingEnabled: false,
          Parallelism: 8,
          ParallelismPerKPU: 4,
        },
      },
      VpcConfigurations: [{ SubnetIds: [expect.anything(), expect.anything()] }],
    },
  });
});

test('its role may read the code and the inputs, and write to the outputs', () => {
  const { stack } = analyticsWith((scope) => ({
    inputs: [new kinesis.Stream(scope, 'Input')],
    outputs: [new kinesis.Stream(scope, 'Output')],
  }));

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: Match.arrayWith(['kinesis:GetRecords']) }),
        Match.objectLike({ Action: ['kinesis:PutRecord', 'kinesis:PutRecords'] }),
        Match.objectLike({ Action: ['s3:GetObject', 's3:GetObjectVersion'] }),
      ]),
    },
  });
});

test('alarms are those that AWS recommends, and tell a topic', () => {
  const { stack } = analyticsWith((scope) => ({ alarmTopic: new sns.Topic(scope, 'Topic') }));
  const template = Template.fromStack(stack);

  template.resourceCountIs('AWS::CloudWatch::Alarm', 4);
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()] });
});

test('two of them fit in one scope', () => {
  const { stack } = analyticsWith();
  const bucket = s3.Bucket.fromBucketName(stack, 'More', 'more');
  new StreamAnalytics(stack, 'Other', { code: AnalyticsCode.fromBucket(bucket, 'other.jar', '1') });

  Template.fromStack(stack).resourceCountIs('AWS::KinesisAnalyticsV2::Application', 2);
});

test.each<[string, Changes, RegExp]>([
  ['a name', () => ({ applicationName: 'a b' }), /applicationName must be/],
  ['SQL', () => ({ flinkVersion: FlinkVersion.of('SQL-1_0') }), /AWS has ended the SQL/],
  ['no parallelism', () => ({ parallelism: 0 }), /parallelism must be/],
  ['much on a unit', () => ({ parallelismPerKpu: 9 }), /parallelismPerKpu must be/],
  [
    'frequent checkpoints',
    () => ({ checkpointInterval: Duration.millis(10) }),
    /checkpointInterval must be at least a second/,
  ],
  [
    'many properties',
    () => ({ properties: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`g${i}`, {}])) }),
    /properties must be at most 50 groups, got 51/,
  ],
  [
    'a VPC without security groups',
    (stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc') }),
    /vpc and securityGroups must be given together/,
  ],
])('fails for %s', (_what, changes, message) => {
  const failures = failuresOf(() => analyticsWith(changes));

  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatch(message);
});
