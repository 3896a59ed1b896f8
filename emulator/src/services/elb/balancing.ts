import type { Clock } from '../../clock/clock';
import { NotImplementedError, ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { Action } from './actions';
import type { LoadBalancerInput, TargetGroupInput } from './api';
import type { BalancerMetrics } from './balancer-metrics';
import type { ElbRegion } from './elb-region';
import { invalid, notInOneVpc, securityGroupNotFound, subnetNotFound } from './errors';
import type { HealthChecks } from './health-checks';
import { type Listener, LoadBalancer, type Rule } from './load-balancer';
import type { RuleConditions } from './rule-conditions';
import { checkTargetGroup, healthCheckOf, TargetGroup } from './target-group';
import type { TargetHosts } from './target-hosts';

/** Emulated milliseconds until a load balancer is active that a call has created; AWS gives no number. */
const provisioning = 120_000;

type SubnetsInput = Pick<LoadBalancerInput, 'SubnetMappings' | 'Subnets'>;

/** A listener as somebody asks for it. */
export interface ListenerOptions {
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly certificates: readonly string[];
  readonly sslPolicy: string | undefined;
  readonly action: Action;
}

/** Makes, changes and deletes load balancers and what belongs to them. */
export class Balancing {
  constructor(
    private readonly clock: Clock,
    private readonly hosts: TargetHosts,
    private readonly checks: HealthChecks,
    readonly metrics: BalancerMetrics,
    /** Called with a listener that is gone, or listens otherwise than before. */
    private readonly closed: (listener: Listener) => void,
  ) {}

  /**
   * Creates an Application Load Balancer.
   *
   * @param atOnce - whether it is active without emulated time, as what a template asks for is
   * @throws ServiceError, NotImplementedError for other types of load balancers.
   */
  createLoadBalancer(region: ElbRegion, input: LoadBalancerInput, atOnce: boolean): LoadBalancer {
    acceptOnly('CreateLoadBalancer', input, [
      'IpAddressType',
      'Name',
      'Scheme',
      'SecurityGroups',
      'SubnetMappings',
      'Subnets',
      'Tags',
      'Type',
    ]);
    const { Type: type = 'application', Scheme: scheme = 'internet-facing', Name: name } = input;
    if (type !== 'application') throw new NotImplementedError(`load balancers of type ${type}`);
    if ((input.IpAddressType ?? 'ipv4') !== 'ipv4')
      throw new NotImplementedError(`IpAddressType ${input.IpAddressType}`);
    if (!/^(?!-|internal-)[a-zA-Z0-9-]{1,32}(?<!-)$/.test(name))
      throw invalid(
        `The load balancer name '${name}' must have at most 32 alphanumeric characters or hyphens, and must not begin or end with a hyphen, or begin with 'internal-'`,
      );
    if (region.allLoadBalancers().some((one) => one.name === name))
      throw new ServiceError(
        'DuplicateLoadBalancerNameException',
        `A load balancer with the name '${name}' already exists`,
      );
    const { vpcId, zones } = this.placeOf(region, input);
    const digits = region.stream('dns-names').characters(10, '0123456789');
    const domain = `${region.region}.elb.amazonaws.com`;
    const balancer = new LoadBalancer(
      region.arn(`loadbalancer/app/${name}/${region.newId('load-balancers')}`),
      name,
      `${scheme === 'internal' ? 'internal-' : ''}${name}-${digits}.${domain}`,
      scheme,
      vpcId,
      zones,
      this.securityGroupsOf(region, vpcId, input.SecurityGroups),
      this.clock.now(),
    );
    setTags(balancer.tags, input.Tags);
    region.loadBalancers.set(balancer.arn, balancer);
    if (atOnce) balancer.state = 'active';
    else
      this.clock.after(provisioning, `load balancer ${name} is active`, () => {
        balancer.state = 'active';
      });
    return balancer;
  }

  /**
   * Moves a load balancer to other subnets of its VPC, in at least two availability zones.
   *
   * @throws ServiceError `SubnetNotFound`, `InvalidSubnet` for one of another VPC.
   */
  moveTo(region: ElbRegion, balancer: LoadBalancer, subnets: SubnetsInput): void {
    const { vpcId, zones } = this.placeOf(region, subnets);
    if (vpcId !== balancer.vpcId) throw notInOneVpc();
    balancer.zones = zones;
  }

  /**
   * Gives a load balancer these security groups in place of those that it has.
   *
   * @param given - none, or undefined: the default group of its VPC
   * @throws ServiceError `InvalidSecurityGroup`, `InvalidConfigurationRequest` for one of another VPC.
   */
  secure(region: ElbRegion, balancer: LoadBalancer, given: readonly string[] | undefined): void {
    balancer.securityGroups = this.securityGroupsOf(region, balancer.vpcId, given);
  }

  /** @throws ServiceError `OperationNotPermitted` for one that is protected. */
  deleteLoadBalancer(region: ElbRegion, arn: string): void {
    const balancer = region.loadBalancers.get(arn);
    if (!balancer) return;
    if (balancer.attributes.get('deletion_protection.enabled') === 'true')
      throw new ServiceError(
        'OperationNotPermittedException',
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      );
    for (const listener of balancer.listeners.values()) this.closed(listener);
    region.loadBalancers.delete(arn);
    this.refreshAll(region);
  }

  /** @throws ServiceError `DuplicateTargetGroupName`, and as {@link checkTargetGroup} */
  createTargetGroup(region: ElbRegion, input: TargetGroupInput): TargetGroup {
    checkTargetGroup('CreateTargetGroup', input);
    const { Name: name, Port: port = 80, VpcId: vpcId = '' } = input;
    if (region.allTargetGroups().some((one) => one.name === name))
      throw new ServiceError(
        'DuplicateTargetGroupNameException',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    const arn = region.arn(`targetgroup/${name}/${region.newId('target-groups')}`);
    const group = new TargetGroup(arn, name, vpcId, port, healthCheckOf(input));
    setTags(group.tags, input.Tags);
    region.targetGroups.set(arn, group);
    return group;
  }

  /** @throws ServiceError `ResourceInUse` while a listener or rule names it. */
  deleteTargetGroup(region: ElbRegion, arn: string): void {
    const group = region.targetGroups.get(arn);
    if (!group) return;
    if (region.usersOf(arn).length > 0)
      throw new ServiceError(
        'ResourceInUseException',
        `Target group '${arn}' is currently in use by a listener or a rule`,
      );
    for (const { timer } of group.targets.values()) timer?.cancel();
    region.targetGroups.delete(arn);
  }

  /** @throws ServiceError `DuplicateListener` for a port that is taken, and for a target group that is not there. */
  createListener(region: ElbRegion, balancer: LoadBalancer, options: ListenerOptions): Listener {
    const { action, ...rest } = options;
    this.checkListener(region, balancer, options, undefined);
    const id = region.newId('listeners');
    const path = `${balancer.fullName}/${id}`;
    const listener: Listener = {
      ...rest,
      arn: region.arn(`listener/${path}`),
      defaultRule: {
        arn: region.arn(`listener-rule/${path}/${region.newId('rules')}`),
        priority: undefined,
        conditions: { hosts: undefined, paths: undefined },
        action,
        tags: new Map(),
      },
      rules: new Map(),
      tags: new Map(),
    };
    balancer.listeners.set(listener.arn, listener);
    this.refreshAll(region);
    return listener;
  }

  changeListener(
    region: ElbRegion,
    balancer: LoadBalancer,
    listener: Listener,
    options: ListenerOptions,
  ): void {
    this.checkListener(region, balancer, options, listener);
    const { action, ...rest } = options;
    if (rest.protocol !== listener.protocol) this.closed(listener);
    Object.assign(listener, rest);
    listener.defaultRule.action = action;
    this.refreshAll(region);
  }

  deleteListener(region: ElbRegion, balancer: LoadBalancer, listener: Listener): void {
    balancer.listeners.delete(listener.arn);
    this.closed(listener);
    this.refreshAll(region);
  }

  /** @throws ServiceError `PriorityInUse`, and for a target group that is not there. */
  createRule(
    region: ElbRegion,
    listener: Listener,
    priority: number,
    conditions: RuleConditions,
    action: Action,
  ): Rule {
    this.checkPriority(listener, priority, undefined);
    this.checkAction(region, action);
    const path = listener.arn.slice(listener.arn.indexOf(':listener/') + ':listener/'.length);
    const arn = region.arn(`listener-rule/${path}/${region.newId('rules')}`);
    const rule: Rule = { arn, priority, conditions, action, tags: new Map() };
    listener.rules.set(arn, rule);
    this.refreshAll(region);
    return rule;
  }

  changeRule(region: ElbRegion, rule: Rule, change: Partial<Pick<Rule, 'action' | 'conditions'>>) {
    if (change.action) this.checkAction(region, change.action);
    Object.assign(rule, change);
    this.refreshAll(region);
  }

  /** @throws ServiceError `OperationNotPermitted` for the default rule. */
  deleteRule(region: ElbRegion, listener: Listener, rule: Rule): void {
    if (rule === listener.defaultRule)
      throw new ServiceError(
        'OperationNotPermittedException',
        `Default rule '${rule.arn}' cannot be deleted`,
      );
    listener.rules.delete(rule.arn);
    this.refreshAll(region);
  }

  /** @throws ServiceError `PriorityInUse` */
  checkPriority(listener: Listener, priority: number, own: Rule | undefined): void {
    if (!Number.isInteger(priority) || priority < 1 || priority > 50_000)
      throw invalid(`Priority '${priority}' must be between '1' and '50000'`);
    const taken = [...listener.rules.values()].some(
      (rule) => rule !== own && rule.priority === priority,
    );
    if (taken)
      throw new ServiceError(
        'PriorityInUseException',
        `Priority '${priority}' is currently in use`,
      );
  }

  /** Has every group's targets checked or not, by who uses it now. */
  refreshAll(region: ElbRegion): void {
    for (const group of region.targetGroups.values()) this.checks.refresh(region, group);
  }

  private placeOf(region: ElbRegion, { SubnetMappings: mappings, Subnets }: SubnetsInput) {
    const ids = Subnets ?? mappings?.map(({ SubnetId: id = '' }) => id) ?? [];
    const zones = ids.map((subnetId) => {
      const subnet = this.hosts.subnet(region, subnetId);
      if (!subnet) throw subnetNotFound(subnetId);
      return { subnetId, ...subnet };
    });
    const [{ vpcId } = { vpcId: '' }] = zones;
    if (new Set(zones.map(({ zone }) => zone)).size < 2)
      throw invalid('At least two subnets in two different Availability Zones must be specified');
    if (zones.some((one) => one.vpcId !== vpcId)) throw notInOneVpc();
    return { vpcId, zones };
  }

  private securityGroupsOf(
    region: ElbRegion,
    vpcId: string,
    given: readonly string[] = [],
  ): readonly string[] {
    if (given.length === 0) return this.hosts.defaultSecurityGroups(region, vpcId);
    for (const id of given) {
      const groupVpc = this.hosts.securityGroupVpc(region, id);
      if (groupVpc === undefined) throw securityGroupNotFound(id);
      if (groupVpc !== vpcId)
        throw new ServiceError(
          'InvalidConfigurationRequestException',
          'One or more security groups are invalid',
        );
    }
    return given;
  }

  private checkListener(
    region: ElbRegion,
    balancer: LoadBalancer,
    { action, certificates, port, protocol }: ListenerOptions,
    own: Listener | undefined,
  ): void {
    if (port < 1 || port > 65_535) throw invalid(`Port '${port}' must be between '1' and '65535'`);
    const others = [...balancer.listeners.values()].filter((one) => one !== own);
    if (others.some((one) => one.port === port))
      throw new ServiceError(
        'DuplicateListenerException',
        `A listener already exists on this port for this load balancer '${balancer.arn}'`,
      );
    if (protocol === 'HTTPS' && certificates.length === 0)
      throw invalid('A certificate must be specified for HTTPS listeners');
    this.checkAction(region, action);
  }

  private checkAction(region: ElbRegion, action: Action): void {
    if (action.kind === 'forward') region.targetGroup(action.targetGroupArn);
  }
}

/** Puts tags on what has just been made. */
export function setTags(
  tags: Map<string, string>,
  given: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
): void {
  for (const { Key: key = '', Value: value = '' } of given ?? []) tags.set(key, value);
}
