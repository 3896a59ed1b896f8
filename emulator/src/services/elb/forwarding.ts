import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { BalancerMetrics } from './balancer-metrics';
import type { ElbRegion } from './elb-region';
import type { HealthChecks } from './health-checks';
import type { Listener, LoadBalancer } from './load-balancer';
import type { Target } from './target';
import { NoAnswerError, send, type TargetAnswer } from './target-connection';
import type { TargetGroup } from './target-group';

/** Where a request has come in. */
export interface Entrance {
  readonly region: ElbRegion;
  readonly balancer: LoadBalancer;
  readonly listener: Listener;
}

/** Of one hop only: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Hands requests on to the targets of a group, one after the other. */
export class Forwarding {
  constructor(
    private readonly checks: HealthChecks,
    readonly metrics: BalancerMetrics,
  ) {}

  /** Answers a request by a target of a group, or by an error of the load balancer's own: 502, 503, 504. */
  async forward(
    entrance: Entrance,
    targetGroupArn: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { balancer, region } = entrance;
    const group = region.targetGroups.get(targetGroupArn);
    const target = group && nextTarget(group);
    if (!group || !target) {
      request.resume();
      refuse(response, 503, 'Service Temporarily Unavailable');
      this.metrics.request(region, balancer, { status: 503, group });
      return;
    }
    const started = region.clock.now();
    target.inFlight += 1;
    try {
      const answer = await this.send(entrance, group, target, request);
      const responseTime = (region.clock.now() - started) / 1000;
      this.metrics.request(region, balancer, {
        status: answer.status,
        group,
        target,
        responseTime,
      });
      response.writeHead(answer.status, forwardedHeaders(answer.headers));
      // If either end breaks off, so does the other: what the client has of the answer is not all of it.
      await pipeline(answer.body, response).catch(() => undefined);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      request.resume();
      const timedOut = error.reason === 'timeout';
      if (!timedOut) this.metrics.connectionError(region, balancer, group);
      refuse(response, timedOut ? 504 : 502, timedOut ? 'Gateway Time-out' : 'Bad Gateway');
      this.metrics.request(region, balancer, { status: timedOut ? 504 : 502, group });
    } finally {
      target.inFlight -= 1;
    }
  }

  private send(
    { balancer, listener, region }: Entrance,
    group: TargetGroup,
    target: Target,
    request: IncomingMessage,
  ): Promise<TargetAnswer> {
    const { headers, method = 'GET', socket, url = '/' } = request;
    const before = headers['x-forwarded-for'];
    const from = socket.remoteAddress ?? '127.0.0.1';
    const hasBody =
      headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    return send(
      this.checks.destination(region, group, target, target.port),
      {
        method,
        path: url,
        headers: {
          ...forwardedHeaders(headers),
          ...(headers['transfer-encoding'] !== undefined && { 'transfer-encoding': 'chunked' }),
          'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
          'x-forwarded-port': String(listener.port),
          'x-forwarded-proto': listener.protocol.toLowerCase(),
          'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? traceId(region),
        },
        body: hasBody ? request : undefined,
      },
      Number(balancer.attributes.get('idle_timeout.timeout_seconds')) * 1000,
    );
  }
}

/**
 * The target whose turn it is: one of the healthy ones, or one of all where none is.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html: a group
 *   of unhealthy targets alone fails open.
 */
function nextTarget(group: TargetGroup): Target | undefined {
  const all = [...group.targets.values()].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  const healthy = all.filter(({ state }) => state === 'healthy');
  const usable =
    healthy.length > 0
      ? healthy
      : all.filter(({ state }) => state === 'initial' || state === 'unhealthy');
  const target = usable[group.turn % Math.max(usable.length, 1)];
  group.turn += 1;
  return target;
}

function forwardedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !hopByHop.includes(name)) kept[name] = value;
  return kept;
}

/** As a load balancer answers by itself. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  const title = `${status} ${reason}`;
  response.writeHead(status, { 'content-type': 'text/html', server: 'awselb/2.0' });
  response.end(
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  );
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html */
function traceId(region: ElbRegion): string {
  const seconds = Math.floor(region.clock.now() / 1000).toString(16);
  return `Root=1-${seconds}-${region.stream('traces').hex(24)}`;
}
