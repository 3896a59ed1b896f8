import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  ActiveMqEventSource,
  ActiveStandbyBroker,
  RabbitMqBroker,
  RabbitMqEventSource,
  type RabbitMqEventSourceProps,
} from 'cdk-decouple';

function fixtures() {
  const stack = new Stack(new App(), 'Test', {
    env: { account: '123456789012', region: 'us-east-1' },
  });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  });
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
  });
  return { stack, vpc, fn, template: () => Template.fromStack(stack) };
}

const networkActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

test('a function is given the messages of a queue of ActiveMQ, as one of its users', () => {
  const { fn, stack, template, vpc } = fixtures();
  const users = { invoices: {}, shop: {} };
  const broker = new ActiveStandbyBroker(stack, 'Broker', { vpc, users });
  const maxBatchingWindow = Duration.seconds(5);

  fn.addEventSource(
    new ActiveMqEventSource(broker, {
      queue: 'orders',
      user: 'invoices',
      batchSize: 10,
      maxBatchingWindow,
    }),
  );

  const secret = { Ref: Match.stringLikeRegexp('^BrokerUsersinvoices') };
  const brokerArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Broker'), 'Arn'] };
  template().hasResource('AWS::Lambda::EventSourceMapping', {
    DependsOn: [Match.stringLikeRegexp('^FunctionEventSource.*ordersPolicy')],
    Properties: {
      EventSourceArn: brokerArn,
      Queues: ['orders'],
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: secret }],
    },
  });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        { Action: 'mq:DescribeBroker', Effect: 'Allow', Resource: brokerArn },
        { Action: networkActions, Effect: 'Allow', Resource: '*' },
      ],
    },
  });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [{ Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: secret }],
    },
  });
});

test('Lambda reaches the broker beside it, and Lambda, STS and Secrets Manager', () => {
  const { fn, stack, template, vpc } = fixtures();
  const broker = new ActiveStandbyBroker(stack, 'Broker', { vpc, users: { invoices: {} } });

  fn.addEventSource(new ActiveMqEventSource(broker, { queue: 'orders', user: 'invoices' }));

  const own = { 'Fn::GetAtt': [Match.stringLikeRegexp('^BrokerSecurityGroup'), 'GroupId'] };
  template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: own,
    SourceSecurityGroupId: own,
    FromPort: 61617,
  });
  template().hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })],
  });
});

test('a function is given the messages of a queue of RabbitMQ, of a virtual host', () => {
  const { fn, stack, template, vpc } = fixtures();
  const broker = new RabbitMqBroker(stack, 'Broker', { vpc });

  fn.addEventSource(new RabbitMqEventSource(broker, { queue: 'orders', virtualHost: 'shop' }));

  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    Queues: ['orders'],
    BatchSize: 100,
    SourceAccessConfigurations: [
      { Type: 'BASIC_AUTH', URI: { Ref: Match.stringLikeRegexp('^BrokerAdminSecret') } },
      { Type: 'VIRTUAL_HOST', URI: 'shop' },
    ],
  });
});

test('a function works off queues of one name of several virtual hosts and brokers', () => {
  const { fn, stack, template, vpc } = fixtures();
  const one = new RabbitMqBroker(stack, 'One', { vpc });
  const other = new RabbitMqBroker(stack, 'Other', { vpc });
  for (const virtualHost of ['/', 'shop']) {
    fn.addEventSource(new RabbitMqEventSource(one, { queue: 'orders', virtualHost }));
  }
  fn.addEventSource(new RabbitMqEventSource(other, { queue: 'orders' }));

  template().resourceCountIs('AWS::Lambda::EventSourceMapping', 3);
});

test('a function is called with the messages that it wants', () => {
  const { fn, stack, template, vpc } = fixtures();
  const broker = new RabbitMqBroker(stack, 'Broker', { vpc });
  const filters = [{ data: { kind: ['parcel'] } }];
  fn.addEventSource(new RabbitMqEventSource(broker, { queue: 'orders', filters }));

  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["parcel"]}}' }] },
  });
});

test('a broker that is publicly accessible is polled without network interfaces', () => {
  const { fn, stack, template, vpc } = fixtures();
  const broker = new RabbitMqBroker(stack, 'Broker', { vpc, publiclyAccessible: true });

  fn.addEventSource(new RabbitMqEventSource(broker, { queue: 'orders' }));

  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Action: 'mq:DescribeBroker' })] },
  });
});

test.each<[string, Partial<RabbitMqEventSourceProps>, string]>([
  [
    'a batch is larger than Lambda makes them',
    { batchSize: 10_001 },
    'batchSize must be a whole number between 1 and 10,000, got 10001',
  ],
  [
    'a filter compares with what is in no list',
    { filters: [{ data: { kind: 'parcel' } }] },
    "such as { kind: ['order'] }: see data.kind",
  ],
])('fails when %s', (_name, props, message) => {
  const { fn, stack, vpc } = fixtures();
  const broker = new RabbitMqBroker(stack, 'Broker', { vpc });

  expect(() =>
    fn.addEventSource(new RabbitMqEventSource(broker, { queue: 'orders', ...props })),
  ).toThrow(message);
});
