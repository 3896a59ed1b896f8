import { Constraints } from '../constraints';
import type { HookInput } from './api';
import { validationError } from './errors';

/** When a hook holds an instance. */
export type Transition =
  | 'autoscaling:EC2_INSTANCE_LAUNCHING'
  | 'autoscaling:EC2_INSTANCE_TERMINATING';

export const transitions: readonly Transition[] = [
  'autoscaling:EC2_INSTANCE_LAUNCHING',
  'autoscaling:EC2_INSTANCE_TERMINATING',
];

/** How a lifecycle action ends. */
export type LifecycleResult = 'ABANDON' | 'CONTINUE';

/** A lifecycle hook of a group. Times are in seconds. */
export interface LifecycleHook {
  readonly name: string;
  readonly transition: Transition;
  readonly heartbeatTimeout: number;
  readonly defaultResult: LifecycleResult;
  readonly targetArn: string | undefined;
  readonly roleArn: string | undefined;
  readonly metadata: string | undefined;
}

/** @throws ValidationError */
export function lifecycleHook(given: HookInput, before: LifecycleHook | undefined): LifecycleHook {
  new Constraints('ValidationError')
    .length('lifecycleHookName', given.LifecycleHookName, 1, 255)
    .pattern('lifecycleHookName', given.LifecycleHookName, '[A-Za-z0-9\\-_\\/]+')
    .length('notificationMetadata', given.NotificationMetadata, 1, 4000)
    .check();
  const transition = transitions.find((one) => one === given.LifecycleTransition);
  if (!transition && (given.LifecycleTransition !== undefined || !before))
    throw validationError(
      'Invalid Lifecycle Transition. It has to be one of autoscaling:EC2_INSTANCE_LAUNCHING, autoscaling:EC2_INSTANCE_TERMINATING.',
    );
  const heartbeatTimeout = given.HeartbeatTimeout ?? before?.heartbeatTimeout ?? 3600;
  if (heartbeatTimeout < 30 || heartbeatTimeout > 7200)
    throw validationError('Heartbeat Timeout must be between 30 and 7200 seconds.');
  const { NotificationTargetARN: target, RoleARN: role } = given;
  // An empty target takes the one away that there was.
  const targetArn = target === undefined ? before?.targetArn : target || undefined;
  const roleArn = role ?? before?.roleArn;
  if (targetArn !== undefined && roleArn === undefined)
    throw validationError('A RoleARN must be given with a NotificationTargetARN.');
  return {
    name: given.LifecycleHookName,
    transition:
      transition ?? before?.transition ?? transitions[0] ?? 'autoscaling:EC2_INSTANCE_LAUNCHING',
    heartbeatTimeout,
    defaultResult: resultOf(given.DefaultResult) ?? before?.defaultResult ?? 'ABANDON',
    targetArn,
    roleArn,
    metadata: given.NotificationMetadata ?? before?.metadata,
  };
}

/** @throws ValidationError for anything but the two results; undefined for undefined */
export function resultOf(given: string | undefined): LifecycleResult | undefined {
  if (given === undefined || given === 'ABANDON' || given === 'CONTINUE') return given;
  throw validationError('The lifecycle action result must be CONTINUE or ABANDON.');
}

/** Seconds after which an action ends, however often its heartbeat is recorded. */
export function globalTimeout({ heartbeatTimeout }: LifecycleHook): number {
  return Math.min(172_800, 100 * heartbeatTimeout);
}
