import { Mq } from '@aws-sdk/client-mq';
import { type BrokerFaults, type Deployment, Emulator, type ManualClock } from '../../../src';
import { brokerStack, latestMaximum } from '../activemq/brokers';
import { openAmqp, publishAll, receiveAll } from './amqp';
import { askManagement } from './management';

let aws: Emulator<ManualClock>;
let deployment: Deployment;
let broker: BrokerFaults;

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterAll(() => aws.stop());

const open = () => openAmqp(aws, deployment.output('Amqp'));

const deploy = async (engineVersion: string) => {
  deployment = await aws.deploy(
    brokerStack({
      brokerName: `orders-${engineVersion.replace('.', '-')}`,
      deploymentMode: 'CLUSTER_MULTI_AZ',
      engineType: 'RABBITMQ',
      engineVersion,
      hostInstanceType: 'mq.m7g.large',
      storageType: 'EBS',
    }),
  );
  broker = aws.faults.broker();
};

/** Publishes over several connections at once, and has something happen half-way. @returns all that was confirmed */
async function publishThrough(name: string, count: number, interrupt: () => Promise<void>) {
  let confirmed = 0;
  let interruption: Promise<void> | undefined;
  const texts = [1, 2, 3].map((publisher) =>
    Array.from({ length: count }, (_, index) => `${name} ${publisher}-${index}`),
  );
  const onConfirmed = () => {
    if (++confirmed === count) interruption = interrupt();
  };
  await Promise.all(texts.map((own) => publishAll(open, 'orders', own, onConfirmed)));
  await interruption;
  return texts.flat();
}

describe.each([
  ['4.2', 'quorum', 'a quorum queue'],
  ['3.13', 'classic', 'a mirrored queue'],
])('a cluster of RabbitMQ %s', (engineVersion, type, kind) => {
  beforeAll(() => deploy(engineVersion));
  afterAll(() =>
    aws.destroy(brokerStack({ engineType: 'RABBITMQ', deploymentMode: 'CLUSTER_MULTI_AZ' })),
  );

  test(`has three nodes behind one endpoint, and makes ${kind} where it is not told otherwise`, async () => {
    expect(broker.processIds).toHaveLength(3);
    const { BrokerInstances } = await aws
      .client(Mq)
      .describeBroker({ BrokerId: deployment.output('Id') });
    expect(BrokerInstances).toEqual([
      { ConsoleURL: expect.any(String), Endpoints: [deployment.output('Amqp')] },
    ]);
    const { text } = await askManagement(aws, deployment.output('Id'), 'GET', '/api/nodes');
    expect(JSON.parse(text)).toHaveLength(3);
    const connection = await open();
    const channel = await connection.createChannel();
    await channel.assertQueue('orders', { durable: true });
    // RabbitMQ refuses to declare a queue again as one of another type.
    await channel.assertQueue('orders', { durable: true, arguments: { 'x-queue-type': type } });
    await connection.close();
  });

  test('no confirmed message is lost with a zone, nor with another once the first is back', async () => {
    const first = await publishThrough('first', 1000, () => broker.loseZone('us-east-1a'));
    expect(broker.processIds).toHaveLength(2);
    await broker.restoreZone('us-east-1a');
    const second = await publishThrough('second', 500, () => broker.kill(2));
    await receiveAll(await open(), 'orders', [...first, ...second]);
    await broker.start();
    expect(broker.processIds).toHaveLength(3);
  });

  test('a connection breaks with its node, and the next goes to one that serves', async () => {
    const connections = [await open(), await open(), await open()];
    const closed: number[] = [];
    const broken = new Promise<void>((resolve) => {
      for (const [index, connection] of connections.entries())
        connection.once('close', () => {
          closed.push(index);
          resolve();
        });
    });
    await broker.kill(3);
    await broken;
    for (let tries = 0; tries < 3; tries++) await (await open()).close();
    expect(closed).toHaveLength(1);
    const whole = connections.filter((_, index) => index !== closed[0]);
    await Promise.all(whole.map((connection) => connection.close()));
    await broker.start();
  });

  test('numbers of nodes are published for each, and their sums under the name of the broker', async () => {
    await aws.clock.advance(60_000);
    const Broker = `orders-${engineVersion.replace('.', '-')}`;
    const nodes = await Promise.all(
      [1, 2, 3].map((number) =>
        latestMaximum(aws, 'RabbitMQMemUsed', { Broker, Node: `rabbit-${number}@localhost` }),
      ),
    );
    const sum = nodes.reduce<number>((total, node) => total + (node ?? Number.NaN), 0);
    expect(await latestMaximum(aws, 'RabbitMQMemUsed', { Broker })).toBe(sum);
    expect(await latestMaximum(aws, 'QueueCount', { Broker })).toBe(1);
  });
});
