import { Mq } from '@aws-sdk/client-mq';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RabbitMqBroker, RabbitMqEventSource } from 'cdk-decouple';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { askManagement } from '../../../emulator/test/engines/rabbitmq/management';
import { printedEvents, printingHandler } from '../function-log';
import { administratorOf, openConfirmChannel } from './administrator';

interface Event {
  readonly rmqMessagesByQueue: Readonly<Record<string, ReadonlyArray<{ readonly data: string }>>>;
}

const queues = ['parcels', 'letters', 'returns'] as const;

let aws: Emulator<ManualClock>;
let deployment: Deployment;

function post(): Stack {
  const stack = new Stack(new App(), 'Post');
  const broker = new RabbitMqBroker(stack, 'Broker', {
    vpc: new ec2.Vpc(stack, 'Vpc', {
      availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      natGateways: 1,
    }),
  });
  for (const queue of queues) {
    const fn = new lambda.Function(stack, queue, {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(printingHandler),
      timeout: Duration.minutes(1),
    });
    fn.addEventSource(new RabbitMqEventSource(broker, { queue, batchSize: 10 }));
    new CfnOutput(stack, `${queue}Function`, { value: fn.functionName });
  }
  new CfnOutput(stack, 'Endpoint', { value: broker.amqpEndpoint });
  new CfnOutput(stack, 'SecretArn', { value: broker.adminSecret.secretArn });
  return stack;
}

const open = () =>
  openConfirmChannel(aws, deployment.output('Endpoint'), deployment.output('SecretArn'));

/** The numbers of the nodes that the mappings are connected to, once the broker tells of all of them: what it tells is seconds old. */
async function nodesOfMappings(): Promise<number[]> {
  interface Consumer {
    readonly channel_details: { readonly node: string };
  }
  const { BrokerSummaries: [summary] = [] } = await aws.client(Mq).listBrokers({});
  const administrator = await administratorOf(aws, deployment.output('SecretArn'));
  for (;;) {
    const { text } = await askManagement(
      aws,
      String(summary?.BrokerId),
      'GET',
      '/api/consumers',
      undefined,
      administrator,
    );
    const consumers: readonly Consumer[] = JSON.parse(text);
    if (consumers.length === queues.length)
      return consumers
        .map(({ channel_details: { node } }) => Number(/^rabbit-(\d)@/.exec(node)?.[1]))
        .sort();
    await aws.clock.advance(Duration.seconds(1));
  }
}

/** Sends messages to all queues, and resolves when the broker has them. */
async function send(): Promise<string[]> {
  const { channel, connection } = await open();
  const texts = Array.from({ length: 20 }, (_, index) => `slow ${index + 1}`);
  for (const queue of queues)
    for (const text of texts) channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
  return texts;
}

async function received(queue: string): Promise<Set<string>> {
  const events = await printedEvents<Event>(aws, deployment.output(`${queue}Function`));
  const messages = events.flatMap(({ rmqMessagesByQueue }) =>
    Object.values(rmqMessagesByQueue).flat(),
  );
  return new Set(messages.map(({ data }) => Buffer.from(data, 'base64').toString()));
}

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(post());
  const { channel, connection } = await open();
  for (const queue of queues) await channel.assertQueue(queue, { durable: true });
  await connection.close();
  // The mappings are older than their queues, and look for them again and again.
  await aws.clock.advance(Duration.minutes(1));
});
afterAll(() => aws.stop());

test('mappings connect to the address of the cluster, which gives each another node, and go on when one is lost', async () => {
  expect(await nodesOfMappings()).toEqual([1, 2, 3]);
  const texts = await send();
  await aws.clock.advance(Duration.seconds(1));
  await aws.faults.broker().kill(2);
  for (const queue of queues)
    while ((await received(queue)).size < texts.length)
      await aws.clock.advance(Duration.seconds(1));

  const nodes = await nodesOfMappings();
  expect(nodes).toHaveLength(queues.length);
  expect(nodes).not.toContain(2);
});
