import type { Message as StompMessage } from '@stomp/stompjs';
import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Connection, create_container, type Delivery } from 'rhea';
import { type Credentials, stompClient } from './stomp-client';

/** A message that a consumer has been given. */
export interface Received {
  readonly text: string;
  acknowledge(): void;
}

/** What an application does with a broker, over any of its protocols; it reconnects wherever the broker is now. */
export interface Messaging {
  /** Resolves once the broker has confirmed a persistent message; sent again where the connection was lost before. */
  send(text: string): Promise<void>;
  /** Begins to receive, up to a thousand messages that are not acknowledged. */
  consume(onMessage: (message: Received) => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens a connection to a destination over the protocol of the endpoints. */
export type OpenMessaging = (
  endpoints: readonly string[],
  credentials: Credentials,
  destination: string,
) => Promise<Messaging>;

const prefetch = 1000;

/** STOMP, over TLS or WSS. What has no receipt is sent again. */
export const overStomp: OpenMessaging = async (endpoints, credentials, name) => {
  const client = stompClient(endpoints, credentials);
  const destination = `/queue/${name}`;
  const unconfirmed = new Map<string, () => void>();
  let onMessage: ((message: Received) => void) | undefined;
  let generation = 0;
  const publish = (text: string) => {
    const receipt = `${generation}-${text}`;
    client.watchForReceipt(receipt, () => {
      unconfirmed.get(text)?.();
      unconfirmed.delete(text);
    });
    client.publish({ destination, body: text, headers: { persistent: 'true', receipt } });
  };
  const subscribe = () => {
    client.subscribe(
      destination,
      (message: StompMessage) =>
        onMessage?.({ text: message.body, acknowledge: () => message.ack() }),
      { ack: 'client-individual', 'activemq.prefetchSize': String(prefetch) },
    );
  };
  await new Promise<void>((resolve) => {
    client.onConnect = () => {
      generation++;
      if (onMessage) subscribe();
      for (const text of unconfirmed.keys()) publish(text);
      resolve();
    };
    client.activate();
  });
  return {
    send: (text) =>
      new Promise((resolve) => {
        unconfirmed.set(text, resolve);
        if (client.connected) publish(text);
      }),
    async consume(listener) {
      onMessage = listener;
      subscribe();
    },
    close: () => client.deactivate({ force: true }),
  };
};

/** MQTT 3.1.1 with quality of service 1; the library sends again what was not acknowledged. */
export const overMqtt: OpenMessaging = async (endpoints, { ca, password, username }, topic) => {
  const servers = endpoints.map((endpoint) => {
    const { hostname: host, port } = new URL(endpoint);
    return { host, port: Number(port), protocol: 'mqtts' as const };
  });
  const clients: MqttClient[] = [];
  const open = async (clientId: string) => {
    const client = connect({
      servers,
      ca,
      username,
      password,
      clientId,
      clean: false,
      reconnectPeriod: 100,
      connectTimeout: 2000,
    });
    client.on('error', () => undefined);
    clients.push(client);
    await new Promise<void>((resolve) => {
      client.once('connect', () => resolve());
    });
    return client;
  };
  const producer = await open(`${topic}-producer`);
  return {
    async send(text) {
      await producer.publishAsync(topic, text, { qos: 1 });
    },
    async consume(listener) {
      const consumer = await open(`${topic}-consumer`);
      // The library acknowledges a message when it is called back, and has the next one then.
      consumer.handleMessage = (packet: IPublishPacket, done) =>
        listener({ text: packet.payload.toString(), acknowledge: () => done() });
      await consumer.subscribeAsync(topic, { qos: 1 });
    },
    async close() {
      await Promise.all(clients.map((client) => client.endAsync(true)));
    },
  };
};

/** AMQP 1.0. What was not settled when the connection was lost is sent again here: the library does not. */
export const overAmqp: OpenMessaging = async (endpoints, { ca, password, username }, queue) => {
  let attempt = 0;
  const next = () => {
    const { hostname: host, port } = new URL(endpoints[attempt++ % endpoints.length] ?? '');
    return { host, port: Number(port), transport: 'tls' as const, ca, options: { ca } };
  };
  const connection: Connection = create_container().connect({
    ...next(),
    connection_details: next,
    reconnect: true,
    initial_reconnect_delay: 50,
    max_reconnect_delay: 200,
    username,
    password,
  });
  const waiting = new Map<string, () => void>();
  const inDelivery = new Map<Delivery, string>();
  let toSend: string[] = [];
  const sender = connection.open_sender({ target: { address: queue } });
  const flush = () => {
    while (sender.sendable()) {
      const text = toSend.shift();
      if (text === undefined) return;
      inDelivery.set(sender.send({ body: text, durable: true }), text);
    }
  };
  sender.on('sendable', flush);
  sender.on('accepted', ({ delivery }) => {
    const text = delivery && inDelivery.get(delivery);
    if (delivery) inDelivery.delete(delivery);
    if (text === undefined) return;
    waiting.get(text)?.();
    waiting.delete(text);
  });
  connection.on('disconnected', () => {
    inDelivery.clear();
    toSend = [...waiting.keys()];
  });
  connection.on('connection_error', () => undefined);
  await new Promise<void>((resolve) => {
    sender.once('sendable', () => resolve());
  });
  return {
    send: (text) =>
      new Promise((resolve) => {
        waiting.set(text, resolve);
        toSend.push(text);
        flush();
      }),
    async consume(listener) {
      const receiver = connection.open_receiver({
        source: { address: queue, durable: 2 },
        credit_window: prefetch,
        autoaccept: false,
      });
      receiver.on('message', ({ delivery, message }) =>
        listener({ text: String(message?.body), acknowledge: () => delivery?.accept() }),
      );
    },
    async close() {
      connection.close();
      await new Promise<void>((resolve) => {
        connection.once('connection_close', () => resolve());
        connection.once('disconnected', () => resolve());
      });
    },
  };
};
