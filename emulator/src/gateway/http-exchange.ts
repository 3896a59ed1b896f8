import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WireRequest, WireResponse } from '../protocol/message';

/** A request over HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** What answers it. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** A request that came over a socket, complete with its body. */
export class HttpWireRequest implements WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  private aborter: AbortController | undefined;

  constructor(
    request: NodeRequest,
    private readonly response: NodeResponse,
    readonly origin: string,
    readonly body: Uint8Array,
  ) {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.method = request.method ?? 'GET';
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? '' : url.slice(mark + 1);
    this.headers = plainHeaders(request.headers);
  }

  /** Made when first asked for: few calls wait for anything. */
  get signal(): AbortSignal {
    if (!this.aborter) {
      const aborter = new AbortController();
      this.aborter = aborter;
      const { response } = this;
      const hungUp = () => {
        // Not `writableFinished`: a stream of HTTP/2 that is destroyed counts as finished.
        if (!response.writableEnded) aborter.abort();
      };
      if (isDestroyed(response)) hungUp();
      else response.once('close', hungUp);
    }
    return this.aborter.signal;
  }
}

function isDestroyed(response: NodeResponse): boolean {
  return 'stream' in response ? response.stream.destroyed : response.destroyed;
}

/** Reads a body by events, which costs less than iterating. Never calls back if the client hangs up before. */
export function collectBody(request: NodeRequest, done: (body: Uint8Array) => void): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  request.on('data', (chunk: Buffer) => {
    if (!first) first = chunk;
    else if (more) more.push(chunk);
    else more = [first, chunk];
  });
  request.on('end', () => done(more ? Buffer.concat(more) : (first ?? Buffer.alloc(0))));
}

/** Writes an answer; a body that breaks off ends the connection, so that nobody takes it for complete. */
export function writeResponse(
  response: NodeResponse,
  method: string,
  answer: WireResponse,
  date: string,
): void {
  const { status, body } = answer;
  const headers: Record<string, string | number> = { date, ...answer.headers };
  if (method === 'HEAD' || status === 204 || status === 304) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  if (typeof body === 'string') {
    headers['content-length'] = Buffer.byteLength(body);
    response.writeHead(status, headers);
    end(response, body);
  } else if (body instanceof Uint8Array) {
    headers['content-length'] = body.byteLength;
    response.writeHead(status, headers);
    end(response, body);
  } else {
    response.writeHead(status, headers);
    pipeline(Readable.from(body, { objectMode: false }), response).catch(() => response.destroy());
  }
}

function end(response: NodeResponse, body: string | Uint8Array): void {
  // The two kinds of response share the method, but not its overloads.
  if ('stream' in response) response.end(body);
  else response.end(body);
}

/** HTTP/2 has pseudo-headers, of which the authority stands for the host. */
function plainHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string | undefined>> {
  if (!(':method' in headers) && isPlain(headers)) return headers;
  const plain: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === ':authority') plain.host ??= String(value);
    else if (!name.startsWith(':')) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** Node.js gives lists only for `set-cookie`, which requests do not carry. */
function isPlain(
  headers: IncomingHttpHeaders,
): headers is Readonly<Record<string, string | undefined>> {
  return headers['set-cookie'] === undefined;
}
