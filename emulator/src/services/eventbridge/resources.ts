import type { ResourceProvider } from '../../cloudformation/provider';
import { eventBusPolicyProvider } from './event-bus-policy-resource';
import { eventBusProvider } from './event-bus-resource';
import type { EventBridgeResources } from './resource-support';
import { ruleProvider } from './rule-resource';

/** The CloudFormation types of EventBridge. */
export function eventBridgeResources(resources: EventBridgeResources): ResourceProvider[] {
  return [eventBusProvider(resources), eventBusPolicyProvider(resources), ruleProvider(resources)];
}
