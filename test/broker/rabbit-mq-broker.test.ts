import { App, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  PropsValidationError,
  QueueWorkers,
  RabbitMqBroker,
  type RabbitMqBrokerProps,
  RabbitMqVersion,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';

const env = { account: '123456789012', region: 'us-east-1' };

function brokerWith(changes: (stack: Stack) => Partial<RabbitMqBrokerProps> = () => ({})) {
  // Without the account the zones are not looked up, and there are two.
  const stack = new Stack(new App(), 'Test', { env });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  });
  const broker = new RabbitMqBroker(stack, 'Broker', { vpc, ...changes(stack) });
  return { stack, broker, template: () => Template.fromStack(stack) };
}

function failuresWith(changes: (stack: Stack) => Partial<RabbitMqBrokerProps>): readonly string[] {
  try {
    brokerWith(changes);
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}

test('is a cluster in three zones with one administrator, private, with its log', () => {
  const { template } = brokerWith();

  template().hasResourceProperties('AWS::AmazonMQ::Broker', {
    EngineType: 'RABBITMQ',
    EngineVersion: '4.2',
    DeploymentMode: 'CLUSTER_MULTI_AZ',
    HostInstanceType: 'mq.m7g.large',
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: true,
    Logs: { General: true },
    SubnetIds: [1, 2, 3].map((zone) => ({
      Ref: Match.stringLikeRegexp(`^VpcPrivateSubnet${zone}`),
    })),
    Users: [{ Username: 'admin', Password: { 'Fn::Join': Match.anyValue() } }],
  });
});

/** A program on instances that is told of the broker, and let in. */
function programOf(stack: Stack, broker: RabbitMqBroker, credentials?: Secret): void {
  const workers = new QueueWorkers(stack, 'Workers', {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Other', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-1'],
    }),
    queue: new WorkQueue(stack, 'Jobs').queue,
    maxCapacity: 2,
    program: WorkerProgram.directory({
      path: __dirname,
      command: ['node', 'main.js'],
      environment: broker.environmentOf(credentials),
    }),
  });
  broker.grantConnect(workers, credentials);
}

test('a program gets the address, the port and the password of the administrator', () => {
  const { broker, stack, template } = brokerWith();
  programOf(stack, broker);

  template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 5671,
    ToPort: 5671,
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Broker'), 'GroupId'] },
  });
  template().hasResourceProperties('AWS::IAM::Policy', readingOf('^BrokerAdminSecret'));
  const { Resources } = template().toJSON();
  expect(JSON.stringify(Resources)).toContain('BROKER_URI');
});

test('a program that connects as another user reads the secret of that one alone', () => {
  const { broker, stack, template } = brokerWith();
  programOf(stack, broker, new Secret(stack, 'Parcels'));

  template().hasResourceProperties('AWS::IAM::Policy', readingOf('^Parcels'));
  const policies = JSON.stringify(template().findResources('AWS::IAM::Policy'));
  expect(policies).not.toContain('BrokerAdminSecret');
});

test('a program is let out to a broker that is public', () => {
  const { broker, stack, template } = brokerWith(() => ({ publiclyAccessible: true }));
  programOf(stack, broker);

  template().hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: Match.arrayWith([
      Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 5671, ToPort: 5671 }),
    ]),
  });
});

function readingOf(secret: string) {
  return {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Action: 'secretsmanager:GetSecretValue',
          Effect: 'Allow',
          Resource: { Ref: Match.stringLikeRegexp(secret) },
        },
      ]),
    },
  };
}

test('can be a single broker', () => {
  const { template } = brokerWith(() => ({
    cluster: false,
    engineVersion: RabbitMqVersion.V3_13,
    instanceType: new ec2.InstanceType('t3.micro'),
  }));

  template().hasResourceProperties('AWS::AmazonMQ::Broker', {
    DeploymentMode: 'SINGLE_INSTANCE',
    HostInstanceType: 'mq.t3.micro',
    SubnetIds: [{ Ref: Match.stringLikeRegexp('^VpcPrivateSubnet1') }],
  });
});

test('has neither subnets nor security groups where it is publicly accessible', () => {
  const { broker, template } = brokerWith(() => ({ publiclyAccessible: true }));

  expect(broker.securityGroup).toBeUndefined();
  template().hasResourceProperties('AWS::AmazonMQ::Broker', {
    PubliclyAccessible: true,
    SubnetIds: Match.absent(),
    SecurityGroups: Match.absent(),
  });
});

test('takes settings of RabbitMQ, and a size of its volumes', () => {
  const { template } = brokerWith(() => ({
    configuration: { consumer_timeout: 1_800_000, 'management.restrictions.quorum': false },
    storageSize: Size.gibibytes(50),
  }));

  template().hasResourceProperties('AWS::AmazonMQ::Configuration', {
    EngineType: 'RABBITMQ',
    Data: {
      'Fn::Base64': 'consumer_timeout = 1800000\nmanagement.restrictions.quorum = false\n',
    },
  });
  template().hasResourceProperties('AWS::AmazonMQ::Broker', { StorageSize: 50 });
});

test('lets in over AMQP, and to the management API, whom it is told', () => {
  const { broker, stack, template } = brokerWith();
  const shop = new ec2.SecurityGroup(stack, 'Shop', {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Other', { vpcId: 'vpc-1', availabilityZones: ['a'] }),
  });

  broker.allowFrom(shop);
  broker.allowManagementFrom(shop);

  for (const FromPort of [5671, 443])
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort });
});

test('has alarms on memory and disk against their limits, by its name', () => {
  const { template } = brokerWith(() => ({ brokerName: 'orders' }));
  const alarms = Object.values(template().findResources('AWS::CloudWatch::Alarm'));
  const watched = alarms.map(({ Properties }) =>
    Properties.Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: unknown } }) =>
      MetricStat ? [MetricStat.Metric] : [],
    ),
  );
  const metric = (MetricName: string) => ({
    Namespace: 'AWS/AmazonMQ',
    MetricName,
    Dimensions: [{ Name: 'Broker', Value: 'orders' }],
  });

  expect(watched).toEqual([
    [metric('RabbitMQMemUsed'), metric('RabbitMQMemLimit')],
    [metric('RabbitMQDiskFree'), metric('RabbitMQDiskFreeLimit')],
  ]);
});

describe('fails when', () => {
  test.each<[string, (stack: Stack) => Partial<RabbitMqBrokerProps>, string]>([
    [
      'RabbitMQ 4 is to run on m5',
      () => ({ instanceType: new ec2.InstanceType('m5.large') }),
      'a cluster of RabbitMQ 4.2 on EBS does not run on mq.m5.large: take one of mq.m7g.medium, mq.m7g.large, mq.m7g.xlarge, mq.m7g.2xlarge, mq.m7g.4xlarge, mq.m7g.8xlarge, mq.m7g.12xlarge, mq.m7g.16xlarge',
    ],
    [
      'the version has ended',
      () => ({ engineVersion: RabbitMqVersion.of('3.12') }),
      'Amazon MQ has ended its support of RabbitMQ 3.12: take one of 3.13, 4.2, 4.3',
    ],
    [
      'there are two zones for three nodes',
      (stack) => ({ vpc: new ec2.Vpc(stack, 'Small', { maxAzs: 2 }) }),
      'a cluster of RabbitMQ needs subnets in 3 zones, and there are some in 2: give vpc more zones, or select others with vpcSubnets',
    ],
    [
      'it is public, with subnets',
      () => ({ publiclyAccessible: true, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }),
      'vpcSubnets must be left out of a broker that is publicly accessible: Amazon MQ takes none for RabbitMQ',
    ],
    [
      'the administrator is guest',
      () => ({ adminUsername: 'guest' }),
      "adminUsername must be 2 to 100 letters, digits and - . _ ~, and not guest, got 'guest'",
    ],
    [
      'the volume is too small',
      () => ({ storageSize: Size.gibibytes(10) }),
      'storageSize of mq.m7g.large must be a whole number between 15 and 75 GB, got 10',
    ],
    [
      'the volume has a size of its own',
      () => ({
        storageSize: Size.gibibytes(20),
        engineVersion: RabbitMqVersion.V3_13,
        instanceType: new ec2.InstanceType('m5.large'),
      }),
      'storageSize cannot be chosen for mq.m5.large: leave it out, or take an mq.m7g',
    ],
    [
      'a setting is none',
      () => ({ configuration: { 'consumer timeout': 1 } }),
      "settings of the configuration must be names such as consumer_timeout with values of one line, got 'consumer timeout'",
    ],
  ])('%s', (_name, changes, message) => {
    expect(failuresWith(changes)).toEqual([message]);
  });
});
