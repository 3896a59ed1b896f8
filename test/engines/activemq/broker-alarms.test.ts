import { readFile } from 'node:fs/promises';
import { Mq } from '@aws-sdk/client-mq';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ActiveStandbyBroker, type BrokerMemberAlarms } from 'cdk-decouple';
import { type BrokerLogin, close, connectToAny } from '../../../demo/broker/amqp-connection';
import { AlarmBench } from '../../alarms/alarm-bench';

/** For members whose JVM has 256 MiB and whose store takes 4 GiB: one percent of it is more than a file of the journal. */
const alarmThresholds = { heapPercent: 50, storePercent: 1, journalFiles: 2 };
const largeMessages = 64;
const mebibyte = 'x'.repeat(1024 ** 2);

function brokerOf(stack: Stack): ActiveStandbyBroker {
  return new ActiveStandbyBroker(stack, 'Broker', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 }),
    users: { shop: { groups: ['shops'] } },
    alarmThresholds,
  });
}

let bench: AlarmBench;
let broker: ActiveStandbyBroker;
let mq: Mq;
beforeAll(async () => {
  [bench, broker] = await AlarmBench.deploy(brokerOf, 60_000);
  mq = bench.aws.client(Mq);
});
afterAll(() => bench.aws.stop());

async function login(): Promise<BrokerLogin> {
  const { SecretString = '' } = await bench.aws
    .client(SecretsManager)
    .getSecretValue({ SecretId: bench.idOf(broker.secretOf('shop')) });
  const { BrokerInstances = [] } = await mq.describeBroker({ BrokerId: await brokerId() });
  return {
    ...JSON.parse(SecretString),
    endpoints: BrokerInstances.flatMap(({ Endpoints = [] }) =>
      Endpoints.filter((endpoint) => endpoint.startsWith('amqp')),
    ),
    ca: await readFile(await bench.aws.certificateAuthorityFile(), 'utf8'),
  };
}

async function brokerId(): Promise<string | undefined> {
  const { BrokerSummaries = [] } = await mq.listBrokers({});
  return BrokerSummaries[0]?.BrokerId;
}

/** Sends messages of 1 MiB, four at a time; resolves when all are stored. */
async function fill(): Promise<void> {
  const connection = connectToAny(await login());
  const sender = connection.open_sender({ target: { address: 'orders' } });
  let left = largeMessages;
  let unconfirmed = 0;
  const send = () => {
    for (; left > 0 && unconfirmed < 4 && sender.sendable(); left--, unconfirmed++)
      sender.send({ body: mebibyte, durable: true });
  };
  await new Promise<void>((resolve) => {
    sender.on('sendable', send);
    sender.on('accepted', () => {
      unconfirmed--;
      if (left === 0 && unconfirmed === 0) resolve();
      send();
    });
  });
  await close(connection);
}

/** Consumes them all. */
async function drain(): Promise<void> {
  const connection = connectToAny(await login());
  const receiver = connection.open_receiver({ source: { address: 'orders' }, credit_window: 10 });
  let received = 0;
  await new Promise<void>((resolve) => {
    receiver.on('message', () => {
      received++;
      if (received === largeMessages) resolve();
    });
  });
  await close(connection);
}

/** Each restart of the active member has the other one serve, so that after two of them it is the first again. */
async function rebootTwice(): Promise<void> {
  for (const active of [2, 1]) {
    await mq.rebootBroker({ BrokerId: await brokerId() });
    await bench.minutes(1);
    expect(bench.aws.faults.broker().active).toBe(active);
  }
}

async function states(): Promise<(string | undefined)[][]> {
  const of = ({ heap, journal, store }: BrokerMemberAlarms) =>
    Promise.all([heap, store, journal].map((alarm) => bench.state(alarm)));
  return Promise.all(broker.alarms.map(of));
}

const quiet = ['OK', 'OK', 'OK'];

test('the alarms on heap, store and journal of the active member go off when large messages pile up, and end when it starts afresh without them', async () => {
  await bench.minutes(6);
  expect(await states()).toEqual([quiet, quiet]);
  await fill();
  await bench.minutes(6);
  expect(await states()).toEqual([['ALARM', 'ALARM', 'ALARM'], quiet]);
  await drain();
  await rebootTwice();
  await bench.minutes(6);
  expect(await states()).toEqual([quiet, quiet]);
});
