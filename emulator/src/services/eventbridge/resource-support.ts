import type { ResourceRequest } from '../../cloudformation/provider';
import type { EventBridgeState } from './eventbridge-state';
import type { Rules } from './rules';

/** What the providers of EventBridge's CloudFormation types work with. */
export interface EventBridgeResources {
  readonly state: EventBridgeState;
  readonly rules: Rules;
}

/** Asks whether a deployment may do something. */
export function authorize(
  { state }: EventBridgeResources,
  { caller }: Pick<ResourceRequest, 'caller'>,
  action: string,
  resource: string,
): void {
  state.environment.authorize({ caller, action: `events:${action}`, resource });
}
