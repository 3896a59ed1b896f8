import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What a sink is given when it is put to use. */
export interface SinkBindOptions {
  /** Where it sends messages that can never be written. */
  readonly deadLetterQueue: sqs.IQueue;
}

/** What a sink brings in. */
export interface SinkBinding {
  /** The consumer of the queue. */
  readonly function: lambda.IFunction;
  /** Counts batches that the sink could not take; undefined if only the function's errors tell. */
  readonly sinkErrors?: cloudwatch.Metric;
  /** Counts what the database itself turned away because it was too much; undefined if it does not say. */
  readonly throttles?: cloudwatch.Metric;
}

/**
 * Where a WriteBuffer writes to. Made by the methods of `Sink`; implement it for a sink of your own.
 */
export interface ISink {
  /** How long the function may take for one batch; undefined if that is not known at synthesis. */
  readonly timeout: Duration | undefined;

  /** Batches that the sink takes at a time; undefined for as many as Lambda likes. */
  readonly maxConcurrency: number | undefined;

  /** What is wrong with the sink's props, a sentence each. */
  validate(): readonly string[];

  /**
   * Makes what the sink needs.
   *
   * @param scope is the WriteBuffer's own; called once
   */
  bind(scope: Construct, options: SinkBindOptions): SinkBinding;
}
