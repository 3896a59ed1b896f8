import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PropsValidationError, Sink, WriteBuffer, type WriteBufferProps } from 'cdk-decouple';

/** Props that differ from those of a plain buffer. */
export type Changes = Partial<WriteBufferProps>;

/** A function that takes every message. */
export function functionIn(stack: Stack, timeout = Duration.seconds(10)): lambda.Function {
  return new lambda.Function(stack, 'Consumer', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
    timeout,
  });
}

/** A stack with a buffer of these props. */
export function bufferWith(changes: Changes = {}) {
  const stack = new Stack(new App(), 'Test');
  const sink = changes.sink ?? Sink.function(functionIn(stack));
  const buffer = new WriteBuffer(stack, 'Orders', { sink, ...changes });
  return { stack, buffer, template: Template.fromStack(stack) };
}

/** What the rules say against props; empty if they let them pass. */
export function failuresOf(changes: Changes | ((stack: Stack) => Changes)): readonly string[] {
  const stack = new Stack(new App(), 'Test');
  const given = typeof changes === 'function' ? changes(stack) : changes;
  const sink = given.sink ?? Sink.function(functionIn(stack));
  try {
    new WriteBuffer(stack, 'Orders', { sink, ...given });
  } catch (error) {
    if (error instanceof PropsValidationError) {
      return error.failures;
    }
    throw error;
  }
  return [];
}

/** Properties by which the queue itself is found. */
export const SOURCE_QUEUE = { RedrivePolicy: Match.anyValue() };
