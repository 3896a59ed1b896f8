import { Readable } from 'node:stream';
import type { HttpHandler } from '@smithy/core/protocols';
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions, HttpRequest } from '@smithy/types';
import type { WireRequest } from '../protocol/message';
import type { Dispatcher } from './dispatcher';

const neverAborted = new AbortController().signal;

/**
 * A `requestHandler` for any client of the AWS SDK v3: the request passes through the same code as
 * one over a socket, byte for byte, without the socket.
 */
export class InProcessTransport implements HttpHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly dispatcher: Pick<Dispatcher, 'handle'>) {}

  async handle(
    request: HttpRequest,
    options: HttpHandlerOptions = {},
  ): Promise<{ response: HttpResponse }> {
    const wire = await wireRequest(request, options);
    const answer = await unlessAborted(wire.signal, () => this.dispatcher.handle(wire));
    const { body } = answer;
    return {
      response: new HttpResponse({
        statusCode: answer.status,
        headers: { ...answer.headers },
        body:
          typeof body === 'string'
            ? Buffer.from(body)
            : body instanceof Uint8Array && !answer.streamed
              ? body
              : Readable.from(body instanceof Uint8Array ? [body] : body, { objectMode: false }),
      }),
    };
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {}
}

/**
 * What the SDK's own handlers do when the caller aborts: nothing is sent if that was before, and an
 * answer that comes after it is dropped.
 */
function unlessAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  if (signal === neverAborted) return run();
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError(signal));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** As `@smithy/node-http-handler` makes it: an error is its cause, another reason its message. */
function abortError({ reason }: AbortSignal): Error {
  // An Error of another realm is no instance of this one.
  const isError = typeof reason === 'object' && reason !== null && 'message' in reason;
  const text = reason && !isError ? String(reason) : 'Request aborted';
  const error = new Error(text, isError ? { cause: reason } : undefined);
  error.name = 'AbortError';
  return error;
}

async function wireRequest(
  request: HttpRequest,
  { abortSignal }: HttpHandlerOptions,
): Promise<WireRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  const port = request.port === undefined ? '' : `:${request.port}`;
  return {
    method: request.method,
    path: request.path,
    query: buildQueryString(request.query ?? {}),
    headers,
    body: await collect(request.body),
    origin: `${request.protocol}//${request.hostname}${port}`,
    signal: abortSignal instanceof AbortSignal ? abortSignal : neverAborted,
  };
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body))
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Uint8Array[] = [];
  for await (const chunk of Readable.from(asIterable(body)))
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

function asIterable(body: unknown): AsyncIterable<unknown> {
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
    return body as AsyncIterable<unknown>;
  throw new TypeError('The body of a request must be text, bytes or a stream');
}
