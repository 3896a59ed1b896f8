import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ActiveMqEventSource,
  ActiveStandbyBroker,
  type ActiveStandbyBrokerAttributes,
  BrokerProtocol,
  RabbitMqBroker,
  RabbitMqEventSource,
} from 'cdk-decouple';

const env = { account: '123456789012', region: 'eu-west-1' };
const brokerArn = `arn:aws:mq:${env.region}:${env.account}:broker:Orders:b-1234`;
const secretArn = `arn:aws:secretsmanager:${env.region}:${env.account}:secret:invoices-AbCdEf`;
const hosts = [1, 2].map((member) => `b-1234-${member}.mq.${env.region}.amazonaws.com`);
const amqp = [`amqp+ssl://${hosts[0]}:5671`, `amqp+ssl://${hosts[1]}:5671`] as const;

function fixtures() {
  const stack = new Stack(new App(), 'Invoices', { env });
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
  });
  return { stack, fn, template: () => Template.fromStack(stack) };
}

function importedPair(stack: Stack, changes: Partial<ActiveStandbyBrokerAttributes> = {}) {
  return ActiveStandbyBroker.fromActiveStandbyBrokerAttributes(stack, 'Broker', {
    brokerArn,
    endpoints: { [BrokerProtocol.AMQP]: amqp },
    secrets: { invoices: Secret.fromSecretCompleteArn(stack, 'Secret', secretArn) },
    securityGroupId: 'sg-1234',
    ...changes,
  });
}

function client(stack: Stack): lambda.Function {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-1'],
  });
  return new lambda.Function(stack, 'Client', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
    vpc,
    allowAllOutbound: false,
  });
}

test('a pair of another app has the name and id of its ARN, and the addresses that were given', () => {
  const { stack } = fixtures();
  const broker = importedPair(stack);

  expect(broker).toMatchObject({ brokerArn, brokerId: 'b-1234', brokerName: 'Orders' });
  expect(broker.endpoints(BrokerProtocol.AMQP)).toEqual(amqp);
  expect(broker.environmentOf('invoices', BrokerProtocol.AMQP)).toEqual({
    BROKER_URI: `failover:(amqps://${hosts[0]}:5671,amqps://${hosts[1]}:5671)`,
    BROKER_SECRET_ARN: secretArn,
  });
});

test('a function of this app is given messages of it; the rules of its security group are those of the other app', () => {
  const { fn, stack, template } = fixtures();

  fn.addEventSource(
    new ActiveMqEventSource(importedPair(stack), { queue: 'orders', user: 'invoices' }),
  );

  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: brokerArn,
    SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: secretArn }],
  });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        { Action: 'mq:DescribeBroker', Effect: 'Allow', Resource: brokerArn },
        Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface']) }),
      ],
    },
  });
  template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template().resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
});

test.each(['pair', 'cluster'])('the app that has a %s lets event sources of others in', (kind) => {
  const { stack, template } = fixtures();
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
  });
  const broker =
    kind === 'pair'
      ? new ActiveStandbyBroker(stack, 'Broker', { vpc, users: { invoices: {} } })
      : new RabbitMqBroker(stack, 'Broker', { vpc });

  broker.allowEventSources();

  const own = { 'Fn::GetAtt': [Match.stringLikeRegexp('^BrokerSecurityGroup'), 'GroupId'] };
  template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: own,
    SourceSecurityGroupId: own,
    FromPort: kind === 'pair' ? 61617 : 5671,
  });
  template().hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })],
  });
});

test('a client of this app is let in by a protocol, and reads a secret', () => {
  const { stack, template } = fixtures();
  const fn = client(stack);

  importedPair(stack).grantConnect(fn, 'invoices', BrokerProtocol.AMQP);

  template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: 'sg-1234',
    FromPort: 5671,
  });
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        { Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: secretArn },
      ]),
    },
  });
});

test('a broker of RabbitMQ of another app is polled, and connected to', () => {
  const { fn, stack, template } = fixtures();
  const amqpEndpoint = 'amqps://b-1234.mq.eu-west-1.on.aws:5671';
  const broker = RabbitMqBroker.fromRabbitMqBrokerAttributes(stack, 'Broker', {
    brokerArn,
    amqpEndpoint,
    credentials: Secret.fromSecretCompleteArn(stack, 'Secret', secretArn),
    securityGroupId: 'sg-1234',
  });

  fn.addEventSource(new RabbitMqEventSource(broker, { queue: 'orders' }));
  broker.grantConnect(client(stack));

  expect(broker).toMatchObject({ brokerId: 'b-1234', brokerName: 'Orders' });
  expect(broker.environmentOf()).toEqual({
    BROKER_URI: amqpEndpoint,
    BROKER_SECRET_ARN: secretArn,
  });
  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: brokerArn,
    SourceAccessConfigurations: [
      { Type: 'BASIC_AUTH', URI: secretArn },
      { Type: 'VIRTUAL_HOST', URI: '/' },
    ],
  });
  template().resourcePropertiesCountIs(
    'AWS::EC2::SecurityGroupIngress',
    { GroupId: 'sg-1234', FromPort: 5671 },
    1,
  );
});

test('a broker that is publicly accessible has no security group here either', () => {
  const { stack, template } = fixtures();
  const broker = RabbitMqBroker.fromRabbitMqBrokerAttributes(stack, 'Broker', {
    brokerArn,
    amqpEndpoint: 'amqps://b-1234.mq.eu-west-1.on.aws:5671',
    credentials: Secret.fromSecretCompleteArn(stack, 'Secret', secretArn),
  });

  broker.grantConnect(client(stack));

  template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  template().hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 5671 })],
  });
});

test('what is not known of a broker is said', () => {
  const { stack } = fixtures();
  const broker = importedPair(stack);

  expect(() => broker.endpoints(BrokerProtocol.STOMP)).toThrow(
    'no addresses of STOMP are known of the broker Invoices/Broker: give them as endpoints.STOMP where it is imported',
  );
  expect(() => broker.secretOf('shop')).toThrow("the broker has no user 'shop'; it has invoices");
  expect(() => importedPair(new Stack(), { brokerArn: 'b-1234' })).toThrow(
    "brokerArn 'b-1234' is not the ARN of a broker, which is of the form arn:aws:mq:<region>:<account>:broker:<name>:<id>",
  );
});

test('the pair itself is used in another stack of its app just as well', () => {
  const app = new App();
  const orders = new Stack(app, 'Orders', { env });
  const vpc = new ec2.Vpc(orders, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b'] });
  const broker = new ActiveStandbyBroker(orders, 'Broker', { vpc, users: { invoices: {} } });
  const invoices = new Stack(app, 'Invoices', { env });
  const fn = client(invoices);
  fn.addEventSource(new ActiveMqEventSource(broker, { queue: 'orders', user: 'invoices' }));
  const environment = broker.environmentOf('invoices', BrokerProtocol.AMQP);
  for (const [name, value] of Object.entries(environment)) fn.addEnvironment(name, value);

  app.synth();
  Template.fromStack(invoices).hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        BROKER_URI: {
          'Fn::Join': ['', Match.arrayWith([Match.objectLike({ 'Fn::Select': Match.anyValue() })])],
        },
      },
    },
  });
});
