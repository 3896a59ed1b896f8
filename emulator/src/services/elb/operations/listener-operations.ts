import { NotImplementedError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import { actionOf, describeAction } from '../actions';
import { type ListenerOptions, setTags } from '../balancing';
import { invalid } from '../errors';
import { type Listener, type LoadBalancer, orderedRules, type Rule } from '../load-balancer';
import { conditionsOf, describeConditions } from '../rule-conditions';
import { type ElbContext, type Operations, pageOfArns, permit } from './context';

/** Operations on listeners and their rules. */
export function listenerOperations({ balancing, regionOf }: ElbContext): Operations {
  return {
    CreateListener(input, context) {
      acceptOnly('CreateListener', input, [
        'Certificates',
        'DefaultActions',
        'LoadBalancerArn',
        'Port',
        'Protocol',
        'SslPolicy',
        'Tags',
      ]);
      permit(context, input.LoadBalancerArn);
      const region = regionOf(context);
      const balancer = region.loadBalancer(input.LoadBalancerArn);
      const { Port: port, Protocol: protocol } = input;
      if (port === undefined || protocol === undefined)
        throw invalid('A port and a protocol must be specified');
      const listener = balancing.createListener(region, balancer, {
        port,
        protocol: listenerProtocol(protocol),
        certificates: certificatesOf(input.Certificates),
        sslPolicy: input.SslPolicy,
        action: actionOf(input.DefaultActions),
      });
      setTags(listener.tags, input.Tags);
      return { Listeners: [describeListener(balancer, listener)] };
    },

    DescribeListeners(input, context) {
      acceptOnly('DescribeListeners', input, [
        'ListenerArns',
        'LoadBalancerArn',
        'Marker',
        'PageSize',
      ]);
      permit(context, '*');
      const region = regionOf(context);
      const { ListenerArns: arns, LoadBalancerArn: balancerArn } = input;
      const found =
        balancerArn === undefined
          ? (arns ?? []).map((arn) => region.listener(arn))
          : [...region.loadBalancer(balancerArn).listeners.values()].map((listener) => ({
              balancer: region.loadBalancer(balancerArn),
              listener,
            }));
      const shown = found.map((one) => ({ arn: one.listener.arn, ...one }));
      const { items, NextMarker } = pageOfArns(
        shown.sort((a, b) => (a.arn < b.arn ? -1 : 1)),
        input,
      );
      return {
        Listeners: items.map(({ balancer, listener }) => describeListener(balancer, listener)),
        NextMarker,
      };
    },

    ModifyListener(input, context) {
      acceptOnly('ModifyListener', input, [
        'Certificates',
        'DefaultActions',
        'ListenerArn',
        'Port',
        'Protocol',
        'SslPolicy',
      ]);
      permit(context, input.ListenerArn);
      const region = regionOf(context);
      const { balancer, listener } = region.listener(input.ListenerArn);
      const options: ListenerOptions = {
        port: input.Port ?? listener.port,
        protocol: input.Protocol ? listenerProtocol(input.Protocol) : listener.protocol,
        certificates: input.Certificates
          ? certificatesOf(input.Certificates)
          : listener.certificates,
        sslPolicy: input.SslPolicy ?? listener.sslPolicy,
        action: input.DefaultActions ? actionOf(input.DefaultActions) : listener.defaultRule.action,
      };
      balancing.changeListener(region, balancer, listener, options);
      return { Listeners: [describeListener(balancer, listener)] };
    },

    DeleteListener(input, context) {
      permit(context, input.ListenerArn);
      const region = regionOf(context);
      const { balancer, listener } = region.listener(input.ListenerArn);
      balancing.deleteListener(region, balancer, listener);
      return {};
    },

    CreateRule(input, context) {
      acceptOnly('CreateRule', input, ['Actions', 'Conditions', 'ListenerArn', 'Priority', 'Tags']);
      permit(context, input.ListenerArn);
      const region = regionOf(context);
      const { listener } = region.listener(input.ListenerArn);
      const rule = balancing.createRule(
        region,
        listener,
        input.Priority,
        conditionsOf(input.Conditions),
        actionOf(input.Actions),
      );
      setTags(rule.tags, input.Tags);
      return { Rules: [describeRule(listener, rule)] };
    },

    DescribeRules(input, context) {
      acceptOnly('DescribeRules', input, ['ListenerArn', 'Marker', 'PageSize', 'RuleArns']);
      permit(context, '*');
      const region = regionOf(context);
      if (input.ListenerArn !== undefined) {
        const { listener } = region.listener(input.ListenerArn);
        return { Rules: orderedRules(listener).map((rule) => describeRule(listener, rule)) };
      }
      const found = (input.RuleArns ?? []).map((arn) => region.rule(arn));
      return { Rules: found.map(({ listener, rule }) => describeRule(listener, rule)) };
    },

    ModifyRule(input, context) {
      acceptOnly('ModifyRule', input, ['Actions', 'Conditions', 'RuleArn']);
      permit(context, input.RuleArn);
      const region = regionOf(context);
      const { listener, rule } = region.rule(input.RuleArn);
      balancing.changeRule(region, rule, {
        ...(input.Actions && { action: actionOf(input.Actions) }),
        ...(input.Conditions && { conditions: conditionsOf(input.Conditions) }),
      });
      return { Rules: [describeRule(listener, rule)] };
    },

    SetRulePriorities(input, context) {
      const region = regionOf(context);
      const changes = input.RulePriorities.map(({ RuleArn: arn = '', Priority: priority = 0 }) => {
        permit(context, arn);
        return { ...region.rule(arn), priority };
      });
      for (const { listener, priority, rule } of changes)
        if (!changes.some((other) => other.rule.priority === priority))
          balancing.checkPriority(listener, priority, rule);
      for (const { priority, rule } of changes) rule.priority = priority;
      return { Rules: changes.map(({ listener, rule }) => describeRule(listener, rule)) };
    },

    DeleteRule(input, context) {
      permit(context, input.RuleArn);
      const region = regionOf(context);
      const { listener, rule } = region.rule(input.RuleArn);
      balancing.deleteRule(region, listener, rule);
      return {};
    },
  };
}

/** @throws NotImplementedError */
export function listenerProtocol(protocol: string): 'HTTP' | 'HTTPS' {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS')
    throw new NotImplementedError(`listeners of protocol ${protocol}`);
  return protocol;
}

/** The ARNs of certificates. */
export function certificatesOf(
  given: readonly { readonly CertificateArn?: string }[] | undefined,
): string[] {
  return (given ?? []).flatMap(({ CertificateArn: arn }) => (arn === undefined ? [] : [arn]));
}

function describeListener(balancer: LoadBalancer, listener: Listener) {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: balancer.arn,
    Port: listener.port,
    Protocol: listener.protocol,
    SslPolicy: listener.sslPolicy,
    Certificates: listener.certificates.map((CertificateArn) => ({ CertificateArn })),
    DefaultActions: [describeAction(listener.defaultRule.action)],
  };
}

function describeRule(listener: Listener, rule: Rule) {
  return {
    RuleArn: rule.arn,
    Priority: rule.priority === undefined ? 'default' : String(rule.priority),
    IsDefault: rule === listener.defaultRule,
    Conditions: describeConditions(rule.conditions),
    Actions: [describeAction(rule.action)],
  };
}
