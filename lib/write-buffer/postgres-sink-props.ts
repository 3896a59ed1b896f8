import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { ColumnMap } from './column';

/**
 * Which database, which table, and how much of the database the buffer may use.
 *
 * Give exactly one of `cluster`, `instance` and `proxy`, and either `table`, `columns` and
 * `conflictKey` or `statement` and `parameters`.
 */
export interface PostgresSinkProps {
  /**
   * An Aurora PostgreSQL (or Multi-AZ) cluster; its writer endpoint is used.
   *
   * @default - `instance` or `proxy` is given
   */
  readonly cluster?: rds.IDatabaseCluster;

  /**
   * An RDS for PostgreSQL instance.
   *
   * @default - `cluster` or `proxy` is given
   */
  readonly instance?: rds.IDatabaseInstance;

  /**
   * An RDS Proxy in front of either.
   *
   * A proxy that was imported does not tell its security groups: call `connections.allowTo` of the WriteBuffer with them.
   *
   * @default - `cluster` or `instance` is given
   */
  readonly proxy?: rds.IDatabaseProxy;

  /**
   * Where the function gets its network interfaces; one that reaches the database.
   *
   * The function also calls Secrets Manager and SQS: the subnets need a NAT gateway, or interface endpoints for both.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets for it.
   *
   * @default - those that CDK picks for functions: private subnets with a way out, else isolated ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the function. They have to let out HTTPS; the way to the database is added.
   *
   * @default - one that lets out HTTPS and connections to the database, and lets in nothing
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Login of the database user, as RDS writes it: JSON with `username` and `password`, and `dbname` if there is one.
   *
   * After a rotation the function fetches it anew when the database refuses the old password.
   *
   * @default - the secret of the cluster or instance, if it was made in this app; required for others and for a proxy
   */
  readonly secret?: secretsmanager.ISecret;

  /**
   * The database to write to.
   *
   * @default - `dbname` of the secret, else `postgres`
   */
  readonly databaseName?: string;

  /**
   * The table to insert into, with its schema if need be: `orders` or `sales.orders`. Case-sensitive.
   *
   * @default - `statement` is given
   */
  readonly table?: string;

  /**
   * Where each column's value comes from: a path into the JSON body, a {@link Column}, or a list of
   * names that are both the columns' and the body's keys.
   *
   * A value that the body lacks is an error that sends the message to the dead-letter queue; see
   * `Column.optionalPath`. The whole description has to fit into a function's environment (4 KB).
   *
   * @default - `statement` is given
   */
  readonly columns?: ColumnMap | readonly string[];

  /**
   * The column or columns that tell one message's row from another's, with a unique index on just these.
   *
   * SQS delivers some messages twice: the second row is absorbed by `ON CONFLICT … DO NOTHING`. A standard
   * queue without such a key would write rows twice, so it is required with `table`. A message that has null there
   * goes to the dead-letter queue, as PostgreSQL takes no NULL for equal to another.
   *
   * @default - `statement` is given
   */
  readonly conflictKey?: string | readonly string[];

  /**
   * A statement of your own in place of `table`, run once for each message, with `:name` parameters.
   *
   * It has to bear being run twice with the same message: `ON CONFLICT`, or an update that sets rather than adds.
   *
   * @default - an INSERT made from `table`, `columns` and `conflictKey`
   */
  readonly statement?: string;

  /**
   * Where each of the statement's parameters comes from.
   *
   * PostgreSQL infers their types; write `:amount::numeric` where it cannot.
   *
   * @default - the statement has none
   */
  readonly parameters?: ColumnMap;

  /**
   * Database connections that the buffer may use at a time; 2 to 1,000.
   *
   * It becomes the event source's maximum concurrency, as every instance of the function holds one connection.
   * While a new version is deployed, instances of the old one may hold theirs for some minutes, so leave room.
   *
   * @default 10
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly connectionBudget?: number;

  /**
   * How long the function may take for one batch; 5 seconds to 15 minutes.
   *
   * A connection gets a quarter of it to be made, a statement half of it to be done.
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
   * How long the function's logs are kept, also after the stack has gone. They hold message ids and error codes,
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
