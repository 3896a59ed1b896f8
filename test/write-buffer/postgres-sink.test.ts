import { App, Duration, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Column, type PostgresSinkProps, Sink, WriteBuffer } from 'cdk-decouple';
import { Construct } from 'constructs';
import { type Database, databaseIn, ordersSink } from '../constructs/fixtures';

type Changes = Partial<PostgresSinkProps>;

function bufferWith(changes: Changes | ((stack: Stack, database: Database) => Changes) = {}) {
  const stack = new Stack(new App(), 'Test');
  const database = databaseIn(stack);
  const given = typeof changes === 'function' ? changes(stack, database) : changes;
  const buffer = new WriteBuffer(stack, 'Orders', { sink: ordersSink(database, given) });
  return { stack, buffer, template: Template.fromStack(stack) };
}

/** Only the function that writes, not CDK's own. */
const WRITER = { Handler: 'index.handler', Runtime: 'nodejs24.x' };

function environmentOf(template: Template): Record<string, unknown> {
  const [fn] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: WRITER }),
  );
  return fn?.Properties.Environment.Variables;
}

function planOf(template: Template): unknown {
  return JSON.parse(String(environmentOf(template).WRITE_PLAN));
}

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
    const { sinkErrorsAlarm } = new WriteBuffer(nested, 'Orders', {
      sink: ordersSink(databaseIn(nested)),
    });
    return nested.resolve(sinkErrorsAlarm?.metric.toMetricConfig().metricStat?.dimensions);
  });

  expect(services).toEqual([
    [{ name: 'service', value: expect.stringMatching(/^First-Data-Orders/) }],
    [{ name: 'service', value: expect.stringMatching(/^Second-Data-Orders/) }],
  ]);
});

describe('other databases', () => {
  function sinkIn(stack: Stack, target: (vpc: ec2.Vpc, secret: secretsmanager.ISecret) => Changes) {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const secret = new secretsmanager.Secret(stack, 'Login');
    return Sink.postgres({
      vpc,
      table: 't',
      columns: ['id'],
      conflictKey: 'id',
      ...target(vpc, secret),
    });
  }

  test('an instance', () => {
    const stack = new Stack(new App(), 'Test');
    const sink = sinkIn(stack, (vpc) => ({
      instance: new rds.DatabaseInstance(stack, 'Instance', {
        engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
        vpc,
      }),
      databaseName: 'shop',
    }));
    new WriteBuffer(stack, 'Orders', { sink });

    expect(environmentOf(Template.fromStack(stack))).toMatchObject({
      DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/^Instance/), 'Endpoint.Address'] },
      DATABASE_NAME: 'shop',
    });
  });

  test('a proxy', () => {
    const stack = new Stack(new App(), 'Test');
    const { vpc, cluster } = databaseIn(stack);
    const secret = cluster.secret;
    const proxy = cluster.addProxy('Proxy', { vpc, secrets: secret === undefined ? [] : [secret] });
    new WriteBuffer(stack, 'Orders', {
      sink: Sink.postgres({ vpc, proxy, secret, table: 't', columns: ['id'], conflictKey: 'id' }),
    });

    expect(environmentOf(Template.fromStack(stack))).toMatchObject({
      DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/Proxy/), 'Endpoint'] },
      DATABASE_PORT: '5432',
      DATABASE_THROUGH_PROXY: 'true',
    });
  });

  test('an imported proxy, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const sink = sinkIn(stack, (_vpc, secret) => ({
      secret,
      proxy: rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Proxy', {
        dbProxyName: 'p',
        dbProxyArn: 'arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0f5e',
        endpoint: 'p.proxy-x.eu-west-1.rds.amazonaws.com',
        securityGroups: [],
      }),
    }));
    new WriteBuffer(stack, 'Orders', { sink });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('cdk-decouple:databaseSecurityGroupUnknown'),
    );
  });

  test('an imported instance without its security groups, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const sink = sinkIn(stack, (_vpc, secret) => ({
      secret,
      instance: rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
        instanceIdentifier: 'i',
        instanceEndpointAddress: 'i.example.com',
        port: 5_432,
        securityGroups: [],
      }),
    }));
    const buffer = new WriteBuffer(stack, 'Orders', { sink });
    buffer.connections.allowTo(
      ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0f5e'),
      ec2.Port.POSTGRES,
    );

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('connections.allowTo.*cdk-decouple:databaseSecurityGroupUnknown'),
    );
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-0f5e' });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      DestinationSecurityGroupId: 'sg-0f5e',
      FromPort: 5_432,
    });
  });

  test('an imported cluster in isolated subnets, with a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const vpc = new ec2.Vpc(stack, 'Isolated', {
      subnetConfiguration: [{ name: 'a', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const sink = sinkIn(stack, (_vpc, secret) => ({
      vpc,
      secret,
      cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
        clusterIdentifier: 'c',
        clusterEndpointAddress: 'c.example.com',
        port: 5_432,
        securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0f5e')],
      }),
    }));
    new WriteBuffer(stack, 'Orders', { sink });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('cdk-decouple:isolatedSubnets'),
    );
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0f5e',
    });
  });
});

describe('fails when', () => {
  const NO_TABLE = { table: undefined, columns: undefined, conflictKey: undefined };

  test.each<[string, Changes | ((stack: Stack, database: Database) => Changes)]>([
    ['give exactly one of cluster, instance and proxy, got none', { cluster: undefined }],
    ['give either table', { statement: 'SELECT 1', columns: undefined, conflictKey: undefined }],
    ['give either table', NO_TABLE],
    ['parameters belong to a statement', { parameters: {} }],
    ['columns must name at least one', { columns: [], conflictKey: [] }],
    ['conflictKey is required', { conflictKey: undefined }],
    ["conflictKey must be among the columns, got 'id'", { conflictKey: ['order_id', 'id'] }],
    [
      "conflictKey must be in every message, got optional 'note'",
      { conflictKey: ['order_id', 'note'] },
    ],
    ['table and statement must be known', { table: Lazy.string({ produce: () => 'orders' }) }],
    [
      'table and statement must be known',
      { ...NO_TABLE, statement: Lazy.string({ produce: () => 'SELECT 1' }) },
    ],
    ['too long for a function', { ...NO_TABLE, statement: `SELECT '${'x'.repeat(2_800)}'` }],
    [
      'too long for a function',
      {
        databaseName: 'shop',
        columns: [
          `id${'\u00e9'.repeat(20)}`,
          ...Array.from({ length: 38 }, (_, i) => `${'\u00e9'.repeat(8)}${i}`),
        ],
        conflictKey: `id${'\u00e9'.repeat(20)}`,
      },
    ],
    [
      'the imported database must be given its endpoint',
      (stack) => ({
        cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Other', {
          clusterIdentifier: 'c',
        }),
        secret: new secretsmanager.Secret(stack, 'Login'),
      }),
    ],
    ['1 to 63 bytes', { table: 'x'.repeat(64) }],
    ['1 to 63 bytes', { table: 'sales.' }],
    ['a name or schema.name', { table: 'a.b.c' }],
    ["'$.a[*]' is not a path", { columns: { id: '$.a[*]' }, conflictKey: 'id' }],
    ["'id' is not a path", { columns: { id: 'id' }, conflictKey: 'id' }],
    [':id, :n come from', { ...NO_TABLE, statement: 'CALL f(:id, :n)' }],
    [
      'does not use the parameters :x',
      { ...NO_TABLE, statement: 'SELECT 1', parameters: { x: '$.x' } },
    ],
    ['must be one statement', { ...NO_TABLE, statement: 'SELECT 1; SELECT 2' }],
    [
      'too long for a function',
      { columns: Array.from({ length: 100 }, (_, i) => `column_${i}`), conflictKey: 'column_0' },
    ],
    ['connectionBudget must be', { connectionBudget: 1_001 }],
    ['timeout must be a whole number', { timeout: Duration.seconds(4) }],
    ['memorySize must be', { memorySize: 64 }],
    [
      "must be PostgreSQL, got engine 'mysql'",
      (stack, { vpc }) => ({
        cluster: undefined,
        instance: new rds.DatabaseInstance(stack, 'Other', {
          engine: rds.DatabaseInstanceEngine.MYSQL,
          vpc,
        }),
      }),
    ],
    [
      'secret is required',
      (stack) => ({
        cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Other', {
          clusterIdentifier: 'c',
        }),
      }),
    ],
  ])('%s', (message, changes) => {
    expect(() => bufferWith(changes)).toThrow(message);
  });

  test('the connection budget is below 2', () => {
    expect(() => bufferWith({ connectionBudget: 1 })).toThrow(
      /connectionBudget must be a whole number between 2 and 1,000, got 1/,
    );
  });

  test('not with a semicolon at the end, in a string or in a comment', () => {
    expect(() =>
      bufferWith({ ...NO_TABLE, statement: "INSERT INTO t VALUES (';') ; -- done" }),
    ).not.toThrow();
  });
});
