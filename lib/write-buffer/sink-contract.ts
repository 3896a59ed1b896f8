import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { IWorkerProgram } from '../worker-program';

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

/** What a sink brings in on instances. */
export interface InstanceSinkBinding {
  /** The consumer of the queue: it takes a batch at a time. */
  readonly program: IWorkerProgram;
  /** Counts batches that the sink could not take. */
  readonly sinkErrors: cloudwatch.Metric;
  /** Counts what the database itself turned away because it was too much; undefined if it does not say. */
  readonly throttles?: cloudwatch.Metric;

  /** Lets the instances write, and send to the dead-letter queue. */
  grant(role: iam.Role): void;

  /** Opens the way from the instances to the database. */
  connect(connections: ec2.Connections): void;
}

/** A sink on instances in place of a function. */
export interface IInstanceSink {
  /** What is wrong with the sink's props for instances in this network, a sentence each; those for any consumer aside. */
  validate(vpc: ec2.IVpc): readonly string[];

  /**
   * Makes what the sink needs.
   *
   * @param scope is the InstanceWriteBuffer's own; called once
   */
  bind(scope: Construct, options: SinkBindOptions): InstanceSinkBinding;
}

/**
 * Where a WriteBuffer writes to. Made by the methods of `Sink`; implement it for a sink of your own.
 */
export interface ISink {
  /** How long the function may take for one batch; undefined if that is not known at synthesis. */
  readonly timeout: Duration | undefined;

  /** Batches that the sink takes at a time; undefined for as many as Lambda likes. */
  readonly maxConcurrency: number | undefined;

  /** The sink on instances; undefined if it is for functions only. */
  readonly onInstances?: IInstanceSink;

  /** What is wrong with the sink's props, a sentence each. */
  validate(): readonly string[];

  /**
   * Makes what the sink needs.
   *
   * @param scope is the WriteBuffer's own; called once
   */
  bind(scope: Construct, options: SinkBindOptions): SinkBinding;
}
