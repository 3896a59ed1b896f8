import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { ReceivedOrders } from './received-orders';

/**
 * The archive: a web server on this machine that confirms its subscription and keeps every order.
 *
 * One that others can reach takes messages in SNS's envelope instead of raw ones, and checks its signature.
 */
export class ArchiveEndpoint {
  readonly orders = new ReceivedOrders();
  /** Whether it answers 503, as a load balancer does with nothing behind it. */
  down = false;
  private refused = 0;
  private confirm: () => void = () => undefined;
  /** Resolves when its subscription is confirmed. */
  readonly confirmed = new Promise<void>((resolve) => {
    this.confirm = resolve;
  });

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ArchiveEndpoint> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const endpoint = new ArchiveEndpoint(server, `http://127.0.0.1:${port}/orders`);
    server.on('request', async (request, response) => {
      const status = await endpoint.answer(request).catch(() => 500);
      response.writeHead(status).end();
    });
    return endpoint;
  }

  /** Deliveries that it did not take because it was down. */
  get refusedDeliveries(): number {
    return this.refused;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage): Promise<number> {
    const body = await text(request);
    if (this.down) {
      this.refused += 1;
      return 503;
    }
    switch (request.headers['x-amz-sns-message-type']) {
      case 'Notification':
        this.orders.take(body);
        break;
      case 'SubscriptionConfirmation':
        await fetch((JSON.parse(body) as { SubscribeURL: string }).SubscribeURL);
        this.confirm();
        break;
    }
    return 200;
  }
}
