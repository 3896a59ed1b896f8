import type { Handlers } from '../../protocol/handlers';
import { invalidParameterValue, resourceNotFound } from './errors';
import { type MoveTask, parseTaskHandle } from './move-task';
import { parseQueueArn } from './names';
import type { Queue } from './queue';
import type { SqsState } from './sqs-state';

type Sqs = typeof import('@aws-sdk/client-sqs');

/** Starting, cancelling and listing message move tasks. */
export function moveTaskOperations(state: SqsState) {
  return {
    StartMessageMoveTask: (input, context) => {
      const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate } = input;
      checkArn('SourceArn', SourceArn);
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
      for (const action of [
        'StartMessageMoveTask',
        'ReceiveMessage',
        'DeleteMessage',
        'GetQueueAttributes',
      ]) {
        context.authorize(`sqs:${action}`, SourceArn);
      }
      if (DestinationArn !== undefined) {
        checkArn('DestinationArn', DestinationArn);
        context.authorize('sqs:SendMessage', DestinationArn);
      }
      if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= 500)) {
        throw invalidParameterValue(
          `Value ${rate} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a value that's between 1 and 500.`,
        );
      }
      const source = existing(state, 'SourceArn', SourceArn);
      const registry = state.registryOf(source);
      const sources = registry.deadLetterSources(source.arn);
      if (sources.length === 0) {
        throw invalidParameterValue('Source queue must be configured as a Dead Letter Queue.');
      }
      if (DestinationArn === undefined) {
        for (const { arn } of sources) context.authorize('sqs:SendMessage', arn);
      }
      const destination =
        DestinationArn === undefined
          ? undefined
          : existing(state, 'DestinationArn', DestinationArn);
      if (destination === source) {
        throw invalidParameterValue(
          'Source queue arn and destination queue arn cannot be the same.',
        );
      }
      if (destination && destination.fifo !== source.fifo) {
        throw invalidParameterValue('Source and destination queues must be of the same type.');
      }
      return { TaskHandle: registry.startMoveTask(source, destination, rate).handle };
    },

    CancelMessageMoveTask: (input, context) => {
      const parsed = parseTaskHandle(input.TaskHandle);
      if (!parsed) throw invalidParameterValue('Value for parameter TaskHandle is invalid.');
      context.authorize('sqs:CancelMessageMoveTask', parsed.sourceArn);
      const source = existing(state, 'SourceArn', parsed.sourceArn);
      const task = state
        .registryOf(source)
        .moveTasks(source)
        .find(({ options }) => options.id === parsed.taskId);
      if (!task) throw resourceNotFound('Task does not exist.');
      if (task.status !== 'RUNNING') {
        throw invalidParameterValue('Only active tasks can be cancelled.');
      }
      task.cancel();
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },

    ListMessageMoveTasks: (input, context) => {
      const { SourceArn, MaxResults = 1 } = input;
      checkArn('SourceArn', SourceArn);
      context.authorize('sqs:ListMessageMoveTasks', SourceArn);
      if (!(Number.isInteger(MaxResults) && MaxResults >= 1 && MaxResults <= 10)) {
        throw invalidParameterValue(
          `Value ${MaxResults} for parameter MaxResults is invalid. Reason: You must enter a value that's between 1 and 10.`,
        );
      }
      const source = existing(state, 'SourceArn', SourceArn);
      const tasks = state.registryOf(source).moveTasks(source).slice(0, MaxResults);
      return { Results: tasks.map(describeTask) };
    },
  } satisfies Handlers<Sqs>;
}

function describeTask(task: MoveTask) {
  const { source, destination, rate } = task.options;
  return {
    TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
    Status: task.status,
    SourceArn: source.arn,
    DestinationArn: destination?.arn,
    MaxNumberOfMessagesPerSecond: rate,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}

function checkArn(parameter: string, arn: string): void {
  if (parseQueueArn(arn)) return;
  throw invalidParameterValue(
    `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
  );
}

function existing(state: SqsState, parameter: string, arn: string): Queue {
  const queue = state.find(arn);
  if (!queue) {
    throw resourceNotFound(
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    );
  }
  return queue;
}
