import type { CallContext } from '../../protocol/handlers';
import type { GroupInput } from './api';
import type { AutoScalingState } from './autoscaling-state';
import { validationError } from './errors';
import type { Group } from './group';
import { checkDesired, type GivenSettings, groupSettings } from './group-settings';
import { type LifecycleHook, lifecycleHook } from './lifecycle-hook';
import { groupArn, type Place } from './names';

/** Who makes or changes a group, and where: a call, or a deployment on somebody's behalf. */
export type Changer = Place & Pick<CallContext, 'caller'>;

/** What a new group is made of. */
export type NewGroup = GivenSettings &
  Pick<GroupInput, 'AutoScalingGroupName' | 'LifecycleHookSpecificationList' | 'Tags'>;

/**
 * Makes a group and starts its instances.
 *
 * @param prepare - what is to be done to it before
 * @throws ServiceError ValidationError, AlreadyExists, AccessDenied
 */
export function createGroup(
  state: AutoScalingState,
  input: NewGroup,
  changer: Changer,
  prepare?: (group: Group) => void,
): Group {
  const { AutoScalingGroupName: name, LifecycleHookSpecificationList: hooks = [] } = input;
  const { account, caller, region } = changer;
  const place = { account, region };
  state.authorize(caller, 'CreateAutoScalingGroup', groupArn({ ...place, name, uuid: '*' }));
  const settings = groupSettings(place, input, undefined, state.options);
  const desired = input.DesiredCapacity ?? settings.minSize;
  checkDesired(desired, settings);
  const group = state.add(place, name, settings);
  try {
    for (const hook of hooks)
      putHook(
        state,
        group,
        lifecycleHook({ ...hook, AutoScalingGroupName: name }, undefined),
        changer,
      );
    for (const tag of input.Tags ?? []) setTag(group, tag);
    prepare?.(group);
  } catch (error) {
    state.forget(group);
    throw error;
  }
  state.capacity.change(group, desired, 'a user request created an AutoScalingGroup');
  return group;
}

/** @throws ServiceError ValidationError */
export function updateGroup(state: AutoScalingState, group: Group, input: GivenSettings): void {
  const { account, region } = group.address;
  const settings = groupSettings({ account, region }, input, group.settings, state.options);
  const { DesiredCapacity: wanted } = input;
  if (wanted !== undefined) checkDesired(wanted, settings);
  group.metrics.touch(state.env.clock.now());
  group.settings = settings;
  group.retryAt = 0;
  const { maxSize, minSize } = settings;
  const desired = wanted ?? Math.min(maxSize, Math.max(minSize, group.desired));
  state.capacity.change(
    group,
    desired,
    `a user request update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${desired}`,
  );
  state.capacity.wake(group);
}

/** Ends a group with all its instances; hooks do not hold them. */
export function deleteGroup(state: AutoScalingState, group: Group): void {
  const { fleet } = state.options;
  for (const { id } of group.all) fleet.terminate(group.address, id, false);
  state.forget(group);
}

/** @throws ServiceError ValidationError, AccessDenied */
export function putHook(
  state: AutoScalingState,
  group: Group,
  hook: LifecycleHook,
  { caller }: Pick<Changer, 'caller'>,
): void {
  if (!group.hooks.has(hook.name) && group.hooks.size >= 50)
    throw validationError('A group has up to 50 lifecycle hooks.');
  if (hook.roleArn !== undefined)
    state.env.authorize({
      caller,
      action: 'iam:PassRole',
      resource: hook.roleArn,
      context: { 'iam:PassedToService': 'autoscaling.amazonaws.com' },
    });
  state.announcements.tryTarget(group, hook);
  group.hooks.set(hook.name, hook);
}

/** @throws ServiceError ValidationError */
export function setTag(
  group: Group,
  tag: {
    readonly Key?: string | undefined;
    readonly Value?: string | undefined;
    readonly PropagateAtLaunch?: boolean | undefined;
  },
): void {
  const { Key: key, PropagateAtLaunch: propagate = false, Value: value = '' } = tag;
  if (key === undefined || key === '' || key.length > 128 || value.length > 256)
    throw validationError('Tag keys have 1 to 128 characters, values up to 256.');
  if (/^aws:/i.test(key)) throw validationError(`Tag key ${key} is reserved: it starts with aws:`);
  group.tags.set(key, { value, propagate });
}
