import { readFile } from 'node:fs/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ActiveMqConfiguration,
  ActiveStandbyBroker,
  Authorization,
  BrokerProtocol,
  BucketEvents,
  QueueWorkers,
  Scaling,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';
import { close, connectToAny } from '../../../demo/broker/amqp-connection';
import { InstanceFleet } from '../../patterns/instance-fleet';

const orders = 300;

/** Orders wait in a queue of the broker. A job in SQS says that they are to be packed, and brings the instances that do it. */
function packing(stack: Stack) {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const broker = new ActiveStandbyBroker(stack, 'Broker', {
    vpc,
    users: { shop: { groups: ['shops'] }, packer: { groups: ['packers'] } },
    configuration: ActiveMqConfiguration.of({
      queues: ['orders'],
      authorization: [Authorization.queue('orders', { write: ['shops'], read: ['packers'] })],
    }),
  });
  const jobs = new WorkQueue(stack, 'Jobs', { visibilityTimeout: Duration.minutes(5) });
  const results = new s3.Bucket(stack, 'Results');
  const done = new WorkQueue(stack, 'Done');
  new BucketEvents(stack, 'Told', { bucket: results }).toQueue(done.queue);
  const packers = new QueueWorkers(stack, 'Packers', {
    vpc,
    queue: jobs.queue,
    program: WorkerProgram.nodejs({
      entry: require.resolve('./order-worker'),
      environment: {
        ...broker.environmentOf('packer', BrokerProtocol.AMQP),
        BUCKET_NAME: results.bucketName,
      },
    }),
    minCapacity: 2,
    maxCapacity: 3,
    scaling: Scaling.step(),
  });
  broker.grantConnect(packers, 'packer', BrokerProtocol.AMQP);
  results.grantPut(packers);
  const [first = '', second = ''] = broker.endpoints(BrokerProtocol.AMQP);
  new CfnOutput(stack, 'Endpoint1', { value: first });
  new CfnOutput(stack, 'Endpoint2', { value: second });
  new CfnOutput(stack, 'ShopSecretArn', { value: broker.secretOf('shop').secretArn });
  return { jobs, done };
}

let fleet: InstanceFleet;
let app: ReturnType<typeof packing>;
beforeAll(async () => {
  [fleet, app] = await InstanceFleet.deploy(packing);
});
afterAll(() => fleet.aws.stop());

/** Sends orders as the shop, and resolves when the broker has all of them. */
async function order(ids: readonly string[]): Promise<void> {
  const { SecretString = '' } = await fleet.aws
    .client(SecretsManager)
    .getSecretValue({ SecretId: fleet.output('ShopSecretArn') });
  const shop = connectToAny({
    ...JSON.parse(SecretString),
    endpoints: [fleet.output('Endpoint1'), fleet.output('Endpoint2')],
    ca: await readFile(await fleet.aws.certificateAuthorityFile(), 'utf8'),
  });
  const sender = shop.open_sender({ target: { address: 'orders' } });
  await new Promise<void>((resolve) => {
    sender.once('sendable', () => resolve());
  });
  const confirmed = new Promise<void>((resolve) => {
    let count = 0;
    sender.on('accepted', () => {
      count++;
      if (count === ids.length) resolve();
    });
  });
  for (const id of ids) sender.send({ body: `the order ${id}`, message_id: id, durable: true });
  await confirmed;
  await close(shop);
}

interface S3Event {
  readonly Records?: ReadonlyArray<{ readonly s3: { readonly object: { readonly key: string } } }>;
}

const keysIn = (events: readonly S3Event[]): Set<string> =>
  new Set(events.flatMap(({ Records = [] }) => Records.map(({ s3: { object } }) => object.key)));

test('instances work off a queue of the broker, wherever the broker is, and no order is lost when the active member dies', async () => {
  const ids = Array.from({ length: orders }, (_, index) => `order-${index + 1}`);
  await order(ids);
  await fleet.send(app.jobs.queue, ['orders', 'orders']);
  const before = await fleet.take<S3Event>(app.done.queue, (taken) => keysIn(taken).size >= 20);
  const broker = fleet.aws.faults.broker();
  const active = broker.active;
  await broker.kill();
  expect(await broker.whenActive()).not.toBe(active);

  const after = await fleet.take<S3Event>(
    app.done.queue,
    (taken) => keysIn([...before, ...taken]).size === orders,
  );
  expect(keysIn([...before, ...after])).toEqual(new Set(ids.map((id) => `done/${id}`)));
  expect(await fleet.depth(app.jobs.deadLetterQueue)).toBe(0);
});
