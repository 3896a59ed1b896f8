import { connect, createServer, type Server, type Socket } from 'node:net';
import { relayHosts } from '../../engines/postgres';

/** The port on which a proxy for PostgreSQL listens on AWS; its endpoint attribute does not tell one. */
const proxyPort = 5432;

/** Hands on the connections to an address of its own to a database, one to one; TLS is the database's. */
export class ProxyRelay {
  private target: { readonly host: string; readonly port: number } | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    /** A loopback address: the endpoint. */
    readonly address: string,
    private readonly server: Server,
  ) {
    server.on('connection', (socket) => this.relay(socket));
    // Must not keep a process alive that has nothing else to do.
    server.unref();
  }

  /**
   * Listens on port 5432 of the first address that the database's certificate is for where it is free, or of
   * 127.0.0.1 where the system has no others (macOS).
   *
   * @throws Error if it is taken everywhere.
   */
  static async open(): Promise<ProxyRelay> {
    for (const address of relayHosts) {
      const server = await listen(address);
      if (server) return new ProxyRelay(address, server);
    }
    const server = await listen('127.0.0.1');
    if (server) return new ProxyRelay('127.0.0.1', server);
    throw new Error(
      `An RDS proxy listens on port ${proxyPort} of a loopback address; no address from 127.0.0.1 to ${relayHosts.at(-1)} has it free.`,
    );
  }

  /** From now on connections go there; without a target they are closed. */
  forwardTo(target: { readonly host: string; readonly port: number } | undefined): void {
    this.target = target;
  }

  /** Ends all connections and stops listening. */
  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private relay(client: Socket): void {
    if (!this.target) {
      client.destroy();
      return;
    }
    const database = connect(this.target.port, this.target.host);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

/** Undefined if the address is taken, or there is none such. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(proxyPort, address, () => resolve(server));
  });
}
