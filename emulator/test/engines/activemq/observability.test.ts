import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { type Deployment, Emulator, type ManualClock } from '../../../src';
import { credentialsOf, endpointsOf, latestMaximum, pairStack } from './brokers';
import { type Messaging, overStomp } from './messaging';

let aws: Emulator<ManualClock>;
let deployment: Deployment;
let messaging: Messaging;

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(pairStack({ logs: { audit: true, general: true } }));
  messaging = await overStomp(endpointsOf(deployment, 'Stomp'), await credentialsOf(aws), 'orders');
});
afterAll(async () => {
  await messaging.close();
  await aws.stop();
});

const latest = (metric: string, dimensions: Record<string, string>) =>
  latestMaximum(aws, metric, dimensions);

test('metrics are published every minute under the names of the members', async () => {
  for (let index = 0; index < 10; index++) await messaging.send(`order ${index}`);
  await aws.clock.advance(60_000);
  const active = { Broker: 'orders-1' };
  expect(await latest('CurrentConnectionsCount', active)).toBe(1);
  expect(await latest('TotalMessageCount', active)).toBe(10);
  expect(await latest('HeapUsage', active)).toBeGreaterThan(0);
  expect(await latest('CpuUtilization', active)).toBeGreaterThanOrEqual(0);
  expect(await latest('StorePercentUsage', active)).toBeGreaterThanOrEqual(0);
  expect(await latest('JournalFilesForFullRecovery', active)).toBe(1);
  expect(await latest('QueueSize', { ...active, Queue: 'orders' })).toBe(10);
  expect(await latest('EnqueueCount', { ...active, Queue: 'orders' })).toBe(10);
  await aws.clock.advance(60_000);
  expect(await latest('EnqueueCount', { ...active, Queue: 'orders' })).toBe(0);
  // The standby has a machine, and no broker.
  expect(await latest('HeapUsage', { Broker: 'orders-2' })).toBeGreaterThan(0);
  expect(await latest('TotalMessageCount', { Broker: 'orders-2' })).toBeUndefined();
});

test('logs are where Amazon MQ puts them, a stream for each member', async () => {
  const logs = aws.client(CloudWatchLogs);
  const id = deployment.output('Id');
  const general = async (member: number) => {
    const { events = [] } = await logs.getLogEvents({
      logGroupName: `/aws/amazonmq/broker/${id}/general`,
      logStreamName: `activemq-${id}-${member}.log`,
    });
    return events.map(({ message }) => message).join('\n');
  };
  expect(await general(1)).toContain('Connector openwire started');
  expect(await general(2)).toContain('is now in slave mode');
  expect(await general(2)).not.toContain('rehearsal');
  const { logStreams } = await logs.describeLogStreams({
    logGroupName: `/aws/amazonmq/broker/${id}/general`,
  });
  expect(logStreams).toHaveLength(2);
});
