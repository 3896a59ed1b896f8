import { type BrokerFaults, type Deployment, Emulator } from '../../../src';
import { credentialsOf, endpointsOf, pairStack } from './brokers';
import { exchange } from './exchange';
import { overAmqp, overMqtt, overStomp } from './messaging';

let aws: Emulator;
let deployment: Deployment;
let broker: BrokerFaults;

beforeAll(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  deployment = await aws.deploy(pairStack());
  broker = aws.faults.broker();
});
afterAll(() => aws.stop());

// Each kill is followed by a start, so that from one protocol to the next the pair also fails back.
test.each([
  ['STOMP', 'Stomp', overStomp],
  ['AMQP 1.0', 'Amqp', overAmqp],
  ['MQTT', 'Mqtt', overMqtt],
  ['STOMP over WSS', 'Wss', overStomp],
] as const)(
  '6,000 messages over %s survive the loss of the active broker',
  async (name, protocol, open) => {
    const messaging = await open(
      endpointsOf(deployment, protocol),
      await credentialsOf(aws),
      `orders-${protocol.toLowerCase()}`,
    );
    const before = broker.active;
    let failover = 0;
    const { duplicates, inFlight } = await exchange(messaging, {
      messages: 6000,
      inFlight: 1000,
      interrupt: async () => {
        const start = performance.now();
        await broker.kill();
        await broker.whenActive();
        failover = performance.now() - start;
      },
    });
    process.stdout.write(
      `${name}: ${inFlight.size} in flight, ${duplicates.length} delivered again, failover in ${Math.round(failover)} ms\n`,
    );
    expect(inFlight.size).toBeGreaterThanOrEqual(1000);
    expect(duplicates.filter((text) => !inFlight.has(text))).toEqual([]);
    expect(broker.active).not.toBe(before);
    await messaging.close();
    await broker.start();
  },
);
