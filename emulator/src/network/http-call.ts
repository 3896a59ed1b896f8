import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Clock } from '../clock/clock';

/** A request to a server on this machine. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How long to wait for an answer, and how much of it to take. */
export interface HttpCallOptions {
  readonly clock: Clock;
  /** Emulated milliseconds that the server has to answer. */
  readonly patience: number;
  /** Bytes of the answer's body. @default - any number */
  readonly largestAnswer?: number;
  /** PEM of the local certificate authority, which servers may use as well as the public ones. */
  readonly certificateAuthority: () => Promise<string>;
}

export interface HttpAnswer {
  readonly status: number;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Why there is no answer. */
export class HttpCallError extends Error {
  constructor(
    readonly kind: 'connection' | 'reset' | 'timeout' | 'tls' | 'too large',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Calls a server over HTTP or HTTPS, without following redirects.
 *
 * @throws HttpCallError
 */
export async function callOverHttp(call: HttpCall, options: HttpCallOptions): Promise<HttpAnswer> {
  const { clock, largestAnswer = Number.POSITIVE_INFINITY, patience } = options;
  const { body, headers, method, url } = call;
  const secure = url.protocol === 'https:';
  const ca = secure ? [...rootCertificates, await options.certificateAuthority()] : undefined;
  return new Promise((resolve, reject) => {
    let request: ClientRequest;
    let connected = false;
    const timer = clock.after(patience, `answer of ${url.host}`, () =>
      request.destroy(new HttpCallError('timeout', `no answer within ${patience / 1000} seconds`)),
    );
    const failed = (error: Error) => {
      timer.cancel();
      reject(error instanceof HttpCallError ? error : failureOf(error, connected));
    };
    const settings = { method, headers, agent: false };
    request = secure ? httpsRequest(url, { ...settings, ca }) : httpRequest(url, settings);
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
      });
    });
    request.on('error', failed);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', failed);
      response.on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        chunks.push(chunk);
        if (size > largestAnswer)
          request.destroy(
            new HttpCallError('too large', `an answer of more than ${largestAnswer} bytes`),
          );
      });
      response.on('end', () => {
        timer.cancel();
        const entries = Object.entries(response.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(entries),
          body: Buffer.concat(chunks),
        });
      });
    });
    request.end(body);
  });
}

function failureOf(error: Error & { code?: string }, connected: boolean): HttpCallError {
  const { code = '', message } = error;
  const reason = message || 'the connection failed';
  if (/CERT|TLS|SSL|SELF_SIGNED|VERIFY|EPROTO/.test(code)) return new HttpCallError('tls', reason);
  return new HttpCallError(connected ? 'reset' : 'connection', reason);
}
