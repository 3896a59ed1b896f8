import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { OrderBrokerStack } from '../../../bin/order-broker';
import { type BrokerLogin, close, connectToAny } from '../../../demo/broker/amqp-connection';
import { Shop } from '../../../demo/broker/shop';
import { Warehouse } from '../../../demo/broker/warehouse';

const ORDERS = 6_000;

let aws: Emulator;
let deployment: Deployment;

const storageDirectory = mkdtempSync(join(tmpdir(), 'order-broker-'));

async function start(): Promise<void> {
  aws = await Emulator.start({ clock: 'manual', storageDirectory });
  deployment = await aws.deploy(new OrderBrokerStack(new App(), 'OrderBroker'));
}

beforeAll(start);
afterAll(async () => {
  await aws.stop();
  rmSync(storageDirectory, { recursive: true });
});

async function loginOf(user: 'Shop' | 'Warehouse'): Promise<BrokerLogin> {
  const { SecretString = '' } = await aws
    .client(SecretsManagerClient)
    .send(new GetSecretValueCommand({ SecretId: deployment.output(`${user}SecretArn`) }));
  return {
    ...JSON.parse(SecretString),
    endpoints: deployment.output('FailoverUri').match(/amqps:[^,)]+/g) ?? [],
    ca: await readFile(await aws.certificateAuthorityFile(), 'utf8'),
  };
}

test('persistent orders survive the loss of the active member, and come to whoever may read them', async () => {
  const broker = aws.faults.broker();
  const before = broker.active;
  const ids = Array.from({ length: ORDERS }, (_, index) => `order-${index + 1}`);
  let interrupted: Promise<number> | undefined;
  const interrupt = async () => {
    await broker.kill();
    return broker.whenActive();
  };
  let settled: () => void = () => undefined;
  const allConfirmed = new Promise<void>((resolve) => {
    settled = resolve;
  });
  const shop = new Shop(await loginOf('Shop'), 'orders', () => {
    if (shop.confirmed.size === ORDERS / 2) interrupted = interrupt();
    if (shop.confirmed.size === ORDERS) settled();
  });
  for (const id of ids) shop.send(id, `the order ${id}`);
  await allConfirmed;
  expect(await interrupted).not.toBe(before);

  const login = await loginOf('Warehouse');
  const received = new Promise<void>((resolve) => {
    const warehouse = new Warehouse(login, 'orders', () => {
      if (warehouse.orders.size === ORDERS) resolve(warehouse.close());
    });
  });
  await received;
  await shop.close();
});

test('orders that nobody has taken are there when the emulator is started again', async () => {
  const shop = new Shop(await loginOf('Shop'), 'orders', () => taken());
  let taken: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    taken = resolve;
    shop.send('left', 'the order that is left');
  });
  await shop.close();
  await aws.stop();
  await start();
  const login = await loginOf('Warehouse');
  await new Promise<void>((resolve) => {
    const warehouse = new Warehouse(login, 'orders', () => resolve(warehouse.close()));
  });
});

test('who is of no group that may write cannot send, and a wrong password gets nobody in', async () => {
  const warehouse = await loginOf('Warehouse');
  const connection = connectToAny(warehouse);
  const refusal = await new Promise<string>((resolve) => {
    const sender = connection.open_sender({ target: { address: 'orders' } });
    sender.once('sendable', () => resolve('it was let in'));
    sender.once('sender_error', () => resolve(String(Object(sender.error).description)));
  });
  expect(refusal).toContain('not authorized to write to: queue://orders');
  await close(connection);

  const stranger = connectToAny({ ...warehouse, password: 'not the password' });
  await new Promise<void>((resolve) => {
    stranger.once('connection_error', () => resolve());
    stranger.once('disconnected', () => resolve());
  });
  expect(stranger.is_open()).toBe(false);
  await close(stranger);
});

test('its logs are kept for a month, and go nowhere else', async () => {
  const { logGroups = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/amazonmq/' }));

  expect(
    logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
  ).toEqual([
    [expect.stringMatching(/^\/aws\/amazonmq\/broker\/b-.*\/audit$/), 30],
    [expect.stringMatching(/^\/aws\/amazonmq\/broker\/b-.*\/general$/), 30],
  ]);
});
