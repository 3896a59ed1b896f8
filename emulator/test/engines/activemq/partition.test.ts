import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { type BrokerFaults, type Deployment, Emulator, type ManualClock } from '../../../src';
import { credentialsOf, endpointsOf, pairStack } from './brokers';
import { type Messaging, overStomp } from './messaging';

let aws: Emulator<ManualClock>;
let deployment: Deployment;
let broker: BrokerFaults;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(pairStack());
  broker = aws.faults.broker();
});
afterEach(() => aws.stop());

/** A client that tries the members from this one on. */
async function clientOf(member: 1 | 2): Promise<Messaging> {
  const endpoints = endpointsOf(deployment, 'Stomp');
  if (member === 2) endpoints.reverse();
  return overStomp(endpoints, await credentialsOf(aws), 'orders');
}

/** How many minutes of a member CloudWatch knows. */
async function minutesOf(member: number): Promise<number | undefined> {
  const { Datapoints } = await aws.client(CloudWatch).getMetricStatistics({
    Namespace: 'AWS/AmazonMQ',
    MetricName: 'HeapUsage',
    Dimensions: [{ Name: 'Broker', Value: `orders-${member}` }],
    StartTime: new Date(aws.clock.now() - 3_600_000),
    EndTime: new Date(aws.clock.now() + 60_000),
    Period: 60,
    Statistics: ['Maximum'],
  });
  return Datapoints?.length;
}

test('a member that only its clients cannot reach stays the active one, and publishes nothing meanwhile', async () => {
  const client = await clientOf(1);
  await client.send('before');
  await aws.clock.advance(60_000);
  await broker.cutNetwork();
  const sending = client.send('into the cut');
  await aws.clock.advance(120_000);
  expect([broker.active, await minutesOf(1), await minutesOf(2)]).toEqual([1, 1, 3]);
  await broker.restoreNetwork();
  await sending;
  await aws.clock.advance(60_000);
  expect([broker.active, await minutesOf(1)]).toEqual([1, 2]);
  await client.close();
});

test('of a member that nothing reaches the other takes over, and it comes back as the standby', async () => {
  const cutOff = await clientOf(1);
  await cutOff.send('before');
  await broker.isolate();
  const sending = cutOff.send('into the cut');
  expect(await broker.whenActive()).toBe(2);
  const other = await clientOf(2);
  await other.send('around the cut');
  expect(broker.processIds).toHaveLength(2);

  await broker.restoreNetwork();
  await sending;
  expect(broker.active).toBe(2);
  await broker.kill();
  expect(await broker.whenActive()).toBe(1);

  const consumer = await clientOf(1);
  const received = new Set<string>();
  await new Promise<void>((resolve) => {
    void consumer.consume(({ acknowledge, text }) => {
      received.add(text);
      acknowledge();
      if (received.size === 3) resolve();
    });
  });
  expect([...received].sort()).toEqual(['around the cut', 'before', 'into the cut']);
  await Promise.all([cutOff, other, consumer].map((client) => client.close()));
});
