import { DescribeBrokerCommand, MqClient } from '@aws-sdk/client-mq';
import { Emulator } from '../../../src';
import { brokerStack, credentialsOf, endpointsOf } from './brokers';
import { overStomp } from './messaging';

let aws: Emulator;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterEach(() => aws.stop());

test('a message goes through a broker of a template, over STOMP with TLS', async () => {
  const deployment = await aws.deploy(brokerStack());
  const { BrokerInstances, BrokerState, EngineType } = await aws
    .client(MqClient)
    .send(new DescribeBrokerCommand({ BrokerId: deployment.output('Id') }));
  expect(BrokerState).toBe('RUNNING');
  expect(EngineType).toBe('ActiveMQ');
  const [instance] = BrokerInstances ?? [];
  expect(instance?.Endpoints?.map((endpoint) => endpoint.replace(/\d+$/, ''))).toEqual([
    'ssl://127.0.0.1:',
    'amqp+ssl://127.0.0.1:',
    'stomp+ssl://127.0.0.1:',
    'mqtt+ssl://127.0.0.1:',
    'wss://127.0.0.1:',
  ]);
  const client = await overStomp(
    endpointsOf(deployment, 'Stomp'),
    await credentialsOf(aws),
    'orders',
  );
  await client.send('order 1');
  const received = await new Promise<string>((resolve) => {
    void client.consume(({ text }) => resolve(text));
  });
  expect(received).toBe('order 1');
  await client.close();
  await aws.destroy(brokerStack());
  expect(aws.leaks()).toEqual([]);
});
