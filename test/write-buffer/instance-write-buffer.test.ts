import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  InstanceWriteBuffer,
  type InstanceWriteBufferProps,
  PropsValidationError,
  Scaling,
  Sink,
} from 'cdk-decouple';
import {
  type Database,
  databaseIn,
  itemsSink,
  itemsTable,
  ordersSink,
} from '../constructs/fixtures';

const env = { account: '123456789012', region: 'eu-west-1' };

function bufferWith(
  changes: (stack: Stack, database: Database) => Partial<InstanceWriteBufferProps> = () => ({}),
) {
  const app = new App();
  const database = databaseIn(new Stack(app, 'Shared', { env }));
  const stack = new Stack(app, 'Test', { env });
  const buffer = new InstanceWriteBuffer(stack, 'Orders', {
    vpc: database.vpc,
    sink: ordersSink(database),
    ...changes(stack, database),
  });
  return { stack, buffer, template: () => Template.fromStack(stack) };
}

function environmentOf(template: Template): Record<string, unknown> {
  const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
  const parts: unknown[] =
    launchTemplate?.Properties.LaunchTemplateData.UserData['Fn::Base64']['Fn::Join'][1];
  const script = parts.map((part) => (typeof part === 'string' ? part : 'resolved')).join('');
  const [, json = ''] =
    /<<'CDK_DECOUPLE_WORKER_V1'\n(.*)\nCDK_DECOUPLE_WORKER_V1\n/.exec(script) ?? [];
  return JSON.parse(json).env;
}

function rightsOf(template: Template): string[] {
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(
    ([id, { Properties }]) =>
      id.startsWith('OrdersWorkersRoleDefaultPolicy') ? [Properties.PolicyDocument] : [],
  );
  const statements: { Action: string | string[] }[] = policy.Statement;
  return statements.flatMap(({ Action }) => Action).filter((action) => !/^(ssm|logs)/.test(action));
}

test('instances are told of the table, as the function is', () => {
  const { template } = bufferWith();
  expect(environmentOf(template())).toEqual({
    WRITE_PLAN: expect.stringContaining('"table":["orders"]'),
    DATABASE_HOST: 'resolved',
    DATABASE_PORT: 'resolved',
    DATABASE_SECRET_ARN: 'resolved',
    DATABASE_THROUGH_PROXY: 'false',
    POWERTOOLS_SERVICE_NAME: 'Test-Orders-C225794E',
    POWERTOOLS_METRICS_NAMESPACE: 'CdkDecouple',
    FUNCTION_TIMEOUT_SECONDS: '30',
    DEAD_LETTER_QUEUE_URL: 'resolved',
    AWS_REGION: 'eu-west-1',
    LIFECYCLE_HOOK_NAME: 'finish-work',
    QUEUE_URL: 'resolved',
  });
  template().resourceCountIs('AWS::Lambda::Function', 0);
});

test('instances may read the login, work the queue off and send dead letters, and nothing besides', () => {
  expect(rightsOf(bufferWith().template())).toEqual([
    's3:GetObject',
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
    'secretsmanager:GetSecretValue',
    'sqs:SendMessage',
  ]);
});

test('the way to the database is open to the instances', () => {
  const { template } = bufferWith();
  template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersWorkersSecurityGroup'), 'GroupId'] },
    Description: 'PostgreSQL',
  });
});

test('a table of DynamoDB is written by instances, too', () => {
  const { template } = bufferWith((stack) => ({ sink: itemsSink(itemsTable(stack)) }));
  expect(environmentOf(template())).toMatchObject({
    TABLE_NAME: 'resolved',
    WRITE_CONCURRENCY: '10',
  });
  expect(rightsOf(template())).toContain('dynamodb:PutItem');
});

test('the queue bears the outage that it is to survive', () => {
  const { buffer, template } = bufferWith(() => ({ outageTolerance: Duration.hours(12) }));
  expect(buffer.workQueue?.visibilityTimeout.toSeconds()).toBe(180);
  template().hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 180,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 303 }),
  });
});

test('there are no more instances than the sink bears connections', () => {
  const { template } = bufferWith((_stack, database) => ({
    sink: ordersSink(database, { connectionBudget: 4 }),
  }));
  template().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MaxSize: '4' });
});

test('a topic is told of the queue, the instances and the sink', () => {
  const { template } = bufferWith((stack) => ({
    sink: itemsSink(itemsTable(stack)),
    alarmTopic: new sns.Topic(stack, 'Topic'),
  }));
  const told = template().findResources('AWS::CloudWatch::Alarm', {
    Properties: { OKActions: Match.anyValue() },
  });
  expect(
    Object.keys(told)
      .map((id) => id.replace(/^Orders(.*)[0-9A-F]{8}$/, '$1'))
      .sort(),
  ).toEqual([
    'QueueAgeAlarm',
    'QueueDeadLettersAlarm',
    'QueueDepthAlarm',
    'SinkErrorsAlarm',
    'SinkThrottlesAlarm',
    'WorkersAtMaximumAlarm',
    'WorkersStatusCheckAlarm',
  ]);
});

test.each<
  [string, (stack: Stack, database: Database) => Partial<InstanceWriteBufferProps>, string]
>([
  [
    'more instances than connections',
    (_stack, database) => ({
      sink: ordersSink(database, { connectionBudget: 4 }),
      maxCapacity: 5,
    }),
    'maxCapacity must not be above what the sink bears (4), got 5',
  ],
  [
    'a function',
    (stack) => ({
      sink: Sink.function(
        new lambda.Function(stack, 'Function', {
          runtime: lambda.Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: lambda.Code.fromInline('exports.handler = async () => {};'),
        }),
      ),
    }),
    'sink: a function does not run on instances',
  ],
  [
    'props of a function',
    (stack, database) => ({
      sink: ordersSink(database, {
        memorySize: 1_024,
        logRetention: logs.RetentionDays.ONE_DAY,
        logEncryptionKey: new kms.Key(stack, 'Key'),
      }),
    }),
    'sink: logEncryptionKey, logRetention, memorySize are for a function',
  ],
  [
    'two networks',
    (stack) => ({ vpc: databaseIn(stack).vpc }),
    'sink: vpc must be that of the instances',
  ],
  [
    'scaling that fights itself',
    () => ({ minCapacity: 0, scaling: Scaling.step({ scaleInBelow: 5 }) }),
    'scaling: scaleInBelow must be 1 where minCapacity is 0',
  ],
  ['a short outage', () => ({ outageTolerance: Duration.seconds(1) }), 'outageTolerance must be'],
])('fails with %s', (_name, changes, message) => {
  const make = () => bufferWith(changes);
  expect(make).toThrow(PropsValidationError);
  expect(make).toThrow(message);
});
