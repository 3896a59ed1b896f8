import type { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { AttributeMap } from './attribute';

/**
 * Which table, what its items are made of, and how fast they are written.
 */
export interface DynamoDbSinkProps {
  /**
   * The table: a `Table` or a `TableV2`, made in this app or imported.
   *
   * The function may put items into it and nothing else, and use its key if that is known: import a table that is
   * encrypted with a key of your own by `fromTableAttributes`, with `encryptionKey`.
   */
  readonly table: dynamodb.ITable;

  /**
   * Where each attribute's value comes from: a path into the JSON body, an {@link Attribute}, or a list of names
   * that are both the attributes' and the body's keys. The table's key has to be among them.
   *
   * The key is what tells one message's item from another's: it has to come with the message. A value that the body
   * lacks is an error that sends the message to the dead-letter queue; see `Attribute.optionalPath`. The whole description has to
   * fit into a function's environment (4 KB).
   */
  readonly attributes: AttributeMap | readonly string[];

  /**
   * Name of the table's partition key.
   *
   * @default - that of a table made in this app; required if `table` is imported
   */
  readonly partitionKey?: string;

  /**
   * Name of the table's sort key.
   *
   * @default - that of a table made in this app; none if `table` is imported
   */
  readonly sortKey?: string;

  /**
   * An attribute that grows with each version of an item: a number, or text that sorts, such as an ISO 8601 time.
   *
   * With it an item is replaced by one that has more there, or if it lacks that attribute. Messages may then come in
   * any order, and more than once: the newest version is what stays.
   *
   * @default - an item that is there is never replaced: the first message of a key is the one that counts
   */
  readonly versionAttribute?: string;

  /**
   * Items that one instance of the function writes at a time; 1 to 100. Those of a message group are written one after the
   * other whatever it says.
   *
   * @default 10
   */
  readonly writeConcurrency?: number;

  /**
   * Instances of the function that may write at a time; 2 to 1,000.
   *
   * Times `writeConcurrency` it is how many writes the table sees at a time.
   *
   * @default 10
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maxConcurrency?: number;

  /**
   * How long the function may take for one batch; 5 seconds to 15 minutes. A call of DynamoDB gets a quarter of it.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * Memory of the function in MiB; 128 to 10,240.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * How long the function's logs are kept, also after the stack has gone. They hold message ids and names of errors,
   * never bodies.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A KMS key of your own for the function's logs.
   *
   * @default - CloudWatch Logs encrypts them with a key that it owns
   */
  readonly logEncryptionKey?: kms.IKey;
}
