import net from 'node:net';
import tls from 'node:tls';
import type { IsEmulator } from './emulator-address';
import { PostgresWire } from './postgres-wire';

/** A connection to somewhere else than the emulator. */
class Conversation {
  private postgres: PostgresWire | undefined;
  private spoken = false;
  private unanswered = false;

  /** @param socket - the outermost one: the encrypted one, once there is one */
  constructor(public socket: net.Socket) {}

  /** Whether it waits for the other side. */
  get open(): boolean {
    const { socket } = this;
    if (socket.destroyed) return false;
    if (socket.connecting || (socket instanceof tls.TLSSocket && isHandshaking(socket)))
      return true;
    return this.postgres ? this.postgres.waiting : this.unanswered;
  }

  noteSent(chunk: Buffer): void {
    if (!this.spoken) {
      this.spoken = true;
      if (PostgresWire.speaks(chunk)) this.postgres = new PostgresWire();
    }
    this.postgres?.noteSent(chunk);
    this.unanswered = true;
  }

  noteReceived(chunk: Buffer): void {
    this.postgres?.noteReceived(chunk);
    this.unanswered = false;
  }
}

/** A member of Node's that its types leave out: true until the handshake is over. */
function isHandshaking(socket: tls.TLSSocket & { secureConnecting?: boolean }): boolean {
  return socket.secureConnecting === true;
}

/** Watches every connection of this thread that does not lead to the emulator. */
export class Sockets {
  private readonly conversations = new WeakMap<net.Socket, Conversation>();
  private readonly live = new Set<Conversation>();

  /**
   * @param onActivity - called whenever anything happens on any connection, before the function's code sees it
   */
  constructor(
    private readonly isEmulator: IsEmulator,
    private readonly onActivity: () => void,
  ) {}

  /** How many connections wait for the other side. */
  openCount(): number {
    let count = 0;
    for (const conversation of this.live) if (conversation.open) count += 1;
    return count;
  }

  /** Puts itself between Node's sockets and whoever uses them. */
  install(): void {
    this.watchConnects();
    this.watchWrites();
    this.watchReads();
  }

  private watchConnects(): void {
    const sockets = this;
    const prototype: { connect: unknown } = net.Socket.prototype;
    const { connect } = net.Socket.prototype;
    prototype.connect = function (this: net.Socket, ...args: unknown[]) {
      const { host, port } = addressOf(args);
      if (port === undefined || !sockets.isEmulator(host, port)) sockets.follow(this);
      return Reflect.apply(connect, this, args);
    };
    const secure = tls.connect;
    const watched = (...args: unknown[]): tls.TLSSocket => {
      const socket: tls.TLSSocket & { _parent?: net.Socket } = Reflect.apply(secure, tls, args);
      this.moveInside(socket);
      socket.once('secureConnect', () => this.onActivity());
      return socket;
    };
    tls.connect = watched as typeof tls.connect;
  }

  private watchWrites(): void {
    const sockets = this;
    const prototype = net.Socket.prototype;
    const { _write, _writev } = prototype;
    prototype._write = function (chunk, encoding, callback) {
      sockets.find(this)?.noteSent(bytesOf(chunk, encoding));
      Reflect.apply(_write, this, [chunk, encoding, callback]);
    };
    if (!_writev) return;
    prototype._writev = function (chunks, callback) {
      const conversation = sockets.find(this);
      if (conversation)
        for (const { chunk, encoding } of chunks) conversation.noteSent(bytesOf(chunk, encoding));
      Reflect.apply(_writev, this, [chunks, callback]);
    };
  }

  private watchReads(): void {
    const sockets = this;
    const prototype = net.Socket.prototype;
    const { push } = prototype;
    prototype.push = function (chunk: unknown, encoding?: BufferEncoding) {
      if (Buffer.isBuffer(chunk)) sockets.find(this)?.noteReceived(chunk);
      sockets.onActivity();
      return Reflect.apply(push, this, [chunk, encoding]);
    };
  }

  private follow(socket: net.Socket): void {
    if (this.conversations.has(socket)) return;
    const conversation = new Conversation(socket);
    this.conversations.set(socket, conversation);
    this.live.add(conversation);
    this.onActivity();
    socket.once('connect', () => this.onActivity());
    socket.once('close', () => {
      if (conversation.socket === socket) this.live.delete(conversation);
      this.onActivity();
    });
  }

  private find(socket: net.Socket): Conversation | undefined {
    const conversation = this.conversations.get(socket);
    // What passes on a wrapped socket is encrypted: only the one around it speaks.
    return conversation?.socket === socket ? conversation : undefined;
  }

  /** A plain connection goes on encrypted, as PostgreSQL's do: the conversation moves with it. */
  private moveInside(socket: tls.TLSSocket & { _parent?: net.Socket }): void {
    const parent = socket._parent;
    const conversation = parent && this.conversations.get(parent);
    if (!conversation) return;
    conversation.socket = socket;
    this.conversations.set(socket, conversation);
    socket.once('close', () => {
      this.live.delete(conversation);
      this.onActivity();
    });
  }
}

function bytesOf(chunk: unknown, encoding: BufferEncoding): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  return chunk instanceof Uint8Array
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    : Buffer.alloc(0);
}

/** Host and port out of the forms that `net.Socket.connect` takes; no port for a Unix socket. */
function addressOf(args: readonly unknown[]): { host?: string; port?: number } {
  const [first, second] = args;
  if (Array.isArray(first)) return addressOf(first);
  if (typeof first === 'object' && first !== null) {
    const { host, port }: { host?: string; port?: number | string } = first;
    return { host, port: port === undefined ? undefined : Number(port) };
  }
  const port = Number(first);
  return {
    host: typeof second === 'string' ? second : undefined,
    port: Number.isNaN(port) ? undefined : port,
  };
}
