import { Annotations, Stack, Tokenization } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { VARIABLES } from './mapping/settings';
import { databaseOf, type PostgresDatabase, secretOf } from './postgres-database';
import { planOf } from './postgres-plan';
import type { PostgresSinkProps } from './postgres-sink-props';

/** The database as its consumer sees it, be that a function or an instance. */
export interface PostgresTarget {
  readonly environment: Readonly<Record<string, string>>;
  readonly secret: secretsmanager.ISecret;
  /** Opens the way to it. */
  allowFrom(consumer: ec2.Connections): void;
}

/**
 * What a consumer is told of the database. The props must be valid.
 *
 * @param scope is the WriteBuffer's own
 */
export function postgresTarget(scope: Construct, props: PostgresSinkProps): PostgresTarget {
  const database = databaseOf(props);
  const secret = secretOf(props);
  if (database === undefined || secret === undefined) {
    throw new Error('unreachable: the rules ask for a database and its secret');
  }
  return {
    environment: {
      [VARIABLES.plan]: Stack.of(scope).toJsonString(planOf(props)),
      [VARIABLES.host]: database.host,
      [VARIABLES.port]: Tokenization.stringifyNumber(database.port),
      ...(props.databaseName === undefined ? {} : { [VARIABLES.database]: props.databaseName }),
      [VARIABLES.secretArn]: secret.secretArn,
      [VARIABLES.throughProxy]: String(database.proxy),
    },
    secret,
    allowFrom: (consumer) => allowToDatabase(scope, consumer, database),
  };
}

function allowToDatabase(
  scope: Construct,
  consumer: ec2.Connections,
  { connectable, port }: PostgresDatabase,
): void {
  if (connectable === undefined || connectable.connections.securityGroups.length === 0) {
    Annotations.of(scope).addWarningV2(
      'cdk-decouple:databaseSecurityGroupUnknown',
      "The security groups of the imported database are not known here: call 'connections.allowTo(group, port)' of the WriteBuffer with them, which opens the way on both sides, or nothing will be written.",
    );
    return;
  }
  // Asked for on the consumer's side, so that the rule is made in its stack: a database of another
  // stack would otherwise depend on this one.
  consumer.allowTo(connectable, ec2.Port.tcp(port), 'PostgreSQL');
}
