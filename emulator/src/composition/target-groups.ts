import { NotImplementedError } from '../protocol/errors';
import type { TargetGroups } from '../services/autoscaling';

/** Load balancers are not there: a group that is to register with one is refused. */
export const noTargetGroups: TargetGroups = {
  check(targetGroupArn) {
    throw new NotImplementedError(`target groups of load balancers (${targetGroupArn})`);
  },
  register: () => undefined,
  deregister: () => 0,
  onHealth: () => undefined,
};
