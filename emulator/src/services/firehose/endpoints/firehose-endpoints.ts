import { isLocalUrl } from '../../../network/loopback';
import { NotImplementedError } from '../../../protocol/errors';
import type { CapturedAnswers, CapturedCall } from './captured-call';

/** Where deliveries to an address go: to a URL on this machine, or nowhere. */
export type EndpointRoute = URL | 'capture';

/** How many captured calls are kept: the oldest go first. */
const capacity = 10_000;

/**
 * Where delivery streams send what is for other machines: HTTP endpoints, Splunk, OpenSearch and Redshift. Nothing is ever sent
 * to them: an address is routed to a server of one's own on this machine, or its calls are captured, answered as if all were well
 * or by a function, and kept for tests to read.
 */
export class FirehoseEndpoints {
  private readonly routes = new Map<string, EndpointRoute>();
  private readonly answers = new Map<string, CapturedAnswers>();
  private calls: CapturedCall[] = [];

  /** @param routes - address to URL or `capture`, as {@link route} takes them */
  constructor(routes: Readonly<Record<string, string>> = {}) {
    for (const [address, to] of Object.entries(routes)) this.route(address, to);
  }

  /**
   * Says where deliveries to an address go from now on.
   *
   * ```ts
   * aws.firehose.route('intake.example.com', 'http://127.0.0.1:8080');
   * aws.firehose.route('*', 'capture');
   * ```
   *
   * @param address - a host, the beginning of a URL, the ARN of an OpenSearch domain, or `*` for whatever is not routed by itself; the longest that fits counts
   * @param to - `capture`, or a URL on this machine: its scheme, host and port take the place of those of the address, and
   * what it has of a path comes before the path
   * @throws RangeError for a URL that is none, or on another machine
   */
  route(address: string, to: string): void {
    if (to !== 'capture' && !isLocalUrl(to))
      throw new RangeError(
        `firehoseEndpoints takes 'capture' or the URL of a server on this machine, such as http://127.0.0.1:8080, got ${to}`,
      );
    this.routes.set(address, to === 'capture' ? to : new URL(to));
  }

  /** What has been captured and is still kept, oldest first: of a delivery stream, or all. */
  captured(deliveryStream?: string): CapturedCall[] {
    return this.calls.filter(
      (call) => deliveryStream === undefined || call.deliveryStream === deliveryStream,
    );
  }

  /** Forgets what has been captured. */
  clear(): void {
    this.calls = [];
  }

  /**
   * Has captured calls of an address answered by a function from now on.
   *
   * @param address - as {@link route} takes it
   * @returns what ends it
   */
  answer(address: string, answers: CapturedAnswers): () => void {
    this.answers.set(address, answers);
    return () => {
      if (this.answers.get(address) === answers) this.answers.delete(address);
    };
  }

  /** @internal */
  capture(call: CapturedCall): void {
    this.calls.push(call);
    if (this.calls.length > capacity) this.calls.shift();
  }

  /** @internal */
  answersOf(address: string): CapturedAnswers | undefined {
    return longestMatch(this.answers, address);
  }

  /**
   * Where deliveries to an address go.
   *
   * @internal
   * @throws NotImplementedError for one on another machine that is not routed
   */
  routeOf(address: string): EndpointRoute {
    const route = longestMatch(this.routes, address);
    if (route) return route;
    if (isLocalUrl(address)) return new URL(address);
    throw new NotImplementedError(
      `deliveries to ${address}, which is on another machine: say where they go, as in Emulator.start({ firehoseEndpoints: { '${hostOf(address) ?? address}': 'http://127.0.0.1:8080' } }), or 'capture' instead of the URL`,
    );
  }
}

function hostOf(address: string): string | undefined {
  return /^(?:jdbc:)?[a-z]+:\/\/([^/:]+)/i.exec(address)?.[1];
}

function longestMatch<T>(entries: ReadonlyMap<string, T>, address: string): T | undefined {
  const host = hostOf(address);
  const [found] = [...entries]
    .filter(([key]) => key === '*' || key === host || address.startsWith(key))
    .sort(([a], [b]) => b.length - a.length);
  return found?.[1];
}
