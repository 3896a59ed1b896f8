import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import https from 'node:https';
import type { IsEmulator } from '../../../user-code/emulator-address';
import type { Activity } from './activity';

/**
 * Counts the calls to the emulator that are made by `node:http`, `node:https` and fetch, and numbers
 * them in the order in which they start, by headers that no signature covers.
 */
export function countCalls(actorId: string, isEmulator: IsEmulator, activity: Activity): void {
  const headers = (): [string, string][] => [
    ['x-emulator-actor', actorId],
    ['x-emulator-sequence', String(activity.nextSequence())],
  ];
  countHttp(isEmulator, activity, headers);
  countFetch(isEmulator, activity, headers);
}

interface AgentPrototype {
  addRequest(request: http.ClientRequest, options: http.RequestOptions): void;
}

/**
 * A request reaches its agent when it is made, before its headers are written: the one place that
 * every client of `node:http` and `node:https` passes. (The diagnostics channel speaks after they are.)
 */
function countHttp(
  isEmulator: IsEmulator,
  activity: Activity,
  headers: () => [string, string][],
): void {
  const prototype = http.Agent.prototype as http.Agent & AgentPrototype;
  const { addRequest } = prototype;
  prototype.addRequest = function (request, options) {
    const host = options.host ?? options.hostname ?? undefined;
    if (isEmulator(host, portOf(options)) && !request.headersSent) {
      for (const [name, value] of headers()) request.setHeader(name, value);
      followRequest(request, activity);
    }
    Reflect.apply(addRequest, this, [request, options]);
  };
}

function portOf(options: http.RequestOptions): number {
  return Number(options.port ?? options.defaultPort ?? 80);
}

function followRequest(request: http.ClientRequest, activity: Activity): void {
  activity.callStarts();
  let open = true;
  const finish = (): void => {
    if (!open) return;
    open = false;
    activity.callFinishes();
  };
  request.prependOnceListener('response', (response: http.IncomingMessage) => {
    // Whether or not the function reads the body: it is here in full when the parser ends it.
    const { push } = response;
    response.push = (chunk: unknown, encoding?: BufferEncoding) => {
      const more = Reflect.apply(push, response, [chunk, encoding]);
      if (chunk === null) finish();
      return more;
    };
  });
  request.once('close', () => {
    if (open && neverSent(request)) {
      open = false;
      activity.callNeverSent();
    } else {
      finish();
    }
  });
}

function neverSent(request: http.ClientRequest): boolean {
  return request.socket === null || request.socket.connecting || request.socket.bytesWritten === 0;
}

/** What undici publishes of a request. https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
interface UndiciRequest {
  readonly origin: string | URL;
  addHeader(name: string, value: string): void;
}

function countFetch(
  isEmulator: IsEmulator,
  activity: Activity,
  headers: () => [string, string][],
): void {
  const open = new WeakSet<UndiciRequest>();
  const isOpen = (message: unknown): message is { request: UndiciRequest } =>
    typeof message === 'object' && message !== null && 'request' in message;
  diagnostics.subscribe('undici:request:create', (message) => {
    if (!isOpen(message)) return;
    const url = new URL(message.request.origin);
    if (!isEmulator(url.hostname, Number(url.port || (url.protocol === 'https:' ? 443 : 80))))
      return;
    for (const [name, value] of headers()) message.request.addHeader(name, value);
    open.add(message.request);
    activity.callStarts();
  });
  for (const channel of ['undici:request:trailers', 'undici:request:error']) {
    diagnostics.subscribe(channel, (message) => {
      if (isOpen(message) && open.delete(message.request)) activity.callFinishes();
    });
  }
}

/**
 * Sends requests to the emulator's host that name no port to where it listens. The handlers of
 * aws-cdk-lib's custom resources answer CloudFormation by `https.request` with the ResponseURL's host
 * and path alone, and clients inside this process are given queue URLs without a port.
 */
export function redirectPortlessRequests(endpoint: string): void {
  const url = new URL(endpoint);
  if (url.protocol !== 'http:') return;
  const { request } = http;
  for (const module of [http, https]) {
    const original = module.request;
    const redirected = function (this: unknown, ...args: unknown[]): http.ClientRequest {
      const [options, callback] = args;
      if (!isPortlessTo(options, url.hostname)) return Reflect.apply(original, this, args);
      const agent = module === http ? options.agent : undefined;
      return request(
        { ...options, protocol: 'http:', port: url.port, agent },
        isListener(callback) ? callback : undefined,
      );
    };
    module.request = redirected as typeof http.request;
  }
}

function isPortlessTo(options: unknown, host: string): options is http.RequestOptions {
  if (typeof options !== 'object' || options === null || options instanceof URL) return false;
  const { hostname, host: plainHost, port }: http.RequestOptions = options;
  return (hostname ?? plainHost) === host && (port === undefined || port === null || port === '');
}

function isListener(value: unknown): value is (response: http.IncomingMessage) => void {
  return typeof value === 'function';
}
