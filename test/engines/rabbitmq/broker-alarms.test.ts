import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { Mq } from '@aws-sdk/client-mq';
import type { ConfirmChannel, Options } from 'amqplib';
import type { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RabbitMqBroker } from 'cdk-decouple';
import { AlarmBench } from '../../alarms/alarm-bench';
import { openConfirmChannel } from './administrator';

/** Of 400 MB: a node that has given its messages away takes 180 at the most, one that has them 340 at the least. */
const memoryAlarmPercent = 70;
const largeMessages = 170;

/** Of 50 MB: what is free of the 4 GiB of a node's volume when some 200 MiB are taken. */
const diskAlarmPercent = 8200;
const manyLargeMessages = 240;

const mebibyte = Buffer.alloc(1024 ** 2, 'x');

function brokerOf(stack: Stack): RabbitMqBroker {
  return new RabbitMqBroker(stack, 'Broker', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 }),
    cluster: false,
    diskAlarmPercent,
    memoryAlarmPercent,
  });
}

let bench: AlarmBench;
let broker: RabbitMqBroker;
beforeAll(async () => {
  [bench, broker] = await AlarmBench.deploy(brokerOf, 60_000);
});
afterAll(() => bench.aws.stop());

async function endpointOf(): Promise<string> {
  const mq = bench.aws.client(Mq);
  const { BrokerSummaries: [summary] = [] } = await mq.listBrokers({});
  const { BrokerInstances: [instance] = [] } = await mq.describeBroker({
    BrokerId: summary?.BrokerId,
  });
  return instance?.Endpoints?.[0] ?? '';
}

const open = (endpoint: string) =>
  openConfirmChannel(bench.aws, endpoint, bench.idOf(broker.adminSecret));

/**
 * Has a consumer that reads nothing of what it is sent, so that the node has it in its memory: it may page out what waits in a queue.
 *
 * @returns what breaks its connection
 */
async function stallConsumer(endpoint: string, queue: string): Promise<() => void> {
  const { hostname, port } = new URL(endpoint);
  const node = connect(Number(port), hostname);
  const relay = createServer((client) => pipeline(client, node, client, () => undefined));
  await once(relay.listen(0, hostname), 'listening');
  const address = relay.address();
  if (!address || typeof address === 'string') throw new Error('the relay has no port');
  const { channel } = await open(`amqps://${hostname}:${address.port}`);
  await channel.assertQueue(queue, { autoDelete: true });
  await channel.consume(queue, () => undefined, { noAck: true });
  node.unpipe();
  node.pause();
  return () => {
    node.destroy();
    relay.close();
  };
}

/** What a node tells of its memory is up to five seconds old, of its disk ten, so that it may take more than the three minutes of the alarm. */
async function reaches(alarm: Alarm, state: string): Promise<void> {
  do await bench.minutes(1);
  while ((await bench.state(alarm)) !== state);
}

/**
 * Each is confirmed before the next: a node that many reach at once takes them in pieces, and what those leave behind of its memory comes
 * back to the system in a minute or more, if at all.
 */
async function publishLarge(
  channel: ConfirmChannel,
  queue: string,
  count: number,
  options?: Options.Publish,
): Promise<void> {
  for (let index = 0; index < count; index++) {
    channel.sendToQueue(queue, mebibyte, options);
    await channel.waitForConfirms();
  }
}

test('the alarm on memory goes off when messages fill it, and ends when they are gone', async () => {
  await bench.minutes(5);
  expect(await bench.state(broker.alarms.memory)).toBe('OK');
  const endpoint = await endpointOf();
  const breakConsumer = await stallConsumer(endpoint, 'backlog');
  const { connection, channel } = await open(endpoint);
  await publishLarge(channel, 'backlog', largeMessages);
  await reaches(broker.alarms.memory, 'ALARM');
  breakConsumer();
  await reaches(broker.alarms.memory, 'OK');
  await connection.close();
  expect(await bench.state(broker.alarms.disk)).toBe('OK');
});

test('the alarm on disk goes off when stored messages fill the volume, and ends when they are gone', async () => {
  expect(await bench.state(broker.alarms.disk)).toBe('OK');
  const { connection, channel } = await open(await endpointOf());
  const { queue } = await channel.assertQueue('archive', {
    durable: true,
    // A lazy one has them on the disk only.
    arguments: { 'x-queue-type': 'classic', 'x-queue-mode': 'lazy' },
  });
  await publishLarge(channel, 'archive', manyLargeMessages, { persistent: true });
  await reaches(broker.alarms.disk, 'ALARM');
  await channel.deleteQueue(queue);
  await reaches(broker.alarms.disk, 'OK');
  await connection.close();
});
