import { connect as connectPlain } from 'node:net';
import { Mq } from '@aws-sdk/client-mq';
import type { Client, IFrame, IMessage, StompHeaders } from '@stomp/stompjs';
import { type Deployment, Emulator, type ManualClock } from '../../../src';
import { brokerStack, credentialsOf, endpointsOf } from './brokers';
import { stompClient } from './stomp-client';

/** Readers may only listen to topics; what is given back again is dead. */
const configuration = `<broker xmlns="http://activemq.apache.org/schema/core">
  <plugins>
    <authorizationPlugin>
      <map>
        <authorizationMap>
          <authorizationEntries>
            <authorizationEntry admin="apps" queue="&gt;" read="apps" write="apps"/>
            <authorizationEntry admin="apps,readers" topic="&gt;" read="apps,readers" write="apps"/>
            <authorizationEntry admin="apps,readers" topic="ActiveMQ.Advisory.&gt;" read="apps,readers" write="apps,readers"/>
          </authorizationEntries>
        </authorizationMap>
      </map>
    </authorizationPlugin>
    <redeliveryPlugin fallbackToDeadLetter="true" sendToDlqIfMaxRetriesExceeded="true">
      <redeliveryPolicyMap>
        <redeliveryPolicyMap>
          <defaultEntry>
            <redeliveryPolicy initialRedeliveryDelay="1000" maximumRedeliveries="1" redeliveryDelay="1000"/>
          </defaultEntry>
        </redeliveryPolicyMap>
      </redeliveryPolicyMap>
    </redeliveryPlugin>
  </plugins>
</broker>`;

let aws: Emulator<ManualClock>;
let deployment: Deployment;
const open: Client[] = [];

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const users = [
    { username: 'shop', password: 'a long password', groups: ['apps'] },
    { username: 'report', password: 'a long password', groups: ['readers'] },
  ];
  deployment = await aws.deploy(brokerStack({ users }, configuration));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.deactivate({ force: true })));
});
afterAll(() => aws.stop());

/** Connects as a user. @throws Error in the broker's words if it turns them away */
async function connected(username = 'shop', password?: string): Promise<Client> {
  const credentials = { ...(await credentialsOf(aws, password)), username };
  const client = stompClient(endpointsOf(deployment, 'Stomp'), credentials);
  open.push(client);
  await new Promise<void>((resolve, reject) => {
    client.onConnect = () => resolve();
    client.onStompError = ({ headers }) => reject(new Error(headers.message));
    client.activate();
  });
  return client;
}

/** Resolves with the next message of a destination. */
function next(client: Client, destination: string, headers: StompHeaders = {}): Promise<IMessage> {
  return new Promise((resolve) => {
    client.subscribe(destination, resolve, headers);
  });
}

/** Resolves once the broker has taken a message. */
function send(client: Client, destination: string, body: string, headers: StompHeaders = {}) {
  const receipt = `${destination} ${body}`;
  return new Promise<IFrame>((resolve, reject) => {
    client.onStompError = ({ headers: { message } }) => reject(new Error(message));
    client.watchForReceipt(receipt, resolve);
    client.publish({ destination, body, headers: { persistent: 'true', receipt, ...headers } });
  });
}

test('queues and topics are there side by side, a topic for all who listen', async () => {
  const client = await connected();
  const report = await connected('report');
  const both = [next(client, '/topic/news'), next(report, '/topic/news')];
  await send(client, '/queue/plain', 'to a queue');
  await send(client, '/topic/news', 'to a topic');
  expect((await Promise.all(both)).map(({ body }) => body)).toEqual(['to a topic', 'to a topic']);
  expect((await next(client, '/queue/plain')).body).toBe('to a queue');
});

test('a selector leaves alone what it does not fit', async () => {
  const client = await connected();
  await send(client, '/queue/selected', 'small', { amount: '5' });
  await send(client, '/queue/selected', 'large', { amount: '500' });
  const large = await next(client, '/queue/selected', { selector: "amount = '500'" });
  expect(large.body).toBe('large');
});

test('what is given back again and again is redelivered and then dead', async () => {
  const client = await connected();
  let deliveries = 0;
  client.subscribe(
    '/queue/poison',
    (message) => {
      deliveries++;
      message.nack();
    },
    { ack: 'client-individual' },
  );
  const dead = next(client, '/queue/ActiveMQ.DLQ');
  await send(client, '/queue/poison', 'cannot be eaten');
  expect((await dead).body).toBe('cannot be eaten');
  expect(deliveries).toBe(2);
});

test('turns away a wrong password, and who is not of a group that may', async () => {
  await expect(connected('shop', 'a wrong password')).rejects.toThrow(/password is invalid/);
  const report = await connected('report');
  await expect(send(report, '/topic/news', 'not allowed')).rejects.toThrow(/not authorized/);
});

test.each(['Stomp', 'Amqp', 'Mqtt', 'OpenWire', 'Wss'] as const)(
  'the port of %s speaks nothing but TLS',
  async (protocol) => {
    const { hostname, port } = new URL(endpointsOf(deployment, protocol)[0] ?? '');
    const heard = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connectPlain(Number(port), hostname, () => {
        socket.write('CONNECT\naccept-version:1.2\nlogin:shop\npasscode:a long password\n\n\0');
      });
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
    expect(heard).not.toContain('CONNECTED');
  },
);

test('a user of the API may connect once the broker was rebooted', async () => {
  const mq = aws.client(Mq);
  const BrokerId = deployment.output('Id');
  const endpoints = deployment.output('Stomp');
  await mq.createUser({
    BrokerId,
    Username: 'late',
    Password: 'a late password',
    Groups: ['apps'],
  });
  await expect(connected('late', 'a late password')).rejects.toThrow(/invalid/);
  await Promise.all(open.splice(0).map((client) => client.deactivate({ force: true })));
  await mq.rebootBroker({ BrokerId });
  await aws.clock.advance(5000);
  const { BrokerInstances, BrokerState } = await mq.describeBroker({ BrokerId });
  expect(BrokerState).toBe('RUNNING');
  expect(BrokerInstances?.[0]?.Endpoints).toContain(endpoints);
  expect((await connected('late', 'a late password')).connected).toBe(true);
});
