import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import {
  createServer as createHttp2Server,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { IssuedCertificate } from './certificate-authority';
import type { NodeRequest, NodeResponse } from './http-exchange';

/** Told apart by its first byte: a TLS handshake. */
const tlsHandshake = 0x16;
/** How HTTP/2 without TLS begins: `PRI * HTTP/2.0`; no method of HTTP/1.1 begins so. */
const http2Preface = 'PRI';

/** Serves TLS, HTTP/1.1 and HTTP/2 on the same sockets, told apart by the first bytes that a client sends. */
export class ProtocolSniffer {
  private readonly http: HttpServer;
  private readonly http2: Http2Server;
  private secure: Promise<Http2SecureServer> | undefined;

  /** @param issueCertificate - called when the first client asks for TLS */
  constructor(
    private readonly onRequest: (request: NodeRequest, response: NodeResponse) => void,
    private readonly issueCertificate: () => Promise<IssuedCertificate>,
  ) {
    this.http = createHttpServer({ keepAlive: true, noDelay: true }, onRequest);
    // Idle connections stay open until we stop: closing one races with the client's next request.
    this.http.keepAliveTimeout = 0;
    this.http.requestTimeout = 0;
    this.http2 = createHttp2Server(onRequest);
  }

  /** Takes over a new connection. */
  accept(socket: Socket): void {
    this.look(socket, Buffer.alloc(0));
  }

  /** Ends the servers' own bookkeeping; connections are the caller's. */
  close(): void {
    this.http.close();
    this.http2.close();
    void this.secure?.then((server) => server.close());
  }

  private look(socket: Socket, seen: Buffer): void {
    socket.once('data', (chunk: Buffer) => {
      const start = seen.length > 0 ? Buffer.concat([seen, chunk]) : chunk;
      // `P` alone may become POST, PUT, PATCH or the preface.
      if (start.length < http2Preface.length && http2Preface.startsWith(start.toString('latin1'))) {
        this.look(socket, start);
        return;
      }
      socket.pause();
      socket.unshift(start);
      if (start[0] === tlsHandshake) this.acceptSecure(socket);
      else if (start.toString('latin1', 0, 3) === http2Preface)
        this.http2.emit('connection', socket);
      else handOver(this.http, socket);
    });
  }

  private acceptSecure(socket: Socket): void {
    this.secure ??= this.createSecure();
    this.secure.then(
      (server) => server.emit('connection', socket),
      (error: unknown) => socket.destroy(error instanceof Error ? error : undefined),
    );
  }

  private async createSecure(): Promise<Http2SecureServer> {
    const { certificate, key } = await this.issueCertificate();
    const server = createSecureServer({ cert: certificate, key, allowHTTP1: true });
    server.on('request', this.onRequest);
    return server;
  }
}

function handOver(server: HttpServer, socket: Socket): void {
  server.emit('connection', socket);
  socket.resume();
}
