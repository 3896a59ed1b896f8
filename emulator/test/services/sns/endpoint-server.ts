import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';
import type { Envelope } from '../test-queue';

/** A request that a server has got. */
export interface EndpointRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Emulated time. */
  readonly time: number;
}

/** An HTTP or HTTPS endpoint on loopback that keeps what it gets, and answers as a test says. */
export class EndpointServer {
  readonly requests: EndpointRequest[] = [];
  /** Status of every answer. */
  status = 200;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param now - the emulated time */
  static async start(now: () => number, secure = false): Promise<EndpointServer> {
    const server = secure ? createHttpsServer(await certificate()) : createHttpServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const made = new EndpointServer(
      server,
      `${secure ? 'https' : 'http'}://127.0.0.1:${port}/sns?from=test`,
    );
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        made.requests.push({ headers: request.headers, body, time: now() });
        response.writeHead(made.status).end('ok');
      });
    });
    return made;
  }

  /** The documents of requests of a type. */
  documents(type: string): Envelope[] {
    return this.requests
      .filter(({ headers }) => headers['x-amz-sns-message-type'] === type)
      .map(({ body }) => JSON.parse(body));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

async function certificate() {
  const { certificate: cert, key } = await new CertificateAuthority().issue(['127.0.0.1']);
  return { cert, key };
}
