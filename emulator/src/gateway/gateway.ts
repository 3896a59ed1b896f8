import { createServer, type Server, type Socket } from 'node:net';
import type { CallGate } from '../clock/call-gate';
import type { Clock } from '../clock/clock';
import { underTestRunner } from '../clock/test-runner';
import type { Journal } from '../journal/journal';
import { utf8 } from '../protocol/bytes';
import type { WireResponse } from '../protocol/message';
import { httpDate } from '../protocol/timestamp';
import type { CertificateAuthority } from './certificate-authority';
import { addStandardRoutes, type ControlRoute, ControlRoutes } from './control-routes';
import type { Dispatcher } from './dispatcher';
import {
  collectBody,
  HttpWireRequest,
  type NodeRequest,
  type NodeResponse,
  writeResponse,
} from './http-exchange';
import { ProtocolSniffer } from './protocol-sniffer';
import { RequestGuard } from './request-guard';

/** Another process listens on the port. */
export class PortInUseError extends Error {
  constructor(port: number, host: string) {
    super(`Port ${port} on ${host} is in use by another process; choose another port`);
    this.name = 'PortInUseError';
  }
}

/** What a gateway works with. */
export interface GatewayOptions {
  readonly dispatcher: Pick<Dispatcher, 'handle'>;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Asked for a certificate when the first client speaks TLS. */
  readonly certificateAuthority: Pick<CertificateAuthority, 'issue'>;
  /** Holds calls of actors until their round. @default - calls are served as they come */
  readonly callGate?: CallGate;
  /** Address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, which takes a free port */
  readonly port?: number;
  /** Whether listening keeps the process alive. @default - unless a test runner drives it */
  readonly keepAlive?: boolean;
}

/**
 * The one port of the emulator: AWS's protocols over TLS, HTTP/1.1 and HTTP/2, and control routes
 * under `/_emulator/`.
 */
export class Gateway {
  private readonly sockets = new Set<Socket>();
  private readonly controlRoutes = new ControlRoutes();
  private readonly host: string;
  private readonly keepAlive: boolean;
  private readonly guard: RequestGuard;
  private readonly sniffer: ProtocolSniffer;
  private server: Server | undefined;
  private listening: Promise<string> | undefined;
  private address = '';
  private dateSecond = Number.NaN;
  private dateText = '';

  constructor(private readonly options: GatewayOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.keepAlive = options.keepAlive ?? !underTestRunner;
    this.guard = new RequestGuard(this.host);
    this.sniffer = new ProtocolSniffer(
      (request, response) => this.receive(request, response),
      () => options.certificateAuthority.issue(['localhost', '127.0.0.1', '::1', '*.localhost']),
    );
    addStandardRoutes(this.controlRoutes, options.clock, options.journal);
  }

  /**
   * Starts listening, once.
   *
   * @returns the URL under which the gateway is reached, such as `http://127.0.0.1:4566`.
   * @throws PortInUseError if the port is taken.
   */
  listen(): Promise<string> {
    this.listening ??= this.open();
    return this.listening;
  }

  /** Serves something of one's own under `/_emulator/<path>`. */
  addControlRoute(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    route: ControlRoute,
  ): void {
    this.controlRoutes.add(method, path, route);
  }

  /** Stops listening and ends every connection, idle or not. */
  async stop(): Promise<void> {
    const { server } = this;
    this.sniffer.close();
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private open(): Promise<string> {
    const { host } = this;
    const port = this.options.port ?? 0;
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true }, (socket) => this.accept(socket));
      this.server = server;
      if (!this.keepAlive) server.unref();
      server.once('error', (error: NodeJS.ErrnoException) => {
        this.server = undefined;
        reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, host) : error);
      });
      server.listen(port, host, () => {
        const address = server.address();
        const actual = typeof address === 'object' && address ? address.port : port;
        const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
        this.address = `${reachable.includes(':') ? `[${reachable}]` : reachable}:${actual}`;
        resolve(`http://${this.address}`);
      });
    });
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    if (!this.keepAlive) socket.unref();
    socket.once('close', () => this.sockets.delete(socket));
    // A client that resets its connection is no failure of ours.
    socket.on('error', () => socket.destroy());
    this.sniffer.accept(socket);
  }

  private receive(request: NodeRequest, response: NodeResponse): void {
    response.sendDate = false;
    const host = request.headers.host ?? request.headers[':authority'];
    const authority = typeof host === 'string' ? host : this.address;
    const refusal = this.guard.refusal({
      host: authority,
      origin: request.headers.origin,
      'sec-fetch-site': request.headers['sec-fetch-site'],
    });
    if (refusal !== undefined) {
      request.resume();
      this.write(request, response, jsonResponse(403, { message: refusal }));
      return;
    }
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    collectBody(request, (body) => {
      const url = request.url ?? '/';
      const actor = request.headers['x-emulator-actor'];
      const serve = (): void => {
        if (url.startsWith(ControlRoutes.prefix)) void this.control(request, response, body);
        else
          void this.serve(
            request,
            response,
            new HttpWireRequest(request, response, `${scheme}://${authority}`, body),
          );
      };
      if (typeof actor === 'string') void this.admit(actor, request, response).then(serve);
      else serve();
    });
  }

  /** Lets a call of an actor wait for its round. */
  private async admit(actor: string, request: NodeRequest, response: NodeResponse): Promise<void> {
    const { callGate } = this.options;
    if (!callGate) return;
    response.once('close', () => callGate.answered(actor));
    await callGate.enter(actor, Number(request.headers['x-emulator-sequence']));
  }

  private async serve(
    request: NodeRequest,
    response: NodeResponse,
    wire: HttpWireRequest,
  ): Promise<void> {
    this.write(request, response, await this.options.dispatcher.handle(wire));
  }

  private async control(
    request: NodeRequest,
    response: NodeResponse,
    body: Uint8Array,
  ): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '/').split('?');
    const method = request.method ?? 'GET';
    const answer = await this.controlRoutes.handle(method, path, query, utf8(body));
    const { status, body: content, contentType } = answer;
    const wire =
      contentType === undefined
        ? jsonResponse(status, content)
        : { status, headers: { 'content-type': contentType }, body: String(content) };
    this.write(request, response, wire);
  }

  private write(request: NodeRequest, response: NodeResponse, answer: WireResponse): void {
    if (response.destroyed) return;
    const method = request.method ?? 'GET';
    try {
      writeResponse(response, method, answer, this.date());
    } catch (error) {
      // A header that HTTP does not allow, say: one answer less, not the end of the emulator.
      if (response.headersSent) response.destroy();
      else {
        const message = `The answer cannot be written: ${Object(error).message}`;
        writeResponse(response, method, jsonResponse(500, { message }), this.date());
      }
    }
  }

  /** The emulated time, as a header; the text is made once a second. */
  private date(): string {
    const second = Math.floor(this.options.clock.now() / 1000);
    if (second !== this.dateSecond) {
      this.dateSecond = second;
      this.dateText = httpDate(second * 1000);
    }
    return this.dateText;
  }
}

function jsonResponse(status: number, body: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
