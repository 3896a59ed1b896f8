import { readFile } from 'node:fs/promises';
import { connect } from 'amqplib';
import { type Deployment, Emulator } from '../../../src';
import { brokerStack } from '../activemq/brokers';

let aws: Emulator;
let deployment: Deployment;

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(
    brokerStack({ engineType: 'RABBITMQ', engineVersion: '3.13', storageType: 'EBS' }),
  );
});
afterAll(() => aws.stop());

async function open(password = 'a long password') {
  const { hostname, port } = new URL(deployment.output('Amqp'));
  const ca = [await readFile(await aws.certificateAuthorityFile())];
  return connect(
    { protocol: 'amqps', hostname, port: Number(port), username: 'shop', password },
    { ca },
  );
}

test('what RabbitMQ has confirmed is there after it was killed and started again', async () => {
  const connection = await open();
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  await channel.assertQueue('orders', { durable: true });
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

test('turns a wrong password away', async () => {
  await expect(open('another password')).rejects.toThrow(/ACCESS.REFUSED|403/);
});
