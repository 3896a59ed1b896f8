import { readFile } from 'node:fs/promises';
import { Lambda } from '@aws-sdk/client-lambda';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ActiveMqConfiguration,
  ActiveMqEventSource,
  ActiveStandbyBroker,
  Authorization,
  BrokerProtocol,
} from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { message as amqp, type Message } from 'rhea';
import { type BrokerLogin, close, connectToAny } from '../../../demo/broker/amqp-connection';
import { printedEvents, printingHandler } from '../function-log';

/** An event as AWS has them. */
interface Event {
  readonly messages: ReadonlyArray<{
    readonly messageID: string;
    readonly data: string;
    readonly redelivered: boolean;
  }>;
}

/** Milliseconds that Lambda waits for a batch to fill, and before it tries one again. */
const batchingWindow = 500;
const redelivery = 1000;

let aws: Emulator<ManualClock>;
let deployment: Deployment;

function printing(stack: Stack, name: string): lambda.Function {
  const fn = new lambda.Function(stack, name, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(printingHandler),
    timeout: Duration.minutes(1),
  });
  new CfnOutput(stack, `${name}Function`, { value: fn.functionName });
  return fn;
}

function orders(): Stack {
  const stack = new Stack(new App(), 'Orders');
  const broker = new ActiveStandbyBroker(stack, 'Broker', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    users: { shop: { groups: ['shops'] }, invoices: { groups: ['invoices'] } },
    configuration: ActiveMqConfiguration.of({
      queues: ['orders', 'filtered', 'parcels'],
      authorization: [
        Authorization.queue('>', { write: ['shops'], read: ['invoices'] }),
        Authorization.queue('ActiveMQ.DLQ', { read: ['shops'], admin: ['shops', 'invoices'] }),
      ],
    }),
  });
  for (const [name, queue] of [
    ['Invoices', 'orders'],
    ['Filtered', 'filtered'],
  ] as const) {
    const fn = printing(stack, name);
    fn.addEventSource(new ActiveMqEventSource(broker, { queue, user: 'invoices', batchSize: 50 }));
  }
  new CfnOutput(stack, 'Endpoints', { value: broker.endpoints(BrokerProtocol.AMQP).join(',') });
  new CfnOutput(stack, 'BrokerArn', { value: broker.brokerArn });
  new CfnOutput(stack, 'SecurityGroupId', { value: broker.securityGroup.securityGroupId });
  new CfnOutput(stack, 'ShopSecretArn', { value: broker.secretOf('shop').secretArn });
  new CfnOutput(stack, 'InvoicesSecretArn', { value: broker.secretOf('invoices').secretArn });
  return stack;
}

async function login(): Promise<BrokerLogin> {
  const { SecretString = '' } = await aws
    .client(SecretsManager)
    .getSecretValue({ SecretId: deployment.output('ShopSecretArn') });
  return {
    ...JSON.parse(SecretString),
    endpoints: deployment.output('Endpoints').split(','),
    ca: await readFile(await aws.certificateAuthorityFile(), 'utf8'),
  };
}

/** Sends messages, and resolves when the broker has all of them. */
async function send(queue: string, messages: readonly Message[]): Promise<void> {
  const shop = connectToAny(await login());
  const sender = shop.open_sender({ target: { address: queue } });
  let next = 0;
  let confirmed = 0;
  await new Promise<void>((resolve) => {
    sender.on('sendable', () => {
      for (let message = messages[next]; message && sender.sendable(); message = messages[++next])
        sender.send(message);
    });
    sender.on('accepted', () => {
      confirmed++;
      if (confirmed === messages.length) resolve();
    });
  });
  await close(shop);
}

const texts = (prefix: string, count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({
    body: `${prefix} ${index + 1}`,
    message_id: `${prefix}-${index + 1}`,
    durable: true,
  }));

async function events(name = 'Invoices', of = deployment): Promise<readonly Event[]> {
  return printedEvents<Event>(aws, of.output(`${name}Function`));
}

async function received(prefix: string): Promise<string[]> {
  return (await events())
    .flatMap(({ messages }) => messages.map(({ messageID }) => messageID))
    .filter((id) => id.startsWith(`${prefix}-`));
}

async function mapping() {
  const { EventSourceMappings: [found] = [] } = await aws
    .client(Lambda)
    .listEventSourceMappings({ FunctionName: deployment.output('InvoicesFunction') });
  return found;
}

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(orders());
});
afterAll(() => aws.stop());

test('a function gets texts and bytes in the event that AWS gives', async () => {
  await send('orders', [
    {
      body: 'ABC:AAAA',
      message_id: 'ID:shop-1',
      correlation_id: 'order-1',
      subject: 'order',
      reply_to: 'queue://answers',
      durable: true,
      priority: 7,
      application_properties: { index: 1, doAlarm: false, myCustomProperty: 'value' },
    },
    { body: amqp.data_section(Buffer.from([1, 2, 255])), message_id: 'ID:shop-2' },
  ]);
  await aws.clock.advance(batchingWindow);

  const anyTime = expect.any(Number);
  expect(await events()).toEqual([
    {
      eventSource: 'aws:mq',
      eventSourceArn: expect.stringMatching(/^arn:aws:mq:us-east-1:000000000000:broker:.*:b-/),
      messages: [
        {
          messageID: 'ID:shop-1',
          messageType: 'jms/text-message',
          timestamp: 0,
          deliveryMode: 2,
          correlationID: 'order-1',
          replyTo: 'queue://answers',
          destination: { physicalName: 'orders' },
          redelivered: false,
          type: 'order',
          expiration: 0,
          priority: 7,
          data: Buffer.from('ABC:AAAA').toString('base64'),
          brokerInTime: anyTime,
          brokerOutTime: anyTime,
          properties: { index: '1', doAlarm: 'false', myCustomProperty: 'value' },
        },
        expect.objectContaining({
          messageID: 'ID:shop-2',
          messageType: 'jms/bytes-message',
          deliveryMode: 1,
          correlationID: null,
          replyTo: 'null',
          priority: 4,
          data: 'AQL/',
          properties: {},
        }),
      ],
    },
  ]);
  expect(await mapping()).toMatchObject({ State: 'Enabled', LastProcessingResult: 'OK' });
});

test('messages are processed once each, in batches', async () => {
  await send('orders', texts('once', 230));
  await aws.clock.advance(batchingWindow);

  expect((await received('once')).sort()).toEqual(
    texts('once', 230)
      .map(({ message_id }) => message_id)
      .sort(),
  );
  const sizes = (await events()).map(({ messages }) => messages.length);
  expect(Math.max(...sizes)).toBe(50);
});

test('a batch that fails is tried again as a whole a second later, six times in all, and is dead letters then', async () => {
  await send('orders', [...texts('fail', 1), ...texts('victim', 1)]);
  await aws.clock.advance(batchingWindow);
  const tries = async () =>
    (await events()).filter(({ messages }) => messages[0]?.messageID === 'fail-1');
  expect(await tries()).toHaveLength(1);
  expect(await mapping()).toMatchObject({ LastProcessingResult: 'PROBLEM: Function call failed' });

  await aws.clock.advance(redelivery);
  const [first, second] = await tries();
  expect(first?.messages.map(({ redelivered }) => redelivered)).toEqual([false, false]);
  expect(second?.messages.map(({ redelivered }) => redelivered)).toEqual([true, true]);

  await aws.clock.advance(60 * redelivery);
  expect(await tries()).toHaveLength(7);
  const shop = connectToAny(await login());
  const dead = shop.open_receiver('ActiveMQ.DLQ');
  const ids: unknown[] = [];
  await new Promise<void>((resolve) => {
    dead.on('message', ({ message }) => {
      ids.push(message?.message_id);
      if (ids.length === 2) resolve();
    });
  });
  await close(shop);
  expect(ids.sort()).toEqual(['fail-1', 'victim-1']);
});

test('no message is lost when the active member dies while they are processed', async () => {
  const broker = aws.faults.broker();
  const before = broker.active;
  await send('orders', texts('slow', 400));
  await aws.clock.advance(Duration.seconds(1));
  const inHand = await received('slow');
  expect(inHand).toHaveLength(250);
  await broker.kill();
  await broker.whenActive();
  await send('orders', texts('later', 100));
  await aws.clock.advance(Duration.seconds(30));

  expect(broker.active).not.toBe(before);
  const all = await received('slow');
  expect(new Set(all).size).toBe(400);
  // What had not been acknowledged comes again.
  expect(all).toHaveLength(400 + inHand.length);
  expect(await received('later')).toHaveLength(100);
});

test('a mapping that is disabled lets the function finish, and leaves the rest to the broker', async () => {
  const client = aws.client(Lambda);
  const { UUID } = (await mapping()) ?? {};
  await send('orders', [...texts('slow-last', 250), ...texts('rest', 30)]);
  await aws.clock.advance(Duration.seconds(1));
  await client.updateEventSourceMapping({ UUID, Enabled: false });
  await aws.clock.advance(Duration.seconds(10));
  expect(await received('slow-last')).toHaveLength(250);
  expect(await received('rest')).toEqual([]);

  await client.updateEventSourceMapping({ UUID, Enabled: true });
  await aws.clock.advance(Duration.seconds(1));
  expect(await received('slow-last')).toHaveLength(250);
  expect(await received('rest')).toHaveLength(30);
});

test('a filter looks at the data, and what it does not want is never seen', async () => {
  const { EventSourceMappings: [found] = [] } = await aws
    .client(Lambda)
    .listEventSourceMappings({ FunctionName: deployment.output('FilteredFunction') });
  await aws.client(Lambda).updateEventSourceMapping({
    UUID: found?.UUID,
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { zone: ['EU'] } }) }] },
  });
  await send(
    'filtered',
    ['EU', 'US'].map((zone) => ({ body: JSON.stringify({ zone }), message_id: zone })),
  );
  await aws.clock.advance(batchingWindow);

  const seen = (await events('Filtered')).flatMap(({ messages }) => messages);
  expect(seen.map(({ messageID }) => messageID)).toEqual(['EU']);
});

test('a function of another app is given messages of the pair that it imports', async () => {
  const stack = new Stack(new App(), 'Parcels');
  const broker = ActiveStandbyBroker.fromActiveStandbyBrokerAttributes(stack, 'Broker', {
    brokerArn: deployment.output('BrokerArn'),
    endpoints: {},
    secrets: {
      invoices: Secret.fromSecretCompleteArn(
        stack,
        'Secret',
        deployment.output('InvoicesSecretArn'),
      ),
    },
    securityGroupId: deployment.output('SecurityGroupId'),
  });
  printing(stack, 'Parcels').addEventSource(
    new ActiveMqEventSource(broker, { queue: 'parcels', user: 'invoices' }),
  );
  const parcels = await aws.deploy(stack);

  await send('parcels', texts('parcel', 3));
  await aws.clock.advance(batchingWindow);

  const seen = (await events('Parcels', parcels)).flatMap(({ messages }) => messages);
  expect(seen.map(({ messageID }) => messageID)).toEqual(['parcel-1', 'parcel-2', 'parcel-3']);
});

test('a mapping whose secret is wrong stops and says why, and goes on when it is right again', async () => {
  const { UUID } = (await mapping()) ?? {};
  const client = aws.client(Lambda);
  const secrets = aws.client(SecretsManager);
  const SecretId = deployment.output('InvoicesSecretArn');
  const { SecretString } = await secrets.getSecretValue({ SecretId });
  await secrets.putSecretValue({
    SecretId,
    SecretString: JSON.stringify({ username: 'invoices', password: 'not the password' }),
  });
  await client.updateEventSourceMapping({ UUID, BatchSize: 20 });
  await aws.clock.settle();
  expect(await client.getEventSourceMapping({ UUID })).toMatchObject({
    State: 'Disabled',
    StateTransitionReason: 'EVENT_SOURCE_AUTHN_ERROR',
    LastProcessingResult: expect.stringMatching(/^PROBLEM: /),
  });

  await send('orders', texts('afterwards', 3));
  await secrets.putSecretValue({ SecretId, SecretString });
  await client.updateEventSourceMapping({ UUID, Enabled: true });
  await aws.clock.advance(batchingWindow);
  expect(await received('afterwards')).toHaveLength(3);
  expect(await mapping()).toMatchObject({
    State: 'Enabled',
    StateTransitionReason: 'USER_INITIATED',
    LastProcessingResult: 'OK',
  });
});
