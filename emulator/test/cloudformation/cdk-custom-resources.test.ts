import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { SSM } from '@aws-sdk/client-ssm';
import { App, CfnOutput, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
  PhysicalResourceIdReference,
  Provider,
} from 'aws-cdk-lib/custom-resources';
import { Trigger, TriggerFunction } from 'aws-cdk-lib/triggers';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

jest.setTimeout(20_000);

let aws: Emulator<ManualClock>;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});

afterEach(() => aws.stop());

/** But for log groups that Lambda has made, as on AWS. */
function leaks(): string[] {
  return aws.leaks().filter((leak) => !leak.includes('/aws/lambda/'));
}

function node(text: string) {
  return { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(text) };
}

describe('AwsCustomResource', () => {
  const policy = AwsCustomResourcePolicy.fromSdkCalls({
    resources: AwsCustomResourcePolicy.ANY_RESOURCE,
  });

  test('reads a parameter, and writes one that it deletes again', async () => {
    const make = (value: string) => {
      const stack = new Stack(new App(), 'Calls');
      const source = new StringParameter(stack, 'Source', { stringValue: value });
      const read = new AwsCustomResource(stack, 'Read', {
        onUpdate: {
          service: 'SSM',
          action: 'getParameter',
          parameters: { Name: source.parameterName, Because: value === '' ? 1 : undefined },
          physicalResourceId: PhysicalResourceId.of('read'),
        },
        policy,
        installLatestAwsSdk: false,
      });
      read.node.addDependency(source);
      const written = { Name: '/written', Type: 'String', Value: value, Overwrite: true };
      new AwsCustomResource(stack, 'Write', {
        onUpdate: {
          service: '@aws-sdk/client-ssm',
          action: 'PutParameterCommand',
          parameters: written,
          physicalResourceId: PhysicalResourceId.of('/written'),
        },
        onDelete: {
          service: 'SSM',
          action: 'deleteParameter',
          parameters: { Name: '/written' },
        },
        policy,
        installLatestAwsSdk: false,
      });
      new CfnOutput(stack, 'Value', { value: read.getResponseField('Parameter.Value') });
      return stack;
    };
    const ssm = aws.client(SSM);
    const written = async () => (await ssm.getParameter({ Name: '/written' })).Parameter?.Value;
    const deployment = await aws.deploy(make('one'));
    expect(deployment.output('Value')).toBe('one');
    expect(await written()).toBe('one');
    const stack = make('two');
    await aws.deploy(stack);
    expect(await written()).toBe('two');
    await aws.destroy(stack);
    expect(leaks()).toEqual([]);
  });

  test('makes a queue, by whose URL it is known, and deletes it', async () => {
    const stack = new Stack(new App(), 'Calls');
    const made = new AwsCustomResource(stack, 'Make', {
      onCreate: {
        service: 'SQS',
        action: 'createQueue',
        parameters: { QueueName: 'made', Attributes: { DelaySeconds: '5' } },
        physicalResourceId: PhysicalResourceId.fromResponse('QueueUrl'),
      },
      onDelete: {
        service: 'SQS',
        action: 'deleteQueue',
        parameters: { QueueUrl: new PhysicalResourceIdReference() },
      },
      policy,
      installLatestAwsSdk: false,
    });
    new CfnOutput(stack, 'Url', { value: made.getResponseField('QueueUrl') });
    const deployment = await aws.deploy(stack);
    const sqs = aws.client(SQS);
    const QueueUrl = deployment.output('Url');
    const { Attributes: attributes } = await sqs.getQueueAttributes({
      QueueUrl,
      AttributeNames: ['DelaySeconds'],
    });
    expect(attributes).toEqual({ DelaySeconds: '5' });
    await aws.destroy(stack);
    expect(leaks()).toEqual([]);
  });

  test('fails with the error of the service', async () => {
    const stack = new Stack(new App(), 'Calls');
    new AwsCustomResource(stack, 'Read', {
      onCreate: {
        service: 'SSM',
        action: 'getParameter',
        parameters: { Name: '/nowhere' },
        physicalResourceId: PhysicalResourceId.of('read'),
      },
      policy,
      installLatestAwsSdk: false,
    });
    await expect(aws.deploy(stack)).rejects.toThrow(
      /ROLLBACK_COMPLETE[\s\S]*\(Custom::AWS\): Received response status \[FAILED\] from custom resource\. Message returned: .*ParameterNotFound|Parameter \/nowhere not found/,
    );
    await aws.destroy(stack);
    expect(leaks()).toEqual([]);
  });
});

describe('the Provider framework', () => {
  const onEvent = `
    exports.handler = async ({ RequestType, PhysicalResourceId, ResourceProperties }) => {
      console.log(RequestType, PhysicalResourceId, ResourceProperties.Name);
      if (ResourceProperties.Name === 'bad') throw new Error('bad name');
      return {
        PhysicalResourceId: 'thing-' + ResourceProperties.Name,
        Data: { Upper: ResourceProperties.Name.toUpperCase() },
      };
    };`;
  const make = (name: string) => {
    const stack = new Stack(new App(), 'Provided');
    const onEventHandler = new LambdaFunction(stack, 'OnEvent', node(onEvent));
    const provider = new Provider(stack, 'Provider', { onEventHandler });
    const thing = new CustomResource(stack, 'Thing', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::Thing',
      properties: { Name: name },
    });
    new CfnOutput(stack, 'Upper', { value: thing.getAttString('Upper') });
    return stack;
  };

  test('has its handler create, replace and delete', async () => {
    const created = await aws.deploy(make('a'));
    expect(created.output('Upper')).toBe('A');
    expect(created.physicalId('Thing')).toBe('thing-a');
    const stack = make('b');
    const updated = await aws.deploy(stack);
    expect(updated.output('Upper')).toBe('B');
    expect(updated.physicalId('Thing')).toBe('thing-b');
    await aws.destroy(stack);
    const logs = aws.client(CloudWatchLogs);
    const { logGroups = [] } = await logs.describeLogGroups({});
    const group = logGroups.find(({ logGroupName }) => logGroupName?.includes('OnEvent'));
    const { events = [] } = await logs.filterLogEvents({
      logGroupName: group?.logGroupName,
      filterPattern: 'INFO',
    });
    expect(events.map(({ message = '' }) => message.trim().split('\t').at(-1))).toEqual([
      'Create undefined a',
      'Update thing-a b',
      'Delete thing-a a',
      'Delete thing-b b',
    ]);
    expect(leaks()).toEqual([]);
  });

  test('fails with what its handler throws, and rolls back', async () => {
    await aws.deploy(make('a'));
    await expect(aws.deploy(make('bad'))).rejects.toThrow(
      /UPDATE_ROLLBACK_COMPLETE[\s\S]*Thing \(Custom::Thing\): Received response status \[FAILED\] from custom resource\. Message returned: bad name/,
    );
  });

  test('needs a state machine to wait with isComplete: refused by name', async () => {
    const stack = new Stack(new App(), 'Provided');
    const handler = new LambdaFunction(stack, 'OnEvent', node(onEvent));
    const provider = new Provider(stack, 'Provider', {
      onEventHandler: handler,
      isCompleteHandler: handler,
    });
    new CustomResource(stack, 'Thing', { serviceToken: provider.serviceToken });
    await expect(aws.deploy(stack)).rejects.toThrow(
      /resource type AWS::StepFunctions::StateMachine \(Providerwaiterstatemachine\w+\)/,
    );
  });
});

test('LogRetention makes a log group and sets how long it keeps its events', async () => {
  const make = (retention: RetentionDays) => {
    const stack = new Stack(new App(), 'Logs');
    new LogRetention(stack, 'Retention', {
      logGroupName: '/app/orders',
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return stack;
  };
  const retention = async () => {
    const { logGroups = [] } = await aws
      .client(CloudWatchLogs)
      .describeLogGroups({ logGroupNamePrefix: '/app/orders' });
    return logGroups.map(({ retentionInDays }) => retentionInDays);
  };
  await aws.deploy(make(RetentionDays.ONE_WEEK));
  expect(await retention()).toEqual([7]);
  const stack = make(RetentionDays.ONE_MONTH);
  await aws.deploy(stack);
  expect(await retention()).toEqual([30]);
  await aws.destroy(stack);
  expect(await retention()).toEqual([]);
  expect(leaks()).toEqual([]);
});

test('a Trigger runs its function after what it waits for, and again when the function changes', async () => {
  const make = (text: string) => {
    const stack = new Stack(new App(), 'Triggered');
    const queue = new Queue(stack, 'Queue', { queueName: 'seeds' });
    const seed = new TriggerFunction(stack, 'Seed', {
      ...node(`
        const { SQS } = require('@aws-sdk/client-sqs');
        exports.handler = async () => {
          await new SQS({}).sendMessage({ QueueUrl: process.env.QUEUE, MessageBody: '${text}' });
        };`),
      timeout: Duration.seconds(30),
      environment: { QUEUE: queue.queueUrl },
    });
    queue.grantSendMessages(seed);
    seed.executeAfter(queue);
    return stack;
  };
  const received = async () => {
    const sqs = aws.client(SQS);
    const { QueueUrl } = await sqs.getQueueUrl({ QueueName: 'seeds' });
    const { Messages: messages = [] } = await sqs.receiveMessage({
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    return messages.map(({ Body: body }) => body);
  };
  await aws.deploy(make('one'));
  expect(await received()).toEqual(['one']);
  const stack = make('two');
  await aws.deploy(stack);
  expect(await received()).toEqual(['two']);
  await aws.destroy(stack);
  expect(leaks()).toEqual([]);
});

test('a Trigger whose function fails fails the stack', async () => {
  const stack = new Stack(new App(), 'Triggered');
  const handler = new LambdaFunction(
    stack,
    'Check',
    node('exports.handler = async () => { throw new Error("not ready"); };'),
  );
  new Trigger(stack, 'Trigger', { handler });
  await expect(aws.deploy(stack)).rejects.toThrow(/\(Custom::Trigger\): .*not ready/);
});

test('references across regions are written to parameters and read from there', async () => {
  const make = (isUsed: boolean) => {
    const app = new App();
    const stackIn = (id: string, region: string) =>
      new Stack(app, id, {
        env: { account: '000000000000', region },
        crossRegionReferences: true,
      });
    const producer = stackIn('Producer', 'us-east-1');
    const consumer = stackIn('Consumer', 'eu-west-1');
    const queue = new Queue(producer, 'Queue', { queueName: 'orders' });
    new StringParameter(consumer, 'Parameter', {
      parameterName: '/queue',
      stringValue: isUsed ? queue.queueArn : 'none',
    });
    consumer.addStackDependency(producer);
    return app;
  };
  const ssm = aws.client(SSM, { region: 'eu-west-1' });
  const exported = async () => {
    const { Parameters: parameters = [] } = await ssm.getParametersByPath({
      Path: '/cdk/exports/Consumer',
      Recursive: true,
    });
    return parameters.map(({ Value: value }) => value);
  };
  await aws.deploy(make(true));
  const arn = 'arn:aws:sqs:us-east-1:000000000000:orders';
  expect(await exported()).toEqual([arn]);
  expect((await ssm.getParameter({ Name: '/queue' })).Parameter?.Value).toBe(arn);
  const app = make(false);
  await aws.deploy(app);
  expect(await exported()).toEqual([]);
  await aws.destroy(app);
  expect(leaks()).toEqual([]);
});

test('autoDeleteObjects empties a bucket, its versions included', async () => {
  const stack = new Stack(new App(), 'Emptied');
  const bucket = new Bucket(stack, 'Bucket', {
    bucketName: 'emptied',
    versioned: true,
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  new CfnOutput(stack, 'Name', { value: bucket.bucketName });
  await aws.deploy(stack);
  const s3 = aws.client(S3);
  await s3.putObject({ Bucket: 'emptied', Key: 'a', Body: '1' });
  await s3.putObject({ Bucket: 'emptied', Key: 'a', Body: '2' });
  await s3.deleteObject({ Bucket: 'emptied', Key: 'a' });
  await aws.destroy(stack);
  expect(leaks()).toEqual([]);
});
