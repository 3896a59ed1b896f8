import { Emulator } from '../../../src';
import { failoverTimings } from '../../../src/engines/activemq/settings';
import { credentialsOf, endpointsOf, pairStack } from './brokers';
import { overStomp } from './messaging';

let aws: Emulator;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', brokers: { failover: 'realistic' } });
});
afterEach(() => aws.stop());

/** The other one serves at the earliest when it has confirmed the lock once. */
const { keepAlivePeriod } = failoverTimings.realistic;

test('the realistic profile takes its time over a failover and over failing back', async () => {
  const deployment = await aws.deploy(pairStack());
  const open = async () =>
    overStomp(endpointsOf(deployment, 'Stomp'), await credentialsOf(aws), 'orders');
  const broker = aws.faults.broker();
  const failover = async () => {
    const start = performance.now();
    await broker.kill();
    const active = await broker.whenActive();
    return { active, milliseconds: performance.now() - start };
  };
  const producer = await open();
  await producer.send('before');
  const there = await failover();
  expect(there.active).toBe(2);
  await producer.send('in between');
  await producer.close();
  await broker.start();
  const back = await failover();
  expect(back.active).toBe(1);
  process.stdout.write(
    `realistic: ${[there, back].map(({ milliseconds }) => Math.round(milliseconds)).join(' and ')} ms\n`,
  );
  for (const { milliseconds } of [there, back])
    expect(milliseconds).toBeGreaterThanOrEqual(keepAlivePeriod);

  const consumer = await open();
  const received: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.consume(({ acknowledge, text }) => {
      received.push(text);
      acknowledge();
      if (received.length === 2) resolve();
    });
  });
  expect(received).toEqual(['before', 'in between']);
  await consumer.close();
});
