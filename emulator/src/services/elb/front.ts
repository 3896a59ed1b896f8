import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ElbRegion } from './elb-region';
import type { Forwarding } from './forwarding';
import { type Listener, type LoadBalancer, ruleFor } from './load-balancer';
import { redirectedTo } from './redirect';

/** A certificate and its private key, both PEM. */
export interface FrontCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A listener of a load balancer as a port of 127.0.0.1. */
export class Front {
  private server: Server | undefined;

  constructor(
    private readonly region: ElbRegion,
    private readonly balancer: LoadBalancer,
    private readonly listener: Listener,
    private readonly forwarding: Forwarding,
  ) {}

  /** Starts it, and tells where, such as `http://127.0.0.1:40123`. */
  async listen(certificate: FrontCertificate | undefined): Promise<string> {
    const serve: RequestListener = (request, response) => {
      void this.region.clock.work(`${request.method} ${request.url} at ${this.balancer.name}`, () =>
        this.serve(request, response),
      );
    };
    const server = certificate
      ? createSecureServer({ cert: certificate.certificate, key: certificate.key }, serve)
      : createServer(serve);
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // Must not keep a process alive that has nothing else to do.
    server.unref();
    const { port } = server.address() as AddressInfo;
    return `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '/' } = request;
    const host = (request.headers.host ?? this.balancer.dnsName).replace(/:\d+$/, '');
    const [path = '/'] = url.split('?');
    const { action } = ruleFor(this.listener, host, path);
    response.sendDate = false;
    response.setHeader('date', new Date(this.region.clock.now()).toUTCString());
    if (action.kind === 'forward') {
      await this.forwarding.forward(
        { region: this.region, balancer: this.balancer, listener: this.listener },
        action.targetGroupArn,
        request,
        response,
      );
      return;
    }
    request.resume();
    response.setHeader('server', 'awselb/2.0');
    if (action.kind === 'fixed-response') {
      response.writeHead(action.status, { 'content-type': action.contentType ?? 'text/plain' });
      response.end(action.body ?? '');
    } else {
      const { protocol, port } = this.listener;
      response.writeHead(action.status, {
        location: redirectedTo(action, { protocol, host, port, url }),
      });
      response.end();
    }
    this.forwarding.metrics.request(this.region, this.balancer, {
      status: response.statusCode,
    });
  }
}
