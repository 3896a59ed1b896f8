import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import type { Api } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { validationError } from '../errors';
import { putHook } from '../group-changes';
import { globalTimeout, lifecycleHook, resultOf, transitions } from '../lifecycle-hook';
import { authorized } from './group-operations';

/** Lifecycle hooks, and the actions that they hold instances with. */
export function hookOperations(state: AutoScalingState) {
  return {
    PutLifecycleHook(input, context) {
      acceptOnly('PutLifecycleHook', input, [
        'AutoScalingGroupName',
        'DefaultResult',
        'HeartbeatTimeout',
        'LifecycleHookName',
        'LifecycleTransition',
        'NotificationMetadata',
        'NotificationTargetARN',
        'RoleARN',
      ]);
      const group = authorized(state, context, input);
      const hook = lifecycleHook(input, group.hooks.get(input.LifecycleHookName));
      putHook(state, group, hook, context);
      return {};
    },

    DescribeLifecycleHooks(input, context) {
      acceptOnly('DescribeLifecycleHooks', input, ['AutoScalingGroupName', 'LifecycleHookNames']);
      state.authorize(context.caller, 'DescribeLifecycleHooks', '*');
      const group = state.get(context, input.AutoScalingGroupName);
      const { LifecycleHookNames: names } = input;
      return {
        LifecycleHooks: [...group.hooks.values()]
          .filter(({ name }) => !names || names.includes(name))
          .map((hook) => ({
            LifecycleHookName: hook.name,
            AutoScalingGroupName: group.name,
            LifecycleTransition: hook.transition,
            NotificationTargetARN: hook.targetArn,
            RoleARN: hook.roleArn,
            NotificationMetadata: hook.metadata,
            HeartbeatTimeout: hook.heartbeatTimeout,
            GlobalTimeout: globalTimeout(hook),
            DefaultResult: hook.defaultResult,
          })),
      };
    },

    DeleteLifecycleHook(input, context) {
      acceptOnly('DeleteLifecycleHook', input, ['AutoScalingGroupName', 'LifecycleHookName']);
      const group = authorized(state, context, input);
      if (!group.hooks.delete(input.LifecycleHookName))
        throw validationError(
          `No Lifecycle Hook found with name: ${input.LifecycleHookName} for AutoScalingGroup: ${group.name}`,
        );
      // Instances that it holds go on.
      state.actions.hookDeleted(group, input.LifecycleHookName);
      return {};
    },

    CompleteLifecycleAction(input, context) {
      acceptOnly('CompleteLifecycleAction', input, [
        'AutoScalingGroupName',
        'InstanceId',
        'LifecycleActionResult',
        'LifecycleActionToken',
        'LifecycleHookName',
      ]);
      const group = authorized(state, context, input);
      const result = resultOf(input.LifecycleActionResult);
      if (!result) throw validationError('LifecycleActionResult must be specified.');
      state.actions.complete(group, input.LifecycleHookName, referenceOf(input), result);
      return {};
    },

    RecordLifecycleActionHeartbeat(input, context) {
      acceptOnly('RecordLifecycleActionHeartbeat', input, [
        'AutoScalingGroupName',
        'InstanceId',
        'LifecycleActionToken',
        'LifecycleHookName',
      ]);
      const group = authorized(state, context, input);
      state.actions.recordHeartbeat(group, input.LifecycleHookName, referenceOf(input));
      return {};
    },

    DescribeLifecycleHookTypes(_input, context) {
      state.authorize(context.caller, 'DescribeLifecycleHookTypes', '*');
      return { LifecycleHookTypes: [...transitions] };
    },
  } satisfies Handlers<Api>;
}

function referenceOf(input: {
  readonly InstanceId?: string | undefined;
  readonly LifecycleActionToken?: string | undefined;
}) {
  const { InstanceId: instanceId, LifecycleActionToken: token } = input;
  if (instanceId === undefined && token === undefined)
    throw validationError('Either InstanceId or LifecycleActionToken must be specified.');
  return { instanceId, token };
}
