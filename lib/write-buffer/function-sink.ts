import { Annotations, Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { isKnown } from '../validation';
import type { ISink, SinkBinding } from './sink-contract';

/**
 * What a function sink can be told.
 */
export interface FunctionSinkOptions {
  /**
   * The function's timeout, for a function that was imported; 1 second to 15 minutes.
   *
   * @default - that of the function; 15 minutes, the longest, if it is not known
   */
  readonly timeout?: Duration;

  /**
   * How many instances of the function may work on the queue at a time; 2 to 1,000, and not above the function's
   * reserved concurrency.
   *
   * @default - as many as Lambda likes
   */
  readonly maxConcurrency?: number;
}

/** A function of the user's, as it is. */
export class FunctionSink implements ISink {
  public readonly timeout: Duration | undefined;
  public readonly maxConcurrency: number | undefined;

  constructor(
    private readonly fn: lambda.IFunction,
    options: FunctionSinkOptions,
  ) {
    this.timeout = options.timeout ?? timeoutOf(fn);
    this.maxConcurrency = options.maxConcurrency;
  }

  public validate(): readonly string[] {
    const reserved = reservedConcurrencyOf(this.fn);
    return isKnown(reserved) && isKnown(this.maxConcurrency) && this.maxConcurrency > reserved
      ? [
          `maxConcurrency must not be above the reserved concurrency of the function (${reserved}), got ${this.maxConcurrency}: Lambda would turn batches away, and each time counts as a receive`,
        ]
      : [];
  }

  public bind(scope: Construct): SinkBinding {
    if (this.timeout === undefined) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:functionTimeoutUnknown',
        "The function is imported, so its timeout is not known here and the longest (15 minutes) is assumed: messages of a failed batch come back after 90 minutes. Give 'timeout' to Sink.function.",
      );
    }
    if (this.fn.role === undefined) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:functionRoleUnknown',
        'The function is imported without its role: give that role sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on the queue, or the event source mapping will not be made.',
      );
    }
    return { function: this.fn };
  }
}

function reservedConcurrencyOf(fn: lambda.IFunction): number | undefined {
  const resource =
    fn instanceof lambda.QualifiedFunctionBase ? fn.lambda.node.defaultChild : fn.node.defaultChild;
  return resource instanceof lambda.CfnFunction ? resource.reservedConcurrentExecutions : undefined;
}

/** Lambda's default is 3 seconds where the props do not say; versions and aliases have their function's. */
function timeoutOf(fn: lambda.IFunction): Duration | undefined {
  if (fn instanceof lambda.QualifiedFunctionBase) {
    return timeoutOf(fn.lambda);
  }
  return fn instanceof lambda.Function ? (fn.timeout ?? Duration.seconds(3)) : undefined;
}
