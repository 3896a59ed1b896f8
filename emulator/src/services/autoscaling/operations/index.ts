import type { Handlers } from '../../../protocol/handlers';
import type { Api } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { groupOperations } from './group-operations';
import { hookOperations } from './hook-operations';
import { instanceOperations } from './instance-operations';
import { notificationOperations } from './notification-operations';
import { policyOperations } from './policy-operations';
import { scheduleOperations } from './schedule-operations';

/** All operations of EC2 Auto Scaling that there are. */
export function autoScalingOperations(state: AutoScalingState): Handlers<Api> {
  return {
    ...groupOperations(state),
    ...instanceOperations(state),
    ...hookOperations(state),
    ...policyOperations(state),
    ...scheduleOperations(state),
    ...notificationOperations(state),
  };
}
