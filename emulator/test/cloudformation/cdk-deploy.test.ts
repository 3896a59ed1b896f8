import { readFile } from 'node:fs/promises';
import {
  App,
  Aws,
  CfnOutput,
  CfnParameter,
  Duration,
  NestedStack,
  Stack,
  Stage,
  Tags,
} from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  type AssetPublication,
  type CdkDeployment,
  type CdkDeployOptions,
  type CdkTarget,
  deployCdk,
  destroyCdk,
} from '../../src/cloudformation';
import { networksOnly } from '../support/ec2-service';
import { serviceEnvironment } from '../support/service-environment';
import { account, engine, FakeProvider, region } from './harness';

const emulatedElsewhere = [
  'AWS::CloudWatch::Alarm',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBSubnetGroup',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
];

function deployment() {
  const published: AssetPublication[] = [];
  const bootstrapped: string[] = [];
  const fakes = emulatedElsewhere.map(
    (type) =>
      new FakeProvider(type, ({ logicalId }) => ({
        Arn: `arn:aws:fake:::${logicalId}`,
        'Endpoint.Address': '127.0.0.1',
        'Endpoint.Port': '54321',
      })),
  );
  const clock = engine();
  const networks = networksOnly(serviceEnvironment()).resourceProviders;
  const setup = engine({
    providers: [clock.queues, clock.parameters, clock.roles, ...fakes, ...networks],
    resolveSecret: async () => JSON.stringify({ username: 'postgres', password: 'secret' }),
    resolveSsmParameter: async ({ name }) =>
      name === '/cdk-bootstrap/hnb659fds/version' ? '30' : undefined,
    fetchTemplate: async ({ url }) => {
      const key = url.slice(url.lastIndexOf('/') + 1);
      const asset = published.find((one) => one.key === key);
      if (!asset) throw new Error(`no template at ${url}`);
      return readFile(asset.path, 'utf8');
    },
  });
  const context: CdkDeployment = {
    clock: setup.clock,
    cloudFormation: setup.cloudFormation,
    publishAsset: async (asset) => {
      published.push(asset);
    },
    bootstrap: (account, region) => {
      bootstrapped.push(`${account}/${region}`);
    },
    account,
    region,
    origin: 'http://127.0.0.1:4566',
  };
  const find = (type: string) => fakes.find((fake) => fake.type === type);
  return {
    ...setup,
    queues: clock.queues,
    parameters: clock.parameters,
    published,
    bootstrapped,
    find,
    deploy: (target: CdkTarget, options?: CdkDeployOptions) => deployCdk(target, context, options),
    destroy: (target: CdkTarget) => destroyCdk(target, context),
  };
}

describe('deploying a CDK app', () => {
  test('a stack with a network, a database, functions, queues, topics and alarms', async () => {
    const stack = new Stack(new App(), 'Everything');
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false });
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const queue = new sqs.Queue(stack, 'Queue', { enforceSSL: true });
    const fn = new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.NODEJS_LATEST,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {}'),
      vpc,
    });
    fn.addEventSource(new SqsEventSource(queue));
    const cluster = new rds.DatabaseCluster(stack, 'Database', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({
        version: rds.AuroraPostgresEngineVersion.VER_16_4,
      }),
      writer: rds.ClusterInstance.serverlessV2('writer'),
      vpc,
    });
    cluster.connections.allowDefaultPortFrom(fn);
    const topic = new sns.Topic(stack, 'Topic');
    topic.addSubscription(new subscriptions.SqsSubscription(queue));
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
        resources: [topic.topicArn],
      }),
    );
    new cloudwatch.Alarm(stack, 'Alarm', {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new CfnOutput(stack, 'Url', { value: queue.queueUrl });

    const { deploy, destroy, find, bootstrapped, cloudFormation } = deployment();
    const [deployed] = await deploy(stack);
    expect(deployed?.status).toBe('CREATE_COMPLETE');
    expect(deployed?.output('Url')).toContain('Queue');
    expect(bootstrapped).toEqual(['000000000000/us-east-1']);
    const ingress = deployed
      ?.resources()
      .find(({ type }) => type === 'AWS::EC2::SecurityGroupIngress');
    expect(ingress?.request?.properties.FromPort).toBe('54321');
    const properties = find('AWS::RDS::DBCluster')?.created[0]?.properties;
    expect(properties).toMatchObject({ MasterUsername: 'postgres', MasterUserPassword: 'secret' });
    expect(deployed?.levels()).toContainEqual({
      type: 'AWS::EC2::Subnet',
      level: 'recorded',
      count: 4,
    });
    await destroy(stack);
    expect(cloudFormation.stacks()).toEqual([]);
  });

  test('stacks that depend on each other go in order, and are destroyed in reverse', async () => {
    const app = new App();
    const producer = new Stack(app, 'Producer');
    const queue = new sqs.Queue(producer, 'Queue');
    const consumer = new Stack(app, 'Consumer');
    new ssm.StringParameter(consumer, 'Parameter', { stringValue: queue.queueArn });
    const { deploy, destroy, parameters, cloudFormation } = deployment();
    const stacks = await deploy(consumer);
    expect(stacks.map(({ name }) => name)).toEqual(['Producer', 'Consumer']);
    expect(parameters.created[0]?.properties.Value).toMatch(/^arn:aws:sqs:us-east-1:/);
    await expect(cloudFormation.deleteStack('Producer', account, region)).rejects.toThrow(
      /^Delete canceled. Cannot delete export .* as it is in use by Consumer\.$/,
    );
    await destroy(producer);
    expect(cloudFormation.stacks()).toEqual([]);
  });

  test('a second deployment leaves an unchanged stack alone and updates a changed one', async () => {
    const { deploy, queues } = deployment();
    const make = (delay: number) => {
      const stack = new Stack(new App(), 'Same');
      new sqs.Queue(stack, 'Queue', { deliveryDelay: Duration.seconds(delay) });
      return stack;
    };
    const [first] = await deploy(make(1));
    const [second] = await deploy(make(1));
    expect(second).toBe(first);
    expect(second?.status).toBe('CREATE_COMPLETE');
    const [third] = await deploy(make(2));
    expect(third).toBe(first);
    expect(third?.status).toBe('UPDATE_COMPLETE');
    expect(queues.updated[0]?.properties).toEqual({ DelaySeconds: 2 });
  });

  test('assets are published before the stack that needs them', async () => {
    const stack = new Stack(new App(), 'Assets');
    const asset = new assets.Asset(stack, 'Asset', { path: __dirname });
    new CfnOutput(stack, 'Bucket', { value: asset.s3BucketName });
    new sqs.Queue(stack, 'Queue');
    const { deploy, published } = deployment();
    const [deployed] = await deploy(stack);
    expect(published).toContainEqual(
      expect.objectContaining({
        bucket: 'cdk-hnb659fds-assets-000000000000-us-east-1',
        key: asset.s3ObjectKey,
        packaging: 'zip',
      }),
    );
    expect(deployed?.output('Bucket')).toBe('cdk-hnb659fds-assets-000000000000-us-east-1');
  });

  test('a nested stack takes parameters and gives outputs', async () => {
    const stack = new Stack(new App(), 'Parent');
    const queue = new sqs.Queue(stack, 'Queue');
    const nested = new NestedStack(stack, 'Nested');
    const inner = new sqs.Queue(nested, 'Inner', { queueName: `inner-${Aws.REGION}` });
    new ssm.StringParameter(nested, 'Parameter', { stringValue: queue.queueArn });
    new CfnOutput(stack, 'InnerArn', { value: inner.queueArn });
    const { deploy, destroy, cloudFormation, queues } = deployment();
    const [deployed] = await deploy(stack);
    expect(deployed?.output('InnerArn')).toMatch(/Inner/);
    const child = cloudFormation.stacks().find(({ identity }) => identity.parentId !== undefined);
    expect(child?.name).toMatch(/^Parent-NestedNestedStack.*-[A-Z0-9]{12}$/);
    await destroy(stack);
    expect(cloudFormation.stacks()).toEqual([]);
    expect(queues.deleted).toHaveLength(2);
  });

  test('a concrete environment and a stage', async () => {
    const stage = new Stage(new App(), 'Prod', {
      env: { account: '111111111111', region: 'eu-west-1' },
    });
    const stack = new Stack(stage, 'Service');
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, restrictDefaultSecurityGroup: false });
    new CfnOutput(stack, 'VpcArn', { value: vpc.vpcArn });
    Tags.of(stack).add('team', 'orders');
    const { deploy, bootstrapped } = deployment();
    const [deployed] = await deploy(stage);
    expect(deployed?.name).toBe('Prod-Service');
    expect(deployed?.output('VpcArn')).toMatch(
      /^arn:aws:ec2:eu-west-1:111111111111:vpc\/vpc-[0-9a-f]{17}$/,
    );
    expect(deployed?.identity.tags).toEqual({ team: 'orders' });
    expect(bootstrapped).toEqual(['111111111111/eu-west-1']);
  });

  test('parameters are given by name or by stack and name', async () => {
    const app = new App();
    const stack = new Stack(app, 'Parametric');
    new sqs.Queue(stack, 'Queue');
    const one = new CfnParameter(stack, 'One');
    const two = new CfnParameter(stack, 'Two');
    new CfnOutput(stack, 'Both', { value: `${one.valueAsString}+${two.valueAsString}` });
    const { deploy } = deployment();
    const [deployed] = await deploy(app, {
      parameters: { One: '1', 'Parametric:Two': '2', 'Other:Two': '3' },
    });
    expect(deployed?.output('Both')).toBe('1+2');
  });
});
