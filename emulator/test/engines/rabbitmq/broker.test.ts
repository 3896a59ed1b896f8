import { Mq } from '@aws-sdk/client-mq';
import { type Deployment, Emulator, type ManualClock } from '../../../src';
import { brokerStack, latestMaximum } from '../activemq/brokers';
import { openAmqp } from './amqp';
import { askManagement } from './management';

let aws: Emulator<ManualClock>;
let deployment: Deployment;

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(
    brokerStack({ engineType: 'RABBITMQ', engineVersion: '3.13', storageType: 'EBS' }),
  );
});
afterAll(() => aws.stop());

const open = (password?: string, username?: string) =>
  openAmqp(aws, deployment.output('Amqp'), password, username);

async function declare(queue: string): Promise<void> {
  const connection = await open();
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true });
  await connection.close();
}

async function reboot(): Promise<void> {
  await aws.client(Mq).rebootBroker({ BrokerId: deployment.output('Id') });
  await aws.clock.advance(5000);
}

test('what RabbitMQ has confirmed is there after it was rebooted, killed and started again', async () => {
  await declare('orders');
  await reboot();
  const connection = await open();
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  const confirmed = new Set<string>();
  const publish = (text: string) =>
    new Promise<void>((resolve) => {
      channel.sendToQueue('orders', Buffer.from(text), { persistent: true }, (error) => {
        if (!error) confirmed.add(text);
        resolve();
      });
    });
  const broker = aws.faults.broker();
  const sending = Array.from({ length: 3000 }, (_, index) => publish(`order ${index + 1}`));
  await sending[1500];
  await broker.kill();
  await broker.start();
  await Promise.all(sending);
  expect(confirmed.size).toBeGreaterThan(1500);

  const again = await open();
  const consumer = await again.createChannel();
  const received = new Set<string>();
  await new Promise<void>((resolve) => {
    void consumer.consume('orders', (message) => {
      if (!message) return;
      received.add(message.content.toString());
      consumer.ack(message);
      if ([...confirmed].every((text) => received.has(text))) resolve();
    });
  });
  await again.close();
});

test('a queue that was declared just before the node is killed is there when it starts again', async () => {
  await declare('returns');
  const broker = aws.faults.broker();
  await broker.kill();
  await broker.start();

  const connection = await open();
  const channel = await connection.createChannel();
  expect(await channel.checkQueue('returns')).toMatchObject({ messageCount: 0 });
  await connection.close();
});

test('metrics are published under the name of the broker, and of its node', async () => {
  await aws.clock.advance(60_000);
  const Broker = 'orders';
  expect(await latestMaximum(aws, 'RabbitMQMemUsed', { Broker })).toBeGreaterThan(0);
  expect(
    await latestMaximum(aws, 'RabbitMQDiskFree', { Broker, Node: 'rabbit@localhost' }),
  ).toBeGreaterThan(0);
});

test('turns a wrong password away', async () => {
  await expect(open('another password')).rejects.toThrow(/ACCESS.REFUSED|403/);
});

test('its console and management API are where Amazon MQ says, to manage users with', async () => {
  const call = (path: string, body?: object) =>
    askManagement(aws, deployment.output('Id'), body ? 'PUT' : 'GET', path, body);
  expect(await call('/')).toMatchObject({ status: 200, text: expect.stringContaining('<title>') });
  const password = 'another long password';
  expect(await call('/api/users/invoices', { password, tags: '' })).toMatchObject({ status: 201 });
  const everything = { configure: '.*', read: '.*', write: '.*' };
  await call('/api/permissions/%2F/invoices', everything);
  const connection = await open(password, 'invoices');
  await connection.close();
});
