import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import type { Options } from 'amqplib';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RabbitMqBroker, RabbitMqEventSource } from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { printedEvents, printingHandler } from '../function-log';
import { openConfirmChannel } from './administrator';

/** An event as AWS has them. */
interface Event {
  readonly rmqMessagesByQueue: Readonly<
    Record<string, ReadonlyArray<{ readonly data: string; readonly redelivered: boolean }>>
  >;
}

/** Milliseconds that Lambda waits for a batch to fill, and before it gives one back. */
const batchingWindow = 500;
const redelivery = 1000;

let aws: Emulator<ManualClock>;
let deployment: Deployment;

function parcels(): Stack {
  const stack = new Stack(new App(), 'Parcels');
  const broker = new RabbitMqBroker(stack, 'Broker', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    cluster: false,
  });
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(printingHandler),
    timeout: Duration.minutes(1),
  });
  fn.addEventSource(new RabbitMqEventSource(broker, { queue: 'parcels', batchSize: 20 }));
  new CfnOutput(stack, 'Name', { value: fn.functionName });
  new CfnOutput(stack, 'Endpoint', { value: broker.amqpEndpoint });
  new CfnOutput(stack, 'SecretArn', { value: broker.adminSecret.secretArn });
  return stack;
}

const open = () =>
  openConfirmChannel(aws, deployment.output('Endpoint'), deployment.output('SecretArn'));

/** Sends messages, and resolves when the broker has all of them. */
async function send(texts: readonly string[], options: Options.Publish = {}): Promise<void> {
  const { channel, connection } = await open();
  for (const text of texts)
    channel.sendToQueue('parcels', Buffer.from(text), { persistent: true, ...options });
  await channel.waitForConfirms();
  await connection.close();
}

const events = () => printedEvents<Event>(aws, deployment.output('Name'));

async function batches(): Promise<string[][]> {
  return (await events()).map(({ rmqMessagesByQueue }) =>
    Object.values(rmqMessagesByQueue)
      .flat()
      .map(({ data }) => Buffer.from(data, 'base64').toString()),
  );
}

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(parcels());
  // The mapping is older than its queue: Lambda looks for it again and again.
  const { channel, connection } = await open();
  // A quorum queue, which is the default, gives back and recovers in its own time.
  const classic = { 'x-queue-type': 'classic' };
  await channel.assertQueue('parcels', { durable: true, arguments: classic });
  await connection.close();
});
afterAll(() => aws.stop());

test('a function gets the event that AWS gives', async () => {
  await send(['the parcel'], {
    persistent: false,
    contentType: 'text/plain',
    headers: { header1: 'value1', numberInHeader: 10 },
    priority: 34,
    expiration: '60000',
    timestamp: 2021,
  });
  await aws.clock.advance(batchingWindow);

  expect(await events()).toEqual([
    {
      eventSource: 'aws:rmq',
      eventSourceArn: expect.stringMatching(/^arn:aws:mq:us-east-1:000000000000:broker:.*:b-/),
      rmqMessagesByQueue: {
        'parcels::/': [
          {
            basicProperties: {
              contentType: 'text/plain',
              contentEncoding: null,
              headers: { header1: { bytes: [118, 97, 108, 117, 101, 49] }, numberInHeader: 10 },
              deliveryMode: 1,
              priority: 34,
              correlationId: null,
              replyTo: null,
              expiration: '60000',
              messageId: null,
              timestamp: 'Jan 1, 1970, 12:33:41 AM',
              type: null,
              userId: null,
              appId: null,
              clusterId: null,
              bodySize: 10,
            },
            redelivered: false,
            data: Buffer.from('the parcel').toString('base64'),
          },
        ],
      },
    },
  ]);
});

test('messages are processed once each and in order, a batch at a time', async () => {
  const texts = Array.from({ length: 50 }, (_, index) => `parcel ${index + 1}`);
  await send(texts);
  await aws.clock.advance(2 * batchingWindow);

  const seen = (await batches()).filter((batch) => batch[0]?.startsWith('parcel'));
  expect(seen.map((batch) => batch.length)).toEqual([20, 20, 10]);
  expect(seen.flat()).toEqual(texts);
});

test('a batch that fails goes back to the queue, and comes again until it succeeds or expires', async () => {
  await send(['fail'], { expiration: '3600000' });
  await aws.clock.advance(batchingWindow);
  const tries = async () =>
    (await events()).flatMap(({ rmqMessagesByQueue }) =>
      Object.values(rmqMessagesByQueue)
        .flat()
        .filter(({ data }) => Buffer.from(data, 'base64').toString() === 'fail')
        .map(({ redelivered }) => redelivered),
    );
  expect(await tries()).toEqual([false]);

  await aws.clock.advance(10 * (redelivery + batchingWindow));
  const redelivered = (await tries()).slice(1);
  expect(redelivered).toHaveLength(10);
  expect(new Set(redelivered)).toEqual(new Set([true]));
  const { channel, connection } = await open();
  const { EventSourceMappings: [mapping] = [] } = await aws
    .client(Lambda)
    .listEventSourceMappings({ FunctionName: deployment.output('Name') });
  expect(mapping?.LastProcessingResult).toBe('PROBLEM: Function call failed');
  // With the mapping disabled the message is the queue's again.
  await aws.client(Lambda).updateEventSourceMapping({ UUID: mapping?.UUID, Enabled: false });
  await aws.clock.settle();
  expect(await channel.purgeQueue('parcels')).toEqual({ messageCount: 1 });
  await aws.client(Lambda).updateEventSourceMapping({ UUID: mapping?.UUID, Enabled: true });
  await connection.close();
});

test('a broker that is killed and started again loses no message that it had confirmed', async () => {
  const broker = aws.faults.broker();
  const texts = Array.from({ length: 60 }, (_, index) => `slow ${index + 1}`);
  await send(texts);
  await aws.clock.advance(1000);
  await broker.kill();
  await broker.start();
  await aws.clock.advance(Duration.seconds(30));

  const seen = (await batches()).flat().filter((text) => text.startsWith('slow'));
  expect(new Set(seen)).toEqual(new Set(texts));
  // The batch that was in hand comes again.
  expect(seen).toHaveLength(texts.length + 20);
});

test('a role that may not find the broker, or reach it, is refused', async () => {
  const lambdas = aws.client(Lambda);
  const iam = aws.client(IAM);
  const FunctionName = deployment.output('Name');
  const { Role = '' } = await lambdas.getFunctionConfiguration({ FunctionName });
  const RoleName = Role.slice(Role.lastIndexOf('/') + 1);
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  const { EventSourceMappings: [mapping] = [] } = await lambdas.listEventSourceMappings({
    FunctionName,
  });
  const update = () => lambdas.updateEventSourceMapping({ UUID: mapping?.UUID, BatchSize: 10 });
  const allow = (...actions: string[]) =>
    iam.putRolePolicy({
      RoleName,
      PolicyName: 'rights',
      PolicyDocument: JSON.stringify({
        Statement: { Effect: 'Allow', Action: actions, Resource: '*' },
      }),
    });
  for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });

  await expect(update()).rejects.toThrow('permissions to call DescribeBroker on MQ');
  await allow('mq:DescribeBroker');
  await expect(update()).rejects.toThrow('permissions to call GetSecretValue on SECRETSMANAGER');
  await allow('mq:DescribeBroker', 'secretsmanager:GetSecretValue');
  await expect(update()).rejects.toThrow('permissions to call CreateNetworkInterface on EC2');
});
