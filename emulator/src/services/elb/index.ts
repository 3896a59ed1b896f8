import { Regional, type Service, type ServiceEnvironment } from '../service';
import type { Api } from './api';
import { BalancerMetrics } from './balancer-metrics';
import { Balancing } from './balancing';
import { ElbRegion } from './elb-region';
import { Forwarding } from './forwarding';
import type { FrontCertificate } from './front';
import { Fronts, type LocalListener } from './fronts';
import { HealthChecks, type HealthListener } from './health-checks';
import type { ElbContext } from './operations/context';
import { listenerOperations } from './operations/listener-operations';
import { loadBalancerOperations } from './operations/load-balancer-operations';
import { targetGroupOperations } from './operations/target-group-operations';
import { Registrations } from './registrations';
import { elbResources } from './resources';
import type { TargetHandler, TargetHosts } from './target-hosts';

export type { FrontCertificate } from './front';
export type { LocalListener } from './fronts';
export type {
  HandledRequest,
  Place,
  Respondent,
  TargetHandler,
  TargetHosts,
  TargetInstance,
  TargetResponse,
} from './target-hosts';

/** What Elastic Load Balancing needs of others. */
export interface ElbDependencies {
  readonly hosts: TargetHosts;
  /** A certificate of the local authority for these hosts. */
  readonly certificate: (hosts: string[]) => Promise<FrontCertificate>;
}

/** Tells what health checks of a target group find. */
export type TargetHealthListener = (
  targetGroupArn: string,
  instanceId: string,
  isHealthy: boolean,
) => void;

/** Elastic Load Balancing: Application Load Balancers. */
export interface ElbService extends Service<Api> {
  /** @throws ServiceError TargetGroupNotFound */
  checkTargetGroup(targetGroupArn: string): void;
  /** @throws ServiceError for an instance that does not run, or is not in the group's VPC */
  register(targetGroupArn: string, instanceId: string): void;
  /** @returns when the last of its requests has been answered, in emulated milliseconds since the epoch */
  deregister(targetGroupArn: string, instanceId: string): number;
  onHealth(listener: TargetHealthListener): void;
  /**
   * Has a handler answer for the instances of a target group that are only recorded, health checks included.
   *
   * @throws ServiceError TargetGroupNotFound
   */
  respond(targetGroupArn: string, handler: TargetHandler): void;
  /** Where the listeners of all load balancers are to be reached on this machine; opens those that are not open. */
  localListeners(): Promise<LocalListener[]>;
}

/** Makes the service. */
export function createElb(env: ServiceEnvironment, dependencies: ElbDependencies): ElbService {
  const { clock, metrics: sink, random } = env;
  const { certificate, hosts } = dependencies;
  const regions = new Regional((account, region) => new ElbRegion(account, region, clock, random));
  const metrics = new BalancerMetrics(sink, () => regions.all());
  const listeners = new Set<TargetHealthListener>();
  const told: HealthListener = {
    changed(region, group, target) {
      metrics.hostsChange(region, group);
      if (target.state === 'healthy' || target.state === 'unhealthy')
        for (const tell of listeners)
          tell(group.arn, target.instanceId, target.state === 'healthy');
    },
  };
  const checks = new HealthChecks(clock, hosts, told);
  const registrations = new Registrations(hosts, checks, told);
  const fronts = new Fronts(new Forwarding(checks, metrics), certificate);
  const balancing = new Balancing(clock, hosts, checks, metrics, (listener) =>
    fronts.forget(listener),
  );
  hosts.onState((place) => balancing.refreshAll(regions.in(place.account, place.region)));
  const context: ElbContext = {
    regionOf: ({ account, region }) => regions.in(account, region),
    balancing,
    registrations,
    checks,
  };
  const inRegion = (arn: string): ElbRegion => {
    const [, , , region = '', account = ''] = arn.split(':');
    return regions.in(account, region);
  };
  const groupOf = (arn: string) => inRegion(arn).targetGroup(arn);
  return {
    signingName: 'elasticloadbalancing',
    loadClient: (): Api => require('@aws-sdk/client-elastic-load-balancing-v2'),
    handlers: {
      ...listenerOperations(context),
      ...loadBalancerOperations(context),
      ...targetGroupOperations(context),
    },
    resourceProviders: elbResources(context, env.authorize),
    resourceRights(arn) {
      const tags = inRegion(arn).tagsOf(arn);
      return tags && { account: arn.split(':')[4] ?? '', policies: [], tags };
    },
    checkTargetGroup: (arn) => void groupOf(arn),
    register: (arn, instanceId) => registrations.register(inRegion(arn), groupOf(arn), instanceId),
    deregister(arn, instanceId) {
      const region = inRegion(arn);
      const group = region.targetGroups.get(arn);
      return group ? registrations.deregister(region, group, instanceId, undefined) : clock.now();
    },
    onHealth: (listener) => void listeners.add(listener),
    respond(arn, handler) {
      groupOf(arn).handler = handler;
    },
    localListeners: () =>
      Promise.all(
        regions.all().flatMap((region) =>
          region.allLoadBalancers().flatMap((balancer) =>
            [...balancer.listeners.values()].map(async (listener) => ({
              loadBalancerName: balancer.name,
              dnsName: balancer.dnsName,
              port: listener.port,
              url: await fronts.url(region, balancer, listener),
            })),
          ),
        ),
      ),
    leaks: () =>
      regions
        .all()
        .flatMap((region) => [
          ...region.allLoadBalancers().map(({ arn }) => `Load balancer ${arn}`),
          ...region.allTargetGroups().map(({ arn }) => `Target group ${arn}`),
        ]),
    stop: () => fronts.stop(),
  };
}
