import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PropsValidationError, WorkQueue, type WorkQueueProps } from 'cdk-decouple';

/** Properties by which the queue itself is found. */
export const SOURCE_QUEUE = { RedrivePolicy: Match.anyValue() };
/** Properties by which its dead-letter queue is found. */
export const DEAD_LETTER_QUEUE = { RedrivePolicy: Match.absent() };

/** A stack with a queue of these props. */
export function stackWith(props?: WorkQueueProps): {
  stack: Stack;
  queue: WorkQueue;
  template: Template;
} {
  const stack = new Stack(new App(), 'Test');
  const queue = new WorkQueue(stack, 'Orders', props);
  return { stack, queue, template: Template.fromStack(stack) };
}

/** What the rules say against props; empty if they let them pass. */
export function failuresOf(props: WorkQueueProps): readonly string[] {
  const stack = new Stack(new App(), 'Test');
  try {
    new WorkQueue(stack, 'Orders', props);
  } catch (error) {
    if (error instanceof PropsValidationError) {
      expect(stack.node.tryFindChild('Orders')).toBeUndefined();
      return error.failures;
    }
    throw error;
  }
  return [];
}
