import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { gunzipSync } from 'node:zlib';

/** A request that a server of a test's own got. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Uncompressed. */
  readonly body: string;
}

export interface ServerAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server on this machine, as a user would run it beside the emulator. */
export class EndpointServer {
  readonly requests: ReceivedRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param answer - what it answers; undefined hangs up */
  static async start(
    answer: (request: ReceivedRequest) => ServerAnswer | undefined,
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<EndpointServer> {
    const server = tls ? createHttpsServer({ ...tls }) : createHttpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const endpoint = new EndpointServer(
      server,
      `${tls ? 'https' : 'http'}://${tls ? 'localhost' : '127.0.0.1'}:${port}`,
    );
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const received: ReceivedRequest = {
          path: request.url ?? '',
          headers: request.headers,
          body: (request.headers['content-encoding'] === 'gzip'
            ? gunzipSync(bytes)
            : bytes
          ).toString(),
        };
        endpoint.requests.push(received);
        const answered = answer(received);
        if (!answered) {
          request.socket.destroy();
          return;
        }
        response.writeHead(answered.status ?? 200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(answered.body ?? ''),
          ...answered.headers,
        });
        response.end(answered.body);
      });
    });
    return endpoint;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
