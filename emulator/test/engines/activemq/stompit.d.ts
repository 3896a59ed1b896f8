/** The part of stompit that tests use; it has no types of its own. */
declare module 'stompit' {
  import type { Readable } from 'node:stream';

  type Headers = Readonly<Record<string, string>>;

  interface Message extends Readable {
    readonly headers: Headers;
    readString(encoding: string, done: (error: Error | null, text: string) => void): void;
  }

  interface Client {
    sendFrame(headers: Headers): never;
    send(
      headers: Headers,
      options?: { onReceipt?: () => void; onError?: (error: Error) => void },
    ): NodeJS.WritableStream;
    subscribe(
      headers: Headers,
      onMessage: (error: Error | null, message: Message) => void,
    ): { unsubscribe(): void };
    ack(message: Message): void;
    nack(message: Message): void;
    on(event: 'error', listener: (error: Error) => void): this;
    disconnect(done?: (error: Error | null) => void): void;
    destroy(error?: Error): void;
  }

  interface ConnectOptions {
    readonly host: string;
    readonly port: number;
    readonly ssl: true;
    readonly ca: string;
    readonly connectHeaders: Headers;
  }

  function connect(
    options: ConnectOptions,
    done: (error: Error | null, client: Client) => void,
  ): void;
}
