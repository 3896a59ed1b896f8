import { readFile } from 'node:fs/promises';
import { type Client, connect } from 'stompit';
import type { Emulator } from '../../../src';

/** A connection over STOMP, as far as simple tests need one. */
export interface StompClient {
  /** Resolves once the broker has stored it. */
  send(destination: string, text: string): Promise<void>;
  /** Resolves with the next message, which is acknowledged. */
  receive(destination: string): Promise<string>;
  close(): void;
}

/** Connects to an endpoint such as `stomp+ssl://127.0.0.1:24614`. @throws Error in the broker's words */
export async function stompClient(
  aws: Emulator,
  endpoint: string,
  login: string,
  passcode: string,
): Promise<StompClient> {
  const { hostname: host, port } = new URL(endpoint);
  const ca = await readFile(await aws.certificateAuthorityFile(), 'utf8');
  const client = await new Promise<Client>((resolve, reject) =>
    connect(
      { host, port: Number(port), ssl: true, ca, connectHeaders: { host: '/', login, passcode } },
      (error, connected) => (error ? reject(error) : resolve(connected)),
    ),
  );
  client.on('error', () => undefined);
  return {
    send: (destination, text) =>
      new Promise((resolve, reject) => {
        const frame = client.send(
          { destination, persistent: 'true' },
          { onReceipt: resolve, onError: reject },
        );
        frame.end(text);
      }),
    receive: (destination) =>
      new Promise((resolve, reject) => {
        const subscription = client.subscribe({ destination, ack: 'client' }, (error, message) => {
          if (error) return reject(error);
          message.readString('utf-8', (failure, text) => {
            if (failure) return reject(failure);
            client.ack(message);
            subscription.unsubscribe();
            resolve(text);
          });
        });
      }),
    close: () => client.destroy(),
  };
}
