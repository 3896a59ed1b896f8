import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Column, WriteBuffer } from 'cdk-decouple';
import { Construct } from 'constructs';
import { databaseIn, ordersSink } from '../constructs/fixtures';
import { bufferWith, environmentOf, planOf, WRITER } from './postgres-support';

test('the function is told the database, the secret and where dead letters go', () => {
  const { template } = bufferWith();

  expect(environmentOf(template)).toMatchObject({
    DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/^Database/), 'Endpoint.Address'] },
    DATABASE_PORT: { 'Fn::GetAtt': [expect.stringMatching(/^Database/), 'Endpoint.Port'] },
    DATABASE_SECRET_ARN: { Ref: expect.stringMatching(/^DatabaseSecretAttachment/) },
    DATABASE_THROUGH_PROXY: 'false',
    DEAD_LETTER_QUEUE_URL: { Ref: expect.stringMatching(/DeadLetterQueue/) },
    FUNCTION_TIMEOUT_SECONDS: '30',
  });
  expect(environmentOf(template)).not.toHaveProperty('DATABASE_NAME');
});

test('the function is told the table, and where the values come from', () => {
  const { template } = bufferWith({ table: 'sales.orders', conflictKey: ['order_id'] });

  expect(planOf(template)).toEqual({
    kind: 'table',
    table: ['sales', 'orders'],
    columns: [
      { name: 'order_id', source: { kind: 'path', path: ['orderId'] } },
      { name: 'amount', source: { kind: 'path', path: ['amount'] } },
      { name: 'note', source: { kind: 'path', path: ['note'], optional: true } },
      { name: 'ordered_at', source: { kind: 'sentTimestamp' } },
    ],
    conflictKey: ['order_id'],
  });
});

test('a list of columns names the keys of the body', () => {
  const { template } = bufferWith({ columns: ['id', "it's"], conflictKey: 'id' });

  expect(planOf(template)).toMatchObject({
    columns: [
      { name: 'id', source: { kind: 'path', path: ['id'] } },
      { name: "it's", source: { kind: 'path', path: ["it's"] } },
    ],
  });
});

test('a statement gets its parameters by position', () => {
  const { template } = bufferWith({
    table: undefined,
    columns: undefined,
    conflictKey: undefined,
    statement: "UPDATE t SET n = :n::int, m = ':x' WHERE id = :id AND n <> :n",
    parameters: { id: Column.messageId(), n: '$.lines[0].n' },
  });

  expect(planOf(template)).toEqual({
    kind: 'statement',
    text: "UPDATE t SET n = $1::int, m = ':x' WHERE id = $2 AND n <> $1",
    parameters: [{ kind: 'path', path: ['lines', 0, 'n'] }, { kind: 'messageId' }],
  });
});

test('as many instances write as there are connections', () => {
  bufferWith({ connectionBudget: 25 }).template.hasResourceProperties(
    'AWS::Lambda::EventSourceMapping',
    { ScalingConfig: { MaximumConcurrency: 25 } },
  );
});

test('the function runs in the VPC and reaches the database and HTTPS only', () => {
  const { template } = bufferWith();

  template.hasResourceProperties('AWS::Lambda::Function', {
    ...WRITER,
    VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: Match.stringLikeRegexp('^Test/Orders: '),
    SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' })],
    SecurityGroupIngress: Match.absent(),
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DatabaseSecurityGroup'), 'GroupId'] },
    SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'GroupId'] },
  });
});

test('the function is traced, and its logs are kept for a month', () => {
  const { template } = bufferWith();

  template.hasResourceProperties('AWS::Lambda::Function', {
    ...WRITER,
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^OrdersFunctionLogs') } },
    Architectures: ['arm64'],
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

test('the role has no managed policies, and reads one secret', () => {
  const { template } = bufferWith();

  template.hasResource('AWS::IAM::Role', {
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'lambda.amazonaws.com' } })],
      },
      ManagedPolicyArns: Match.absent(),
    },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'secretsmanager:GetSecretValue',
          Resource: { Ref: Match.stringLikeRegexp('^DatabaseSecretAttachment') },
        }),
      ]),
    },
  });
});

test('the secret of a database in another stack may be encrypted with a key of one’s own', () => {
  const app = new App();
  const shared = new Stack(app, 'Shared');
  const vpc = new ec2.Vpc(shared, 'Vpc', { maxAzs: 2 });
  const cluster = new rds.DatabaseCluster(shared, 'Database', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.VER_16_6,
    }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc,
    credentials: rds.Credentials.fromGeneratedSecret('shop', {
      encryptionKey: new kms.Key(shared, 'Key'),
    }),
  });
  const stack = new Stack(app, 'Test');
  new WriteBuffer(stack, 'Orders', { sink: ordersSink({ vpc, cluster }) });

  // Neither stack would be synthesised if each depended on the other.
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'secretsmanager:GetSecretValue',
          Resource: { 'Fn::ImportValue': Match.stringLikeRegexp('DatabaseSecretAttachment') },
        }),
        Match.objectLike({
          Action: 'kms:Decrypt',
          Resource: { 'Fn::ImportValue': Match.stringLikeRegexp('Key') },
          Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } },
        }),
      ]),
    },
  });
});

test('logs may be encrypted with a key of one’s own', () => {
  const { template } = bufferWith((stack) => ({
    logEncryptionKey: new kms.Key(stack, 'Key'),
    logRetention: logs.RetentionDays.ONE_YEAR,
  }));

  template.hasResourceProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 365,
    KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
        }),
      ]),
    },
  });
});

test('the template stays as it is', () => {
  const template = bufferWith().template.toJSON();
  const buffer = Object.entries<object>(template.Resources).filter(([id]) =>
    id.startsWith('Orders'),
  );
  // The hash of the code changes with every dependency.
  const normal = JSON.stringify(Object.fromEntries(buffer)).replace(/[0-9a-f]{64}/g, '[HASH]');

  expect(JSON.parse(normal)).toMatchSnapshot();
});

test('descriptions have only what EC2 and Lambda take', () => {
  const stack = new Stack(new App(), 'Test');
  const database = databaseIn(stack);
  new WriteBuffer(new Construct(stack, `It's ${'deep '.repeat(60)}`), 'Bestellungen für Köln', {
    sink: ordersSink(database),
  });

  const template = Template.fromStack(stack);
  const descriptions = [
    ...Object.values(template.findResources('AWS::EC2::SecurityGroup')).map(
      ({ Properties }) => Properties.GroupDescription,
    ),
    ...Object.values(template.findResources('AWS::Lambda::Function', { Properties: WRITER })).map(
      ({ Properties }) => Properties.Description,
    ),
  ];
  expect(descriptions).toHaveLength(3);
  for (const description of descriptions) {
    expect(description).toMatch(/^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
  }
});

test('in nested stacks, too, each buffer counts its sink errors by itself', () => {
  const app = new App();
  const services = ['First', 'Second'].map((name) => {
    const nested = new NestedStack(new Stack(app, name), 'Data');
    const { alarms } = new WriteBuffer(nested, 'Orders', {
      sink: ordersSink(databaseIn(nested)),
    });
    return nested.resolve(alarms.sinkErrors?.metric.toMetricConfig().metricStat?.dimensions);
  });

  expect(services).toEqual([
    [{ name: 'service', value: expect.stringMatching(/^First-Data-Orders/) }],
    [{ name: 'service', value: expect.stringMatching(/^Second-Data-Orders/) }],
  ]);
});
