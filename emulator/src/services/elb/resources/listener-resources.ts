import type { PropertyReader, ResourceProvider } from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import { actionOf } from '../actions';
import type { ListenerOptions } from '../balancing';
import type { ElbContext } from '../operations/context';
import { certificatesOf, listenerProtocol } from '../operations/listener-operations';
import { conditionsOf } from '../rule-conditions';
import { elbProvider } from './elb-provider';
import { givenActions, givenConditions } from './rule-properties';

/** `AWS::ElasticLoadBalancingV2::Listener`. */
export function listenerProvider(context: ElbContext, authorize: Authorize): ResourceProvider {
  const { balancing } = context;
  return elbProvider(context, authorize, {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    properties: [
      'Certificates',
      'DefaultActions',
      'LoadBalancerArn',
      'Port',
      'Protocol',
      'SslPolicy',
      'Tags',
    ],
    actions: { create: 'CreateListener', update: 'ModifyListener', delete: 'DeleteListener' },
    create(region, properties) {
      const balancer = region.loadBalancer(properties.requiredString('LoadBalancerArn'));
      const { arn } = balancing.createListener(region, balancer, optionsOf(properties));
      return { physicalId: arn, attributes: { ListenerArn: arn } };
    },
    update(region, properties, { physicalId }) {
      const { balancer, listener } = region.listener(physicalId);
      balancing.changeListener(region, balancer, listener, optionsOf(properties));
    },
    delete(region, arn) {
      const { balancer, listener } = region.listener(arn);
      balancing.deleteListener(region, balancer, listener);
    },
    read(region, arn) {
      const { balancer, listener } = region.listener(arn);
      return {
        LoadBalancerArn: balancer.arn,
        Port: listener.port,
        Protocol: listener.protocol,
        SslPolicy: listener.sslPolicy,
      };
    },
    attributes: (_region, arn) => ({ ListenerArn: arn }),
  });
}

/** `AWS::ElasticLoadBalancingV2::ListenerRule`. */
export function listenerRuleProvider(context: ElbContext, authorize: Authorize): ResourceProvider {
  const { balancing } = context;
  return elbProvider(context, authorize, {
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    properties: ['Actions', 'Conditions', 'ListenerArn', 'Priority', 'Tags'],
    actions: { create: 'CreateRule', update: 'ModifyRule', delete: 'DeleteRule' },
    create(region, properties) {
      const { listener } = region.listener(properties.requiredString('ListenerArn'));
      const { arn } = balancing.createRule(
        region,
        listener,
        properties.number('Priority') ?? 0,
        conditionsOf(givenConditions(properties)),
        actionOf(givenActions(properties, 'Actions')),
      );
      return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
    },
    update(region, properties, { physicalId }) {
      const { listener, rule } = region.rule(physicalId);
      const priority = properties.number('Priority') ?? 0;
      balancing.checkPriority(listener, priority, rule);
      rule.priority = priority;
      balancing.changeRule(region, rule, {
        conditions: conditionsOf(givenConditions(properties)),
        action: actionOf(givenActions(properties, 'Actions')),
      });
    },
    delete(region, arn) {
      const { listener, rule } = region.rule(arn);
      balancing.deleteRule(region, listener, rule);
    },
    read: (region, arn) => ({ Priority: region.rule(arn).rule.priority }),
    attributes: (_region, arn) => ({ RuleArn: arn, IsDefault: false }),
  });
}

function optionsOf(properties: PropertyReader): ListenerOptions {
  const certificates = properties
    .objects('Certificates')
    ?.map((one) => ({ CertificateArn: one.string('CertificateArn') }));
  return {
    port: properties.number('Port') ?? 80,
    protocol: listenerProtocol(properties.string('Protocol') ?? 'HTTP'),
    certificates: certificatesOf(certificates),
    sslPolicy: properties.string('SslPolicy'),
    action: actionOf(givenActions(properties, 'DefaultActions')),
  };
}
