import type { Service, ServiceEnvironment } from '../service';
import type { Api } from './api';
import { type AutoScalingOptions, AutoScalingState } from './autoscaling-state';
import { GroupMembership } from './membership';
import { type Place, parseArn } from './names';
import { autoScalingOperations } from './operations';
import type { PolicyTrigger } from './policy-runner';
import { autoScalingResources } from './resources';

export type { Audience, GroupEvent } from './announcements';
export type { AutoScalingOptions } from './autoscaling-state';
export type {
  FleetInstance,
  FleetInstanceState,
  InstanceFleet,
  LaunchRequest,
  ResolvedTemplate,
  TargetGroups,
  TemplateReference,
} from './instance-fleet';
export type { GroupMember, GroupMembership } from './membership';
export type { ScalingAlarms, TrackingAlarm } from './target-tracking';
export type { TrackingQuery } from './tracking-settings';

/** Amazon EC2 Auto Scaling. */
export interface AutoScalingService extends Service<Api> {
  /** A group, for the programs on its instances. @throws ServiceError ValidationError */
  membership(place: Place, groupName: string): GroupMembership;
  /** Runs a policy because an alarm says so. @throws ServiceError ValidationError */
  runPolicy(policyArn: string, trigger: PolicyTrigger): void;
}

/** Makes EC2 Auto Scaling. */
export function createAutoScaling(
  env: ServiceEnvironment,
  options: AutoScalingOptions,
): AutoScalingService {
  const state = new AutoScalingState(env, options);
  return {
    signingName: 'autoscaling',
    loadClient: (): Api => require('@aws-sdk/client-auto-scaling'),
    handlers: autoScalingOperations(state),
    resourceProviders: autoScalingResources(state),
    membership: (place, groupName) => new GroupMembership(state, state.get(place, groupName)),
    runPolicy: (policyArn, trigger) => state.runPolicy(policyArn, trigger),
    resourceRights(arn) {
      const parsed = parseArn(arn);
      const group = parsed && state.find(parsed, parsed.group);
      const tags = new Map([...(group?.tags ?? [])].map(([key, { value }]) => [key, value]));
      return group && { account: group.address.account, policies: [], tags };
    },
    leaks: () => state.all().map(({ arn }) => `Auto Scaling group ${arn}`),
    async stop() {
      for (const group of state.all()) group.timer?.cancel();
    },
  };
}
