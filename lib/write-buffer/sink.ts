import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoDbSink } from './dynamodb-sink';
import type { DynamoDbSinkProps } from './dynamodb-sink-props';
import { FunctionSink, type FunctionSinkOptions } from './function-sink';
import { PostgresSink } from './postgres-sink';
import type { PostgresSinkProps } from './postgres-sink-props';
import type { ISink } from './sink-contract';

/**
 * The sinks that a WriteBuffer can write to.
 */
export class Sink {
  /**
   * A table of a PostgreSQL database on RDS or Aurora, written by a function that is shipped with this package.
   */
  public static postgres(props: PostgresSinkProps): ISink {
    return new PostgresSink(props);
  }

  /**
   * A table of DynamoDB, written by a function that is shipped with this package.
   */
  public static dynamoDb(props: DynamoDbSinkProps): ISink {
    return new DynamoDbSink(props);
  }

  /**
   * A function of your own.
   *
   * It is called with up to `batchSize` messages and answers `{ batchItemFailures: [{ itemIdentifier }] }` with
   * the ids of those that shall be delivered again; what it answers nothing about is deleted.
   */
  public static function(fn: lambda.IFunction, options: FunctionSinkOptions = {}): ISink {
    return new FunctionSink(fn, options);
  }

  private constructor() {}
}
