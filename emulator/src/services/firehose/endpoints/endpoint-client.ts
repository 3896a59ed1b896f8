import { gunzipSync } from 'node:zlib';
import { callOverHttp, type HttpAnswer, HttpCallError } from '../../../network/http-call';
import type { DeliverySurroundings } from '../delivery/surroundings';
import type { CapturedAnswer, CapturedCall } from './captured-call';

/** A call of an endpoint. */
export interface EndpointCall {
  readonly method: 'COPY' | 'POST';
  /** The address in the configuration, with the path of the call. */
  readonly url: string;
  /** By what it is routed, if that is not the URL. @default - the URL */
  readonly address?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** What the endpoint answers if all is well and nobody says otherwise: for calls that are captured. */
  readonly success: () => object;
}

/** How long an endpoint has to answer, and how much it may say. */
export interface EndpointLimits {
  /** Emulated milliseconds. */
  readonly patience: number;
  /** Bytes. @default - any number */
  readonly largestAnswer?: number;
}

/** Calls the endpoints of a delivery stream, or has their calls captured. */
export class EndpointClient {
  constructor(
    private readonly surroundings: DeliverySurroundings,
    private readonly destination: CapturedCall['destination'],
    private readonly limits: EndpointLimits,
  ) {}

  /**
   * The answer of an endpoint.
   *
   * @throws HttpCallError if there is none
   */
  async call(call: EndpointCall): Promise<HttpAnswer> {
    const { clock, ports } = this.surroundings;
    const address = call.address ?? call.url;
    const route = ports.endpoints.routeOf(address);
    if (route === 'capture') return this.captured(call, address);
    return callOverHttp(
      {
        method: 'POST',
        url: routed(call.url, route),
        headers: { ...call.headers, 'Content-Length': String(Buffer.byteLength(call.body)) },
        body: call.body,
      },
      { ...this.limits, clock, certificateAuthority: ports.certificateAuthority },
    );
  }

  private async captured(call: EndpointCall, address: string): Promise<HttpAnswer> {
    const { address: stream, clock, ports } = this.surroundings;
    const { method, url, headers } = call;
    const captured: CapturedCall = {
      deliveryStream: stream.name,
      account: stream.account,
      region: stream.region,
      destination: this.destination,
      method,
      url,
      headers,
      body: textOf(call),
      time: clock.now(),
    };
    ports.endpoints.capture(captured);
    const scripted = await ports.endpoints.answersOf(address)?.(captured);
    return this.answered(scripted ?? { body: call.success() });
  }

  private async answered(answer: CapturedAnswer): Promise<HttpAnswer> {
    const { clock, arn } = this.surroundings;
    const { patience, largestAnswer = Number.POSITIVE_INFINITY } = this.limits;
    switch (answer) {
      case 'connection refused':
        throw new HttpCallError('connection', 'the connection was refused');
      case 'connection reset':
        throw new HttpCallError('reset', 'the connection was reset');
      case 'no answer':
        await clock.park(() => clock.sleep(patience, `answer for ${arn}`));
        throw new HttpCallError('timeout', `no answer within ${patience / 1000} seconds`);
      default:
        break;
    }
    const { body: given = '', headers: more, status = 200 } = answer;
    const body = Buffer.from(typeof given === 'string' ? given : JSON.stringify(given));
    if (body.byteLength > largestAnswer)
      throw new HttpCallError('too large', `an answer of more than ${largestAnswer} bytes`);
    const headers = more ?? {
      'content-type': 'application/json',
      'content-length': String(body.byteLength),
    };
    const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return { status, headers: Object.fromEntries(lowered), body };
  }
}

/** The URL of a call on the server that its address is routed to. */
function routed(url: string, { host, pathname, protocol }: URL): URL {
  // Such as the URL of a JDBC driver, which has no path.
  if (!/^https?:/.test(url)) return new URL(`${protocol}//${host}${pathname}`);
  const { hash, pathname: path, search } = new URL(url);
  const before = new URL(url).host === host ? '' : pathname.replace(/\/$/, '');
  return new URL(`${protocol}//${host}${before}${path}${search}${hash}`);
}

function textOf({ body, headers }: EndpointCall): string {
  const bytes = Buffer.from(body);
  return (headers['Content-Encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}
