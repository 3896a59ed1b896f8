import { DescribeBrokerCommand, MqClient } from '@aws-sdk/client-mq';
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { Emulator } from '../../../src';
import { stompClient } from './clients';

let aws: Emulator;

afterEach(() => aws.stop());

function brokerStack(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const broker = new CfnBroker(stack, 'Broker', {
    brokerName: 'orders',
    deploymentMode: 'SINGLE_INSTANCE',
    engineType: 'ACTIVEMQ',
    engineVersion: '5.18',
    hostInstanceType: 'mq.t3.micro',
    publiclyAccessible: false,
    users: [{ username: 'shop', password: 'a long password', groups: ['apps'] }],
  });
  new CfnOutput(stack, 'Id', { value: broker.ref });
  new CfnOutput(stack, 'Stomp', { value: Fn.select(0, broker.attrStompEndpoints) });
  return stack;
}

test('a message goes through a broker of a template, over STOMP with TLS', async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const deployment = await aws.deploy(brokerStack());
  const { BrokerInstances, BrokerState, EngineType } = await aws
    .client(MqClient)
    .send(new DescribeBrokerCommand({ BrokerId: deployment.output('Id') }));
  expect(BrokerState).toBe('RUNNING');
  expect(EngineType).toBe('ActiveMQ');
  expect(BrokerInstances?.[0]?.Endpoints?.map((endpoint) => endpoint.replace(/\d+$/, ''))).toEqual([
    'ssl://127.0.0.1:',
    'amqp+ssl://127.0.0.1:',
    'stomp+ssl://127.0.0.1:',
    'mqtt+ssl://127.0.0.1:',
    'wss://127.0.0.1:',
  ]);
  const client = await stompClient(aws, deployment.output('Stomp'), 'shop', 'a long password');
  await client.send('/queue/orders', 'order 1');
  expect(await client.receive('/queue/orders')).toBe('order 1');
  client.close();
  await aws.destroy(brokerStack());
  expect(aws.leaks()).toEqual([]);
});
