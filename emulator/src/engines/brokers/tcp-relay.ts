import { connect, createServer, type Server, type Socket } from 'node:net';
import { findFreePort } from '../processes/free-port';

/**
 * One address in front of several, as behind a Network Load Balancer: each connection goes to the next that takes it, and breaks when that one does.
 */
export class TcpRelay {
  private server: Server | undefined;
  private listening: Promise<number> | undefined;
  private port: number | undefined;
  private readonly open = new Set<Socket>();
  private turn = 0;

  /**
   * @param host - of the address and of the targets
   * @param targets - ports that may take a connection, asked for each
   */
  constructor(
    private readonly host: string,
    private readonly targets: () => readonly number[],
  ) {}

  /** Begins to listen, once. @returns its port, the same as long as it exists */
  listen(): Promise<number> {
    this.listening ??= this.start();
    return this.listening;
  }

  /** Where clients connect to. @throws Error before it listens */
  get address(): string {
    if (this.port === undefined) throw new Error('the relay does not listen yet');
    return `${this.host}:${this.port}`;
  }

  /** Breaks all connections, and takes no more. */
  close(): void {
    this.server?.close();
    for (const socket of this.open) socket.destroy();
  }

  private async start(): Promise<number> {
    const port = await findFreePort(this.host);
    const server = createServer({ pauseOnConnect: true }, (client) => void this.relay(client));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.host, resolve);
    });
    // A process that has nothing else to do may end.
    server.unref();
    this.port = port;
    return port;
  }

  private async relay(client: Socket): Promise<void> {
    this.adopt(client);
    const targets = this.targets();
    const first = this.turn++;
    for (let index = 0; index < targets.length && !client.destroyed; index++) {
      const target = await this.reach(targets[(first + index) % targets.length] ?? 0);
      if (!target) continue;
      client.once('close', () => target.destroy());
      target.once('close', () => client.destroy());
      if (client.destroyed) target.destroy();
      client.pipe(target);
      target.pipe(client);
      client.resume();
      return;
    }
    client.destroy();
  }

  /** A connection to a target; undefined if it takes none. */
  private reach(port: number): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const target = connect({ host: this.host, port });
      this.adopt(target);
      target.once('connect', () => resolve(target));
      target.once('close', () => resolve(undefined));
    });
  }

  private adopt(socket: Socket): void {
    socket.unref().setNoDelay();
    this.open.add(socket);
    // What follows an error is its end.
    socket.on('error', () => undefined);
    socket.once('close', () => this.open.delete(socket));
  }
}
