import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { TargetGroupInput } from './api';
import { Attributes, targetGroupAttributes } from './attributes';
import { invalid } from './errors';
import type { Target } from './target';
import type { TargetHandler } from './target-hosts';

/** How the targets of a group are checked. */
export interface HealthCheckSettings {
  readonly enabled: boolean;
  readonly protocol: 'HTTP';
  /** `traffic-port` or a number. */
  readonly port: string;
  readonly path: string;
  /** Seconds. */
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Codes that count as healthy, such as `200` or `200-299,301`. */
  readonly matcher: string;
}

/** A group of instances that answer requests. */
export class TargetGroup {
  readonly attributes = new Attributes(targetGroupAttributes);
  readonly tags = new Map<string, string>();
  /** By id and port, such as `i-0123456789abcdef0:80`. */
  readonly targets = new Map<string, Target>();
  /** Answers for instances that are only recorded. */
  handler: TargetHandler | undefined;
  /** Position of the round robin. */
  turn = 0;

  constructor(
    /** `arn:aws:elasticloadbalancing:…:targetgroup/name/id` */
    readonly arn: string,
    readonly name: string,
    readonly vpcId: string,
    readonly port: number,
    public healthCheck: HealthCheckSettings,
  ) {}

  /** As metrics name it: `targetgroup/name/id`. */
  get fullName(): string {
    return this.arn.slice(this.arn.indexOf('targetgroup/'));
  }

  /** Emulated milliseconds. */
  get deregistrationDelay(): number {
    return Number(this.attributes.get('deregistration_delay.timeout_seconds')) * 1000;
  }
}

/** The members of CreateTargetGroup that are honoured. */
export const targetGroupMembers = [
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'IpAddressType',
  'Matcher',
  'Name',
  'Port',
  'Protocol',
  'ProtocolVersion',
  'Tags',
  'TargetType',
  'UnhealthyThresholdCount',
  'VpcId',
] as const;

/**
 * Refuses what target groups cannot be here: they are groups of instances that speak HTTP.
 *
 * @throws NotImplementedError, ServiceError
 */
export function checkTargetGroup(operation: string, input: TargetGroupInput): void {
  acceptOnly(operation, input, targetGroupMembers);
  const { Protocol, ProtocolVersion = 'HTTP1', TargetType = 'instance', IpAddressType } = input;
  if (TargetType !== 'instance') throw new NotImplementedError(`target type ${TargetType}`);
  if (Protocol === undefined) throw invalid('A protocol must be specified');
  if (Protocol !== 'HTTP') throw new NotImplementedError(`target groups of protocol ${Protocol}`);
  if (ProtocolVersion !== 'HTTP1')
    throw new NotImplementedError(`protocol version ${ProtocolVersion} of target groups`);
  if (IpAddressType === 'ipv6') throw new NotImplementedError('target groups of type ipv6');
  if (input.Port === undefined) throw invalid('A port must be specified');
  if (input.VpcId === undefined) throw invalid('A VPC ID must be specified');
  if (!/^(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/.test(input.Name))
    throw invalid(
      `Target group name '${input.Name}' must have at most 32 alphanumeric characters or hyphens, and must not begin or end with a hyphen`,
    );
}

/**
 * Health check settings out of those that are given and those that there were.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 * @throws ServiceError for what is out of bounds.
 */
export function healthCheckOf(
  input: Pick<
    TargetGroupInput,
    | 'HealthCheckEnabled'
    | 'HealthCheckIntervalSeconds'
    | 'HealthCheckPath'
    | 'HealthCheckPort'
    | 'HealthCheckProtocol'
    | 'HealthCheckTimeoutSeconds'
    | 'HealthyThresholdCount'
    | 'Matcher'
    | 'UnhealthyThresholdCount'
  >,
  before: HealthCheckSettings = {
    enabled: true,
    protocol: 'HTTP',
    port: 'traffic-port',
    path: '/',
    interval: 30,
    timeout: 5,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    matcher: '200',
  },
): HealthCheckSettings {
  const protocol = input.HealthCheckProtocol ?? before.protocol;
  if (protocol !== 'HTTP') throw new NotImplementedError(`health checks by ${protocol}`);
  if (input.Matcher?.GrpcCode !== undefined) throw new NotImplementedError('GrpcCode of Matcher');
  const settings: HealthCheckSettings = {
    enabled: input.HealthCheckEnabled ?? before.enabled,
    protocol,
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    interval: input.HealthCheckIntervalSeconds ?? before.interval,
    timeout: input.HealthCheckTimeoutSeconds ?? before.timeout,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? before.matcher,
  };
  within('Health check interval', settings.interval, 5, 300);
  within('Health check timeout', settings.timeout, 2, 120);
  within('Healthy threshold count', settings.healthyThreshold, 2, 10);
  within('Unhealthy threshold count', settings.unhealthyThreshold, 2, 10);
  if (settings.timeout >= settings.interval)
    throw invalid('Health check timeout must be smaller than the interval');
  if (!settings.path.startsWith('/') || settings.path.length > 1024)
    throw invalid(`Health check path '${settings.path}' must begin with a '/' character`);
  return settings;
}

/** Whether a code counts as healthy. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return from !== undefined && to !== undefined && status >= from && status <= to;
  });
}

function within(what: string, value: number, least: number, most: number): void {
  if (value < least || value > most)
    throw invalid(`${what} '${value}' must be between '${least}' and '${most}'`);
}
