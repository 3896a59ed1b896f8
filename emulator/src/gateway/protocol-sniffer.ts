import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer } from 'node:tls';
import type { IssuedCertificate } from './certificate-authority';
import type { NodeRequest, NodeResponse } from './http-exchange';

/** Told apart by its first byte: a TLS handshake. */
const tlsHandshake = 0x16;
/** How HTTP/2 begins: `PRI * HTTP/2.0`; no method of HTTP/1.1 begins so. */
const http2Preface = 'PRI';

/**
 * Serves HTTP/1.1 and HTTP/2, with and without TLS, on the same sockets, told apart by the first bytes that a client sends. Within
 * TLS, too: the SDKs for Java begin HTTP/2 there without having agreed on it by ALPN.
 */
export class ProtocolSniffer {
  private readonly http: HttpServer;
  private readonly http2: Http2Server;
  private tls: Promise<TlsServer> | undefined;

  /** @param issueCertificate - called when the first client asks for TLS */
  constructor(
    onRequest: (request: NodeRequest, response: NodeResponse) => void,
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
    void this.tls?.then((server) => server.close());
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
      if (start[0] === tlsHandshake) this.acceptTls(socket);
      else if (start.toString('latin1', 0, 3) === http2Preface) this.acceptHttp2(socket);
      else handOver(this.http, socket);
    });
  }

  private acceptTls(socket: Socket): void {
    this.tls ??= this.createTls();
    this.tls.then(
      (server) => server.emit('connection', socket),
      (error: unknown) => socket.destroy(error instanceof Error ? error : undefined),
    );
  }

  private async createTls(): Promise<TlsServer> {
    const { certificate, key } = await this.issueCertificate();
    const options = { cert: certificate, key, ALPNProtocols: ['h2', 'http/1.1'] };
    return createTlsServer(options, (socket) => {
      socket.on('error', () => socket.destroy());
      this.accept(socket);
    });
  }

  private acceptHttp2(socket: Socket): void {
    // Node.js serves HTTP/2 over TLS only where it has been agreed on.
    if (socket instanceof TLSSocket) socket.alpnProtocol = 'h2';
    this.http2.emit('connection', socket);
  }
}

function handOver(server: HttpServer, socket: Socket): void {
  server.emit('connection', socket);
  socket.resume();
}
