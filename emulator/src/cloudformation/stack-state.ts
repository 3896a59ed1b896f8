import type { Stack } from './stack';
import type { UpdateStackRequest } from './stack-requests';
import { validationError } from './template-errors';

const updatable = [
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
];
const paused = ['CREATE_FAILED', 'UPDATE_FAILED'];

/** Whether a failure has been left as it was, without rollback. */
export function isPaused(stack: Stack): boolean {
  return paused.includes(stack.status);
}

/**
 * @throws ServiceError `ValidationError` if a failure has been left as it was, and the update would roll back.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
 */
export function requireDisableRollback(
  stack: Stack,
  { disableRollback }: UpdateStackRequest,
): void {
  if (!isPaused(stack) || disableRollback) return;
  throw validationError(
    `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
}

/** @throws ServiceError `ValidationError` if the stack is in a state in which it cannot be updated. */
export function refuseBusy(stack: Stack): void {
  if (updatable.includes(stack.status) || isPaused(stack)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}
