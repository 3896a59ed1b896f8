import type { Clock, ManualClock } from '../clock/clock';
import type { HopKind, Journal } from '../journal/journal';

/** A request to a control route. */
export interface ControlRequest {
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined if there is none. */
  readonly body: unknown;
}

/** The answer of a control route. */
export interface ControlResponse {
  /** @default 200 */
  readonly status?: number;
  readonly body: unknown;
  /** Of a body that is text. @default - the body is sent as JSON */
  readonly contentType?: string;
}

/** Serves one path under `/_emulator/`. */
export type ControlRoute = (request: ControlRequest) => ControlResponse | Promise<ControlResponse>;

/** Everything that is served under `/_emulator/` besides AWS itself. */
export class ControlRoutes {
  static readonly prefix = '/_emulator/';
  private readonly routes = new Map<string, ControlRoute>();

  /** @param path - below `/_emulator/`, such as `clock` */
  add(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, route: ControlRoute): void {
    this.routes.set(`${method} ${ControlRoutes.prefix}${path}`, route);
  }

  /** Answers a request; never rejects. */
  async handle(
    method: string,
    path: string,
    query: string,
    body: string,
  ): Promise<ControlResponse & { readonly status: number }> {
    // https://www.rfc-editor.org/rfc/rfc9110#name-head: tools that wait for a server ask by HEAD.
    const route = this.routes.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
    if (!route) {
      const known = [...this.routes.keys()].join(', ');
      return failure(404, `There is no ${method} ${path}; there are ${known}`);
    }
    let parsed: unknown;
    try {
      parsed = body === '' ? undefined : JSON.parse(body);
    } catch {
      return failure(400, 'The body is not valid JSON');
    }
    try {
      const answer = await route({ query: new URLSearchParams(query), body: parsed });
      return { status: 200, ...answer };
    } catch (error) {
      return failure(500, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Adds the routes that every emulator has: `health`, `clock` and `journal`. */
export function addStandardRoutes(routes: ControlRoutes, clock: Clock, journal: Journal): void {
  const clockState = () => ({
    kind: clock.kind,
    rate: clock.rate,
    now: new Date(clock.now()).toISOString(),
  });
  routes.add('GET', 'health', () => ({ body: { status: 'ok', clock: clockState() } }));
  routes.add('GET', 'clock', () => ({ body: clockState() }));
  routes.add('POST', 'clock', async ({ body }) => {
    if (!isManual(clock)) return failure(409, `The ${clock.kind} clock moves by itself`);
    const advance: unknown = Object(body).advance;
    if (typeof advance !== 'number' || !Number.isFinite(advance) || advance < 0)
      return failure(400, 'The body must be {"advance": milliseconds}');
    await clock.advance(advance);
    return { body: clockState() };
  });
  routes.add('GET', 'journal', ({ query }) => {
    const messageId = query.get('messageId');
    const kind = query.get('kind');
    const resource = query.get('resource') ?? undefined;
    const hops =
      messageId === null
        ? journal.hops({ kind: kind === null ? undefined : (kind as HopKind), resource })
        : journal.trace(messageId);
    return { body: { capacity: journal.capacity, evicted: journal.evicted, hops } };
  });
}

function failure(status: number, message: string) {
  return { status, body: { message } };
}

function isManual(clock: Clock): clock is ManualClock {
  return clock.kind === 'manual';
}
