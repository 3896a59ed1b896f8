import type { ResourceProvider } from '../../cloudformation/provider';
import type { SnsResources } from './resource-support';
import { subscriptionProvider } from './subscription-resource';
import { topicInlinePolicyProvider, topicPolicyProvider } from './topic-policy-resources';
import { topicProvider } from './topic-resource';

/** The CloudFormation types of SNS. */
export function snsResourceProviders(resources: SnsResources): ResourceProvider[] {
  return [
    topicProvider(resources),
    subscriptionProvider(resources),
    topicPolicyProvider(resources),
    topicInlinePolicyProvider(resources),
  ];
}
