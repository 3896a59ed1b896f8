import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  ActiveMqConfiguration,
  ActiveMqVersion,
  ActiveStandbyBroker,
  BrokerProtocol,
  QueueWorkers,
  Weekday,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';
import { brokerWith, env, users } from './active-standby-broker-support';

test('the whole template', () => {
  const { template } = brokerWith((stack) => ({
    brokerName: 'orders',
    engineVersion: ActiveMqVersion.V5_18,
    instanceType: new ec2.InstanceType('t3.micro'),
    maintenanceWindow: { day: Weekday.SUNDAY, time: '02:30', timeZone: 'Europe/Berlin' },
    logRetention: logs.RetentionDays.ONE_YEAR,
    alarmTopic: new sns.Topic(stack, 'Alarms'),
    configuration: ActiveMqConfiguration.of({ queues: ['orders'] }),
  }));
  const resources = template().toJSON().Resources;
  const own = Object.entries<{ Type: string; Properties: { Code?: unknown } }>(resources).filter(
    ([id]) => !id.startsWith('Vpc'),
  );
  for (const [, { Properties, Type }] of own)
    if (Type === 'AWS::Lambda::Function') Properties.Code = 'the bundle';
  expect(Object.fromEntries(own)).toMatchSnapshot();
});

describe('the pair', () => {
  test('keeps its messages on EFS, in the first two zones, private, with logs', () => {
    const { broker, template } = brokerWith();

    template().hasResourceProperties('AWS::AmazonMQ::Broker', {
      DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
      StorageType: 'EFS',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      Logs: { General: true, Audit: true },
      SubnetIds: [
        { Ref: Match.stringLikeRegexp('^VpcPrivateSubnet1') },
        { Ref: Match.stringLikeRegexp('^VpcPrivateSubnet2') },
      ],
    });
    expect(new Set(broker.subnets.map(({ availabilityZone }) => availabilityZone)).size).toBe(2);
  });

  test('takes one subnet of a zone where several are selected', () => {
    const stack = new Stack(new App(), 'Test', { env });
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 2,
      subnetConfiguration: [
        { name: 'a', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        { name: 'b', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const { subnets } = new ActiveStandbyBroker(stack, 'Broker', {
      vpc,
      users,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });

    expect(subnets).toEqual([vpc.isolatedSubnets[0], vpc.isolatedSubnets[1]]);
  });

  test('has a public address only where asked to, and then in public subnets', () => {
    const { template } = brokerWith(() => ({ publiclyAccessible: true }));

    template().hasResourceProperties('AWS::AmazonMQ::Broker', {
      PubliclyAccessible: true,
      SubnetIds: [
        { Ref: Match.stringLikeRegexp('^VpcPublicSubnet1') },
        { Ref: Match.stringLikeRegexp('^VpcPublicSubnet2') },
      ],
    });
  });

  test("is encrypted with one's own key where there is one, and so are the passwords", () => {
    const { template } = brokerWith((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') }));
    const keyArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };

    template().hasResourceProperties('AWS::AmazonMQ::Broker', {
      EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: keyArn },
    });
    template().allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: keyArn });
  });
});

describe('users', () => {
  test('have generated passwords, which are nowhere in the template', () => {
    const { broker, stack, template } = brokerWith();
    const secret = Match.stringLikeRegexp('^BrokerUsersshop');

    template().resourceCountIs('AWS::SecretsManager::Secret', 2);
    template().hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"shop"}',
        GenerateStringKey: 'password',
        ExcludePunctuation: true,
      },
    });
    template().hasResourceProperties('AWS::AmazonMQ::Broker', {
      Users: Match.arrayWith([
        {
          Username: 'shop',
          ConsoleAccess: false,
          Groups: ['shops'],
          Password: {
            'Fn::Join': [
              '',
              ['{{resolve:secretsmanager:', { Ref: secret }, ':SecretString:password::}}'],
            ],
          },
        },
      ]),
    });
    expect(stack.resolve(broker.secretOf('shop').secretArn)).toEqual({
      Ref: expect.stringMatching(/^BrokerUsersshop/),
    });
  });

  test('are known by their names', () => {
    const { broker } = brokerWith();

    expect(() => broker.secretOf('nobody')).toThrow(
      "the broker has no user 'nobody'; it has admin, shop",
    );
  });
});

describe('addresses', () => {
  test('are those of both members, by protocol', () => {
    const { broker, stack } = brokerWith();
    const endpoint = (attribute: string, member: number) => ({
      'Fn::Select': [
        member,
        { 'Fn::GetAtt': [expect.stringMatching(/^Broker[0-9A-F]{8}$/), attribute] },
      ],
    });

    expect(stack.resolve(broker.endpoints(BrokerProtocol.STOMP))).toEqual([
      endpoint('StompEndpoints', 0),
      endpoint('StompEndpoints', 1),
    ]);
    expect(stack.resolve(broker.failoverUri(BrokerProtocol.OPENWIRE))).toEqual({
      'Fn::Join': [
        '',
        [
          'failover:(',
          endpoint('OpenWireEndpoints', 0),
          ',',
          endpoint('OpenWireEndpoints', 1),
          ')',
        ],
      ],
    });
  });

  test.each([
    [BrokerProtocol.OPENWIRE, 61617],
    [BrokerProtocol.AMQP, 5671],
    [BrokerProtocol.STOMP, 61614],
    [BrokerProtocol.MQTT, 8883],
    [BrokerProtocol.WSS, 61619],
  ])('%s is let in at port %d', (protocol, port) => {
    const { broker, stack, template } = brokerWith();
    const shop = new ec2.SecurityGroup(stack, 'Shop', {
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Other', { vpcId: 'vpc-1', availabilityZones: ['a'] }),
    });

    broker.allowFrom(shop, protocol);

    template().resourcePropertiesCountIs(
      'AWS::EC2::SecurityGroupIngress',
      { IpProtocol: 'tcp', FromPort: port, ToPort: port },
      1,
    );
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });
});

test('workers, which may call nobody but over HTTPS, are let out to the broker and in there', () => {
  const { broker, stack, template } = brokerWith();
  const workers = new QueueWorkers(stack, 'Workers', {
    vpc: new ec2.Vpc(stack, 'WorkersVpc', { maxAzs: 2 }),
    queue: new WorkQueue(stack, 'Jobs').queue,
    program: WorkerProgram.directory({
      path: __dirname,
      command: ['node', 'main.js'],
      environment: broker.environmentOf('shop', BrokerProtocol.AMQP),
    }),
  });
  broker.grantConnect(workers, 'shop', BrokerProtocol.AMQP);

  const rule = { IpProtocol: 'tcp', FromPort: 5671, ToPort: 5671 };
  template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    ...rule,
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Broker'), 'GroupId'] },
  });
  template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
    ...rule,
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Workers'), 'GroupId'] },
    DestinationSecurityGroupId: {
      'Fn::GetAtt': [Match.stringLikeRegexp('^Broker'), 'GroupId'],
    },
  });
});

test('a program gets the address and the password of one user, and nothing besides', () => {
  const { broker, stack, template } = brokerWith();
  const client = new lambda.Function(stack, 'Client', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Other', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-1'],
    }),
    environment: broker.environmentOf('shop', BrokerProtocol.STOMP),
  });

  broker.grantConnect(client, 'shop', BrokerProtocol.STOMP);

  const secret = { Ref: Match.stringLikeRegexp('^BrokerUsersshop') };
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { BROKER_SECRET_ARN: secret, BROKER_URI: Match.anyValue() } },
  });
  template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 61614 });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Action: 'secretsmanager:GetSecretValue',
          Effect: 'Allow',
          Resource: secret,
        },
      ],
    },
  });
});

test('nobody is let in, by no protocol, and the broker calls nobody', () => {
  const { template } = brokerWith();

  template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template().hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: Match.absent(),
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
  });
});

describe('logs', () => {
  test('may be written by Amazon MQ before the broker is made', () => {
    const { template } = brokerWith();

    const [policy] = Object.values(template().findResources('AWS::Logs::ResourcePolicy'));
    const [, parts] = policy?.Properties.PolicyDocument['Fn::Join'] ?? [];
    const partition = (part: unknown) => (typeof part === 'string' ? part : 'aws');
    expect(JSON.parse(parts.map(partition).join('')).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'mq.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/amazonmq/*',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:mq:eu-west-1:123456789012:broker:*' },
        },
      },
    ]);
    template().hasResource('AWS::AmazonMQ::Broker', {
      DependsOn: [Match.stringLikeRegexp('^AmazonMqLogs')],
    });
  });

  test('of several brokers of a stack need one policy: CloudWatch Logs takes ten', () => {
    const { stack, template } = brokerWith();
    const vpc = new ec2.Vpc(stack, 'SecondVpc');
    new ActiveStandbyBroker(stack, 'Second', { vpc, users });

    template().resourceCountIs('AWS::Logs::ResourcePolicy', 1);
  });

  test.each([
    ['a year', logs.RetentionDays.ONE_YEAR, '365'],
    ['for ever', logs.RetentionDays.INFINITE, undefined],
  ])('are kept %s', (_name, logRetention, days) => {
    const { template } = brokerWith(() => ({ logRetention }));

    template().hasResourceProperties('Custom::BrokerLogs', {
      RetentionInDays: days ?? Match.absent(),
      LogGroupNames: [
        { 'Fn::Join': ['', ['/aws/amazonmq/broker/', Match.anyValue(), '/general']] },
        { 'Fn::Join': ['', ['/aws/amazonmq/broker/', Match.anyValue(), '/audit']] },
      ],
    });
  });

  test('that nobody wants need nothing', () => {
    const { broker, template } = brokerWith(() => ({ auditLog: false, generalLog: false }));

    expect(broker.generalLogGroup).toBeUndefined();
    expect(broker.auditLogGroup).toBeUndefined();
    template().resourceCountIs('AWS::Logs::ResourcePolicy', 0);
    template().resourceCountIs('Custom::BrokerLogs', 0);
    template().resourceCountIs('AWS::Lambda::Function', 0);
  });
});

test('every member has its alarms, by its name', () => {
  const { template } = brokerWith(() => ({
    brokerName: 'orders',
    alarmThresholds: { storePercent: 50 },
  }));
  const alarms = Object.values(template().findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties: { Dimensions, MetricName, Threshold } }) =>
      `${MetricName} of ${Dimensions.map(({ Name, Value }: { Name: string; Value: string }) => `${Name} ${Value}`)} from ${Threshold}`,
  );

  expect(alarms).toEqual(
    ['orders-1', 'orders-2'].flatMap((member) => [
      `CpuUtilization of Broker ${member} from 90`,
      `HeapUsage of Broker ${member} from 80`,
      `StorePercentUsage of Broker ${member} from 50`,
      `JournalFilesForFullRecovery of Broker ${member} from 150`,
    ]),
  );
});

test('a version that is not known yet is taken, with any instances', () => {
  const { template } = brokerWith(() => ({
    engineVersion: ActiveMqVersion.of('6.1'),
    instanceType: new ec2.InstanceType('m8g.large'),
  }));

  template().hasResourceProperties('AWS::AmazonMQ::Broker', {
    EngineVersion: '6.1',
    HostInstanceType: 'mq.m8g.large',
  });
});
