// A program that sends persistent messages through a queue of a broker and receives them, over one of its protocols: five
// hundred of them sent and not confirmed at a time, each acknowledged by itself. It prints how many milliseconds it took
// from the first message sent to the last one received and confirmed.
import { readFileSync } from 'node:fs';
import { connect } from 'mqtt';
import rhea from 'rhea';
import { stompConnection } from './stomp-connection.mjs';

const body = 'x'.repeat(200);
const unconfirmedAtMost = 500;
const prefetch = 1000;

const load = JSON.parse(process.argv[2]);
const { hostname: host, port: portText } = new URL(load.endpoint);
const port = Number(portText);
const ca = readFileSync(load.caFile, 'utf8');
const { messages, password, queue, username } = load;

/** Each opens a producer, whose `send` calls back when a message is confirmed, and a consumer. */
const protocols = { stomp, mqtt, amqp };

let received = 0;
let confirmed = 0;
let sent = 0;
let finish;
const finished = new Promise((resolve) => {
  finish = resolve;
});
const look = () => {
  if (received === messages && confirmed === messages) finish();
};
const client = await protocols[load.protocol](() => {
  received++;
  look();
});
const sendNext = () => {
  if (sent === messages) return;
  sent++;
  client.send(() => {
    confirmed++;
    sendNext();
    look();
  });
};
const start = performance.now();
for (let index = 0; index < unconfirmedAtMost; index++) sendNext();
await finished;
process.stdout.write(`${performance.now() - start}\n`);
process.exit();

async function stomp(onMessage) {
  const producer = await stompConnection(load);
  const consumer = await stompConnection(load);
  consumer.consume(onMessage);
  return { send: (onConfirmed) => producer.send(body, onConfirmed) };
}

/** MQTT 3.1.1 with quality of service 1. */
async function mqtt(onMessage) {
  const open = async () => {
    const opened = connect({ host, port, protocol: 'mqtts', ca, username, password });
    await new Promise((resolve) => opened.once('connect', resolve));
    return opened;
  };
  const producer = await open();
  const consumer = await open();
  consumer.on('message', onMessage);
  await consumer.subscribeAsync(queue, { qos: 1 });
  return {
    send(onConfirmed) {
      producer.publish(queue, body, { qos: 1 }, onConfirmed);
    },
  };
}

/** AMQP 1.0, durable messages. */
async function amqp(onMessage) {
  const connection = () =>
    rhea.create_container().connect({ host, port, transport: 'tls', ca, username, password });
  const receiver = connection().open_receiver({
    source: { address: queue, durable: 2 },
    credit_window: prefetch,
  });
  receiver.on('message', onMessage);
  const sender = connection().open_sender({ target: { address: queue } });
  const waiting = new Map();
  const toSend = [];
  const flush = () => {
    while (toSend.length > 0 && sender.sendable())
      waiting.set(sender.send({ body, durable: true }), toSend.shift());
  };
  sender.on('accepted', ({ delivery }) => {
    waiting.get(delivery)();
    waiting.delete(delivery);
  });
  await Promise.all([
    new Promise((resolve) => sender.once('sendable', resolve)),
    new Promise((resolve) => receiver.once('receiver_open', resolve)),
  ]);
  sender.on('sendable', flush);
  return {
    send(onConfirmed) {
      toSend.push(onConfirmed);
      flush();
    },
  };
}
