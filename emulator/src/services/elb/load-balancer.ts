import type { Action } from './actions';
import { Attributes, loadBalancerAttributes } from './attributes';
import { meets, type RuleConditions } from './rule-conditions';

/** A rule of a listener. The default one has no conditions. */
export interface Rule {
  readonly arn: string;
  /** 1 to 50000; undefined for the default one, which comes last. */
  priority: number | undefined;
  conditions: RuleConditions;
  action: Action;
  readonly tags: Map<string, string>;
}

/** Takes requests on a port of a load balancer. */
export interface Listener {
  readonly arn: string;
  port: number;
  protocol: 'HTTP' | 'HTTPS';
  /** ARNs; described only. */
  certificates: readonly string[];
  sslPolicy: string | undefined;
  readonly defaultRule: Rule;
  readonly rules: Map<string, Rule>;
  readonly tags: Map<string, string>;
}

/** A part of a load balancer in one availability zone. */
export interface LoadBalancerZone {
  readonly subnetId: string;
  readonly zone: string;
}

/** An Application Load Balancer. */
export class LoadBalancer {
  readonly attributes = new Attributes(loadBalancerAttributes);
  readonly tags = new Map<string, string>();
  readonly listeners = new Map<string, Listener>();
  state: 'active' | 'provisioning' = 'provisioning';

  constructor(
    /** `arn:aws:elasticloadbalancing:…:loadbalancer/app/name/id` */
    readonly arn: string,
    readonly name: string,
    readonly dnsName: string,
    readonly scheme: 'internal' | 'internet-facing',
    readonly vpcId: string,
    public zones: readonly LoadBalancerZone[],
    public securityGroups: readonly string[],
    readonly createdAt: number,
  ) {}

  /** As metrics name it: `app/name/id`. */
  get fullName(): string {
    return this.arn.slice(this.arn.indexOf('app/'));
  }
}

/** The rules of a listener in the order in which they are asked, the default one last. */
export function orderedRules(listener: Listener): Rule[] {
  const rules = [...listener.rules.values()].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return [...rules, listener.defaultRule];
}

/** The rule that decides on a request. */
export function ruleFor(listener: Listener, host: string, path: string): Rule {
  const rules = orderedRules(listener);
  return rules.find(({ conditions }) => meets(conditions, host, path)) ?? listener.defaultRule;
}

/** The target groups that a load balancer sends requests to. */
export function targetGroupsOf(balancer: LoadBalancer): Set<string> {
  const rules = [...balancer.listeners.values()].flatMap(orderedRules);
  return new Set(
    rules.flatMap(({ action }) => (action.kind === 'forward' ? [action.targetGroupArn] : [])),
  );
}
