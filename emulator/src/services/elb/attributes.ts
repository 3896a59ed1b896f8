import { NotImplementedError } from '../../protocol/errors';
import { invalid } from './errors';

/** Which attributes there are, with what they are unless somebody says otherwise. */
export interface AttributeKinds {
  /** As errors name what has them, such as `Load balancer`. */
  readonly of: string;
  readonly defaults: Readonly<Record<string, string>>;
  /** Those that are kept and do nothing here as long as they are as by default: other values are refused. */
  readonly fixed: readonly string[];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
export const loadBalancerAttributes: AttributeKinds = {
  of: 'Load balancer',
  defaults: {
    'access_logs.s3.bucket': '',
    'access_logs.s3.enabled': 'false',
    'access_logs.s3.prefix': '',
    'client_keep_alive.seconds': '3600',
    'connection_logs.s3.bucket': '',
    'connection_logs.s3.enabled': 'false',
    'connection_logs.s3.prefix': '',
    'deletion_protection.enabled': 'false',
    'idle_timeout.timeout_seconds': '60',
    'load_balancing.cross_zone.enabled': 'true',
    'routing.http.desync_mitigation_mode': 'defensive',
    'routing.http.drop_invalid_header_fields.enabled': 'false',
    'routing.http.preserve_host_header.enabled': 'false',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
    'routing.http.xff_client_port.enabled': 'false',
    'routing.http.xff_header_processing.mode': 'append',
    'routing.http2.enabled': 'true',
    'waf.fail_open.enabled': 'false',
    'zonal_shift.config.enabled': 'false',
  },
  fixed: [
    'access_logs.s3.enabled',
    'connection_logs.s3.enabled',
    'load_balancing.cross_zone.enabled',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled',
    'routing.http.xff_client_port.enabled',
    'routing.http.xff_header_processing.mode',
    'zonal_shift.config.enabled',
  ],
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
export const targetGroupAttributes: AttributeKinds = {
  of: 'Target group',
  defaults: {
    'deregistration_delay.timeout_seconds': '300',
    'load_balancing.algorithm.anomaly_mitigation': 'off',
    'load_balancing.algorithm.type': 'round_robin',
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    'slow_start.duration_seconds': '0',
    'stickiness.enabled': 'false',
    'stickiness.lb_cookie.duration_seconds': '86400',
    'stickiness.type': 'lb_cookie',
    'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
    'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  },
  fixed: [
    'load_balancing.algorithm.anomaly_mitigation',
    'load_balancing.algorithm.type',
    'slow_start.duration_seconds',
    'stickiness.enabled',
  ],
};

/** The attributes of one load balancer or target group. */
export class Attributes {
  private readonly values: Map<string, string>;

  constructor(private readonly kinds: AttributeKinds) {
    this.values = new Map(Object.entries(kinds.defaults));
  }

  get(key: string): string {
    return this.values.get(key) ?? '';
  }

  /**
   * Sets all of these or none.
   *
   * @throws ServiceError for an attribute that there is not; NotImplementedError for a value that would do nothing here
   */
  set(given: readonly { readonly Key?: string; readonly Value?: string }[]): void {
    for (const { Key: key = '', Value: value = '' } of given) {
      if (!(key in this.kinds.defaults))
        throw invalid(`${this.kinds.of} attribute key '${key}' is not recognized`);
      if (this.kinds.fixed.includes(key) && value !== this.kinds.defaults[key])
        throw new NotImplementedError(`value ${value} of attribute ${key}`);
    }
    for (const { Key: key = '', Value: value = '' } of given) this.values.set(key, value);
  }

  /** Everything as it is by default again. */
  reset(): void {
    for (const [key, value] of Object.entries(this.kinds.defaults)) this.values.set(key, value);
  }

  list(): { Key: string; Value: string }[] {
    return [...this.values].map(([Key, Value]) => ({ Key, Value }));
  }
}
