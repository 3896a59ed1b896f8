import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from '../../../src';
import { credentialsOf, endpointsOf, pairStack } from './brokers';
import { overStomp } from './messaging';

let storageDirectory: string;
let aws: Emulator;

beforeEach(() => {
  storageDirectory = mkdtempSync(join(tmpdir(), 'broker-storage-'));
});
afterEach(async () => {
  await aws.stop();
  rmSync(storageDirectory, { recursive: true });
});

async function open() {
  const deployment = await aws.deploy(pairStack());
  return overStomp(endpointsOf(deployment, 'Stomp'), await credentialsOf(aws), 'orders');
}

test('messages are there for an emulator that is started later, until the broker is deleted', async () => {
  aws = await Emulator.start({ clock: 'manual', storageDirectory });
  const before = await open();
  await before.send('order 1');
  await before.close();
  await aws.stop();

  aws = await Emulator.start({ clock: 'manual', storageDirectory });
  const after = await open();
  const received = await new Promise<string>((resolve) => {
    void after.consume(({ text }) => resolve(text));
  });
  expect(received).toBe('order 1');
  await after.close();
  await aws.destroy(pairStack());
  expect(aws.leaks()).toEqual([]);
});

test('a broker serves again after its zone, its storage or its network was lost', async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const messaging = await open();
  const broker = aws.faults.broker();
  const received = new Set<string>();
  const allReceived = new Promise<void>((resolve) => {
    void messaging.consume(({ acknowledge, text }) => {
      received.add(text);
      acknowledge();
      if (received.size === 4) resolve();
    });
  });
  await messaging.send('before');
  expect(broker.active).toBe(1);

  await broker.loseZone('us-east-1a');
  expect(await broker.whenActive()).toBe(2);
  await broker.start();
  expect(broker.active).toBe(2);
  await messaging.send('without a zone');
  await broker.restoreZone('us-east-1a');

  await broker.loseStorage();
  expect(broker.active).toBeUndefined();
  await expect(broker.whenActive()).rejects.toThrow('no member of broker orders runs');
  await broker.restoreStorage();
  expect(await broker.whenActive()).toBe(1);
  await messaging.send('without storage');

  await broker.cutNetwork();
  const sending = messaging.send('without a network');
  await broker.restoreNetwork();
  await sending;
  await allReceived;
  await messaging.close();
});
