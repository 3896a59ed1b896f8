import type { Handlers } from '../../protocol/handlers';
import { messageOperations } from './message-operations';
import { moveTaskOperations } from './move-task-operations';
import { queueOperations } from './queue-operations';
import type { SqsState } from './sqs-state';

/**
 * The API of SQS: all of its operations.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export function sqsOperations(state: SqsState): Handlers<typeof import('@aws-sdk/client-sqs')> {
  return { ...queueOperations(state), ...messageOperations(state), ...moveTaskOperations(state) };
}
