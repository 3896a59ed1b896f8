import type { ResourceProvider } from '../../../cloudformation/provider';
import type { AutoScalingState } from '../autoscaling-state';

/** The providers of EC2 Auto Scaling's resource types. */
export function autoScalingResources(_state: AutoScalingState): ResourceProvider[] {
  return [];
}
