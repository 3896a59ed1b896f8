import type { Clock } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { sortedBy } from '../page';
import {
  listenerNotFound,
  loadBalancerNotFound,
  ruleNotFound,
  targetGroupNotFound,
} from './errors';
import { type Listener, type LoadBalancer, type Rule, targetGroupsOf } from './load-balancer';
import type { TargetGroup } from './target-group';

/** The load balancers and target groups of one account in one region. */
export class ElbRegion {
  /** By ARN. */
  readonly loadBalancers = new Map<string, LoadBalancer>();
  readonly targetGroups = new Map<string, TargetGroup>();

  constructor(
    readonly account: string,
    readonly region: string,
    readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  arn(resource: string): string {
    return `arn:aws:elasticloadbalancing:${this.region}:${this.account}:${resource}`;
  }

  /** Sixteen hexadecimal digits, as ARNs end. */
  newId(kind: string): string {
    return this.stream(kind).hex(16);
  }

  stream(purpose: string) {
    return this.random.stream(`elb/${this.account}/${this.region}/${purpose}`);
  }

  allLoadBalancers(): LoadBalancer[] {
    return sortedBy(this.loadBalancers.values(), ({ arn }) => arn);
  }

  allTargetGroups(): TargetGroup[] {
    return sortedBy(this.targetGroups.values(), ({ arn }) => arn);
  }

  /** @throws ServiceError LoadBalancerNotFound */
  loadBalancer(arn: string): LoadBalancer {
    const balancer = this.loadBalancers.get(arn);
    if (!balancer) throw loadBalancerNotFound(arn);
    return balancer;
  }

  /** @throws ServiceError TargetGroupNotFound */
  targetGroup(arn: string): TargetGroup {
    const group = this.targetGroups.get(arn);
    if (!group) throw targetGroupNotFound(arn);
    return group;
  }

  /** @throws ServiceError ListenerNotFound */
  listener(arn: string): { readonly balancer: LoadBalancer; readonly listener: Listener } {
    for (const balancer of this.loadBalancers.values()) {
      const listener = balancer.listeners.get(arn);
      if (listener) return { balancer, listener };
    }
    throw listenerNotFound(arn);
  }

  /** @throws ServiceError RuleNotFound */
  rule(arn: string): { readonly listener: Listener; readonly rule: Rule } {
    for (const balancer of this.loadBalancers.values())
      for (const listener of balancer.listeners.values()) {
        const rule =
          listener.defaultRule.arn === arn ? listener.defaultRule : listener.rules.get(arn);
        if (rule) return { listener, rule };
      }
    throw ruleNotFound(arn);
  }

  /** The load balancers that send requests to a target group. */
  usersOf(targetGroupArn: string): LoadBalancer[] {
    return this.allLoadBalancers().filter((one) => targetGroupsOf(one).has(targetGroupArn));
  }

  /** Whatever has tags, by ARN; undefined if there is no such thing. */
  tagsOf(arn: string): Map<string, string> | undefined {
    const found = this.loadBalancers.get(arn) ?? this.targetGroups.get(arn);
    if (found) return found.tags;
    try {
      return arn.includes(':listener-rule/')
        ? this.rule(arn).rule.tags
        : this.listener(arn).listener.tags;
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
  }
}
