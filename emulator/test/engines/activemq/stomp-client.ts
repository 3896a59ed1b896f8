import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { Client, type IStompSocket } from '@stomp/stompjs';
import WebSocket, { createWebSocketStream } from 'ws';

/** Who connects, and whom they trust. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** PEM of the authority behind the broker's certificate. */
  readonly ca: string;
}

/**
 * A STOMP client that goes from one endpoint to the next until it is connected, and again when it has lost the connection.
 *
 * @param endpoints - `stomp+ssl://…` or `wss://…`
 */
export function stompClient(
  endpoints: readonly string[],
  { ca, password, username }: Credentials,
): Client {
  let attempt = 0;
  return new Client({
    connectHeaders: { login: username, passcode: password, host: '/' },
    reconnectDelay: 100,
    heartbeatIncoming: 0,
    heartbeatOutgoing: 0,
    webSocketFactory: () => new StreamSocket(endpoints[attempt++ % endpoints.length] ?? '', ca),
  });
}

/** A connection in the place of the browser's WebSocket that the library is written for. */
class StreamSocket implements IStompSocket {
  binaryType: 'arraybuffer' | 'blob' = 'arraybuffer';
  readyState = 0;
  onclose: IStompSocket['onclose'];
  onerror: IStompSocket['onerror'];
  onmessage: IStompSocket['onmessage'];
  onopen: IStompSocket['onopen'];
  private readonly stream: Duplex;

  constructor(
    readonly url: string,
    ca: string,
  ) {
    const opened = () => {
      this.readyState = 1;
      this.onopen?.();
    };
    if (url.startsWith('wss:')) {
      const socket = new WebSocket(url, ['v12.stomp'], { ca });
      socket.once('open', opened);
      this.stream = createWebSocketStream(socket, { encoding: 'utf8', decodeStrings: false });
    } else {
      const { hostname: host, port } = new URL(url);
      this.stream = connect({ host, port: Number(port), ca }, opened).setEncoding('utf8');
    }
    this.stream.on('data', (data: string) => this.onmessage?.({ data }));
    this.stream.on('error', (error) => this.onerror?.(error));
    this.stream.on('close', () => {
      this.readyState = 3;
      this.onclose?.({ code: 1006 });
    });
  }

  send(data: string): void {
    this.stream.write(data);
  }

  close(): void {
    this.readyState = 2;
    this.stream.end();
    this.stream.destroy();
  }
}
