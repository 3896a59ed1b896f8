import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  GetAliasCommand,
  GetFunctionCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { GetBucketTaggingCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Emulator } from '../../src';
import { logKeyPolicy } from './every-resource/template-parts';

type Resources = Readonly<Record<string, readonly [type: string, properties: object]>>;

/** A stack of plain resources under their own logical ids. */
function stackOf(resources: Resources): Stack {
  const stack = new Stack(new App(), 'Updated');
  for (const [id, [type, properties]] of Object.entries(resources)) {
    new CfnResource(stack, id, { type, properties: { ...properties } });
  }
  return stack;
}

const allow = (...actions: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});
const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};
const ref = (id: string) => ({ Ref: id });
const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });

/** One resource of each type that is updated in place, in the first or the second version of its stack. */
function version(second: boolean): Resources {
  const either = <T>(one: T, other: T) => (second ? other : one);
  return {
    Queue: [
      'AWS::SQS::Queue',
      either(
        { VisibilityTimeout: 60, DelaySeconds: 7, Tags: [{ Key: 'a', Value: '1' }] },
        { VisibilityTimeout: 90, Tags: [{ Key: 'b', Value: '2' }] },
      ),
    ],
    QueuePolicy: [
      'AWS::SQS::QueuePolicy',
      {
        Queues: [ref('Queue')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: either('sqs:SendMessage', 'sqs:ReceiveMessage'),
              Resource: attribute('Queue', 'Arn'),
            },
          ],
        },
      },
    ],
    Role: [
      'AWS::IAM::Role',
      {
        AssumeRolePolicyDocument: trust,
        Description: either('one', 'two'),
        Policies: [{ PolicyName: either('p1', 'p2'), PolicyDocument: allow('s3:*') }],
      },
    ],
    Policy: [
      'AWS::IAM::Policy',
      {
        PolicyName: 'inline',
        Roles: [ref('Role')],
        PolicyDocument: allow(...either(['sqs:*'], ['sqs:*', 'sns:*'])),
      },
    ],
    Managed: [
      'AWS::IAM::ManagedPolicy',
      { PolicyDocument: allow(either('logs:*', 'kms:*')), Roles: either([], [ref('Role')]) },
    ],
    Function: [
      'AWS::Lambda::Function',
      {
        Code: { ZipFile: `exports.handler = async () => '${either('one', 'two')}'` },
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: attribute('Role', 'Arn'),
        MemorySize: either(128, 256),
        ...either({ Environment: { Variables: { LEVEL: '1' } } }, {}),
      },
    ],
    Version: ['AWS::Lambda::Version', { FunctionName: ref('Function'), Description: 'kept' }],
    Alias: [
      'AWS::Lambda::Alias',
      {
        FunctionName: ref('Function'),
        FunctionVersion: attribute('Version', 'Version'),
        Name: 'live',
        Description: either('one', 'two'),
      },
    ],
    Mapping: [
      'AWS::Lambda::EventSourceMapping',
      {
        FunctionName: ref('Function'),
        EventSourceArn: attribute('Queue', 'Arn'),
        BatchSize: either(5, 6),
        Enabled: false,
      },
    ],
    LogKey: ['AWS::KMS::Key', { KeyPolicy: logKeyPolicy }],
    Logs: [
      'AWS::Logs::LogGroup',
      either({ RetentionInDays: 7 }, { KmsKeyId: attribute('LogKey', 'Arn') }),
    ],
    Key: [
      'AWS::KMS::Key',
      { Description: either('one', 'two'), EnableKeyRotation: second, Enabled: !second },
    ],
    Secret: [
      'AWS::SecretsManager::Secret',
      { SecretString: either('one', 'two'), Description: either('first', 'second') },
    ],
    Parameter: ['AWS::SSM::Parameter', { Type: 'String', Value: either('one', 'two') }],
    Bucket: [
      'AWS::S3::Bucket',
      either(
        { VersioningConfiguration: { Status: 'Enabled' }, Tags: [{ Key: 'a', Value: '1' }] },
        { Tags: [{ Key: 'b', Value: '2' }] },
      ),
    ],
  };
}

test('every emulated type takes its new properties in place, and the old ones again', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const deployed = await aws.deploy(stackOf(version(false)));
    const id = (logicalId: string) => deployed.physicalId(logicalId);
    const ids = Object.keys(version(false)).map(id);
    const look = async () => {
      const sqs = aws.client(SQSClient);
      const iam = aws.client(IAMClient);
      const lambda = aws.client(LambdaClient);
      const kms = aws.client(KMSClient);
      const secrets = aws.client(SecretsManagerClient);
      const s3 = aws.client(S3Client);
      const { Attributes: queue } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: id('Queue'), AttributeNames: ['All'] }),
      );
      const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: id('Role') }));
      const { PolicyDocument: inline } = await iam.send(
        new GetRolePolicyCommand({ RoleName: id('Role'), PolicyName: 'inline' }),
      );
      const { Configuration: fn } = await lambda.send(
        new GetFunctionCommand({ FunctionName: id('Function') }),
      );
      const alias = await lambda.send(
        new GetAliasCommand({ FunctionName: id('Function'), Name: 'live' }),
      );
      const mappings = await lambda.send(new ListEventSourceMappingsCommand({}));
      const { logGroups } = await aws
        .client(CloudWatchLogsClient)
        .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id('Logs') }));
      const key = { KeyId: id('Key') };
      const { KeyMetadata: metadata } = await kms.send(new DescribeKeyCommand(key));
      const rotation = await kms.send(new GetKeyRotationStatusCommand(key));
      const secret = { SecretId: id('Secret') };
      const value = await secrets.send(new GetSecretValueCommand(secret));
      const about = await secrets.send(new DescribeSecretCommand(secret));
      const { Parameter: parameter } = await aws
        .client(SSMClient)
        .send(new GetParameterCommand({ Name: id('Parameter') }));
      const bucket = { Bucket: id('Bucket') };
      const versioning = await s3.send(new GetBucketVersioningCommand(bucket));
      const { TagSet: tags } = await s3.send(new GetBucketTaggingCommand(bucket));
      return {
        queue: [queue?.VisibilityTimeout, queue?.DelaySeconds, queue?.Policy?.includes('Receive')],
        role: [role?.Description, inline?.includes('sns')],
        fn: [fn?.MemorySize, fn?.Environment?.Variables, fn?.CodeSize],
        alias: [alias.Description, alias.FunctionVersion],
        mapping: mappings.EventSourceMappings?.map(({ BatchSize: size }) => size),
        logs: logGroups?.map(({ kmsKeyId, retentionInDays }) => [retentionInDays, kmsKeyId]),
        key: [metadata?.Description, metadata?.Enabled, rotation.KeyRotationEnabled],
        secret: [value.SecretString, about.Description],
        parameter: parameter?.Value,
        bucket: [versioning.Status, tags],
      };
    };
    const before = {
      queue: ['60', '7', false],
      role: ['one', false],
      fn: [128, { LEVEL: '1' }, expect.any(Number)],
      alias: ['one', '1'],
      mapping: [5],
      logs: [[7, undefined]],
      key: ['one', true, false],
      secret: ['one', 'first'],
      parameter: 'one',
      bucket: ['Enabled', [{ Key: 'a', Value: '1' }]],
    };
    expect(await look()).toEqual(before);
    await aws.deploy(stackOf(version(true)));
    expect(await look()).toEqual({
      queue: ['90', '0', true],
      role: ['two', true],
      fn: [256, undefined, expect.any(Number)],
      alias: ['two', '1'],
      mapping: [6],
      logs: [[undefined, expect.stringContaining(id('LogKey'))]],
      key: ['two', false, true],
      secret: ['two', 'second'],
      parameter: 'two',
      bucket: ['Suspended', [{ Key: 'b', Value: '2' }]],
    });
    await aws.deploy(stackOf(version(false)));
    expect(await look()).toEqual(before);
    expect(Object.keys(version(false)).map(id)).toEqual(ids);
    await aws.destroy(stackOf(version(false)));
    expect(aws.leaks().filter((line) => !line.includes(id('Key')))).toEqual([]);
  } finally {
    await aws.stop();
  }
});

test('an update that fails half way through leaves every service as it was', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    await aws.deploy(stackOf(version(false)));
    const failing = {
      ...version(true),
      // DelaySeconds goes up to 900; that is for SQS to say, not for the schema.
      Wrong: ['AWS::SQS::Queue', { DelaySeconds: 901, QueueName: ref('Bucket') }],
    } as const;
    await expect(aws.deploy(stackOf(failing))).rejects.toThrow(
      /is now UPDATE_ROLLBACK_COMPLETE:\n {2}Wrong \(AWS::SQS::Queue\)/,
    );
    await aws.deploy(stackOf(version(true)));
    await aws.destroy(stackOf(version(true)));
  } finally {
    await aws.stop();
  }
});

test.each<[string, object, object, string]>([
  ['AWS::Logs::LogGroup', { LogGroupClass: 'STANDARD' }, {}, 'LogGroupClass'],
  ['AWS::KMS::Key', { KeySpec: 'SYMMETRIC_DEFAULT' }, {}, 'KeySpec'],
])('fails when %s is to change from %j to %j', async (type, before, after, name) => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    await aws.deploy(stackOf({ Thing: [type, before] }));
    await expect(aws.deploy(stackOf({ Thing: [type, after] }))).rejects.toThrow(
      `${type} does not support changing ${name} of an existing resource`,
    );
  } finally {
    await aws.stop();
  }
});
