import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FanOut, type FanOutProps, PropsValidationError } from 'cdk-decouple';

/** The condition of a policy that lets a topic in. */
export const fromTopic = (topic: RegExp = /^OrdersTopic/) => ({
  ArnEquals: { 'aws:SourceArn': { Ref: Match.stringLikeRegexp(topic.source) } },
});

/** A stack with a fan-out of these props. */
export function stackWith(props?: FanOutProps): { stack: Stack; orders: FanOut } {
  const stack = new Stack(new App(), 'Test');
  return { stack, orders: new FanOut(stack, 'Orders', props) };
}

/** A function that does nothing. */
export function functionIn(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
  });
}

/** What the rules say against something; empty if they let it pass. */
export function failuresOf(attempt: () => unknown): readonly string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}
