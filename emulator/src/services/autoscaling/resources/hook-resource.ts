import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState } from '../../resource-updates';
import type { AutoScalingState } from '../autoscaling-state';
import { putHook } from '../group-changes';
import { lifecycleHook } from '../lifecycle-hook';

const type = 'AWS::AutoScaling::LifecycleHook';

/**
 * Ref is the hook's name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-lifecyclehook.html
 */
export function hookProvider(state: AutoScalingState): ResourceProvider {
  const groupOf = (request: ResourceRequest) =>
    new PropertyReader(request.properties).requiredString('AutoScalingGroupName');
  const put = (request: ResourceRequest, name: string) => {
    const group = state.get(request, groupOf(request));
    state.authorize(request.caller, 'PutLifecycleHook', group.arn);
    const reader = new PropertyReader(request.properties);
    const hook = lifecycleHook(
      {
        AutoScalingGroupName: group.name,
        LifecycleHookName: name,
        LifecycleTransition: reader.string('LifecycleTransition'),
        DefaultResult: reader.string('DefaultResult'),
        HeartbeatTimeout: reader.number('HeartbeatTimeout'),
        NotificationMetadata: reader.string('NotificationMetadata'),
        NotificationTargetARN: reader.string('NotificationTargetARN'),
        RoleARN: reader.string('RoleARN'),
      },
      undefined,
    );
    putHook(state, group, hook, request);
  };
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'AutoScalingGroupName',
        'DefaultResult',
        'HeartbeatTimeout',
        'LifecycleHookName',
        'LifecycleTransition',
        'NotificationMetadata',
        'NotificationTargetARN',
        'RoleARN',
      ]),
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const name = reader.string('LifecycleHookName') ?? request.generateName(255);
      if (state.get(request, groupOf(request)).hooks.has(name))
        throw new Error(`${name} already exists`);
      put(request, name);
      return { physicalId: name, attributes: {} };
    },
    async update(request) {
      put(request, request.physicalId);
      return sameState(request);
    },
    async delete(request) {
      const group = state.find(request, groupOf(request));
      if (!group) return;
      state.authorize(request.caller, 'DeleteLifecycleHook', group.arn);
      if (group.hooks.delete(request.physicalId))
        state.actions.hookDeleted(group, request.physicalId);
    },
    async read(request) {
      state.authorize(request.caller, 'DescribeLifecycleHooks', '*');
      const hook = state.find(request, groupOf(request))?.hooks.get(request.physicalId);
      return (
        hook && {
          LifecycleHookName: hook.name,
          LifecycleTransition: hook.transition,
          DefaultResult: hook.defaultResult,
          HeartbeatTimeout: hook.heartbeatTimeout,
          NotificationMetadata: hook.metadata,
          NotificationTargetARN: hook.targetArn,
          RoleARN: hook.roleArn,
        }
      );
    },
  };
}
