import type { ResourceProvider } from '../../../cloudformation/provider';
import type { AutoScalingState } from '../autoscaling-state';
import { groupProvider } from './group-resource';
import { hookProvider } from './hook-resource';
import { policyProvider } from './policy-resource';
import { scheduleProvider } from './schedule-resource';

/** The providers of EC2 Auto Scaling's resource types. */
export function autoScalingResources(state: AutoScalingState): ResourceProvider[] {
  return [
    groupProvider(state),
    policyProvider(state),
    hookProvider(state),
    scheduleProvider(state),
  ];
}
