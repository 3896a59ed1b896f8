import type { ResourceProvider } from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import type { ElbContext } from '../operations/context';
import { listenerProvider, listenerRuleProvider } from './listener-resources';
import { loadBalancerProvider } from './load-balancer-resource';
import { targetGroupProvider } from './target-group-resource';

/** The CloudFormation types of Elastic Load Balancing. */
export function elbResources(context: ElbContext, authorize: Authorize): ResourceProvider[] {
  return [
    listenerProvider(context, authorize),
    listenerRuleProvider(context, authorize),
    loadBalancerProvider(context, authorize),
    targetGroupProvider(context, authorize),
  ];
}
