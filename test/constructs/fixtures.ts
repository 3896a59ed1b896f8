import type { AppProps, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import {
  Attribute,
  Column,
  type DynamoDbSinkProps,
  type PostgresSinkProps,
  Sink,
} from 'cdk-decouple';

/** The sets of feature flags that the constructs are tested with. */
export const FLAG_SETS: ReadonlyArray<readonly [string, AppProps['context']]> = [
  ['no feature flags', {}],
  ['the recommended feature flags', recommendedFlags],
];

/** An Aurora cluster in its VPC, in a stack of its own. */
export interface Database {
  readonly vpc: ec2.Vpc;
  readonly cluster: rds.DatabaseCluster;
}

export function databaseIn(stack: Stack): Database {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const cluster = new rds.DatabaseCluster(stack, 'Database', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.VER_16_6,
    }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc,
    defaultDatabaseName: 'shop',
  });
  return { vpc, cluster };
}

/** A valid table sink. */
export function ordersSink(database: Database, changes: Partial<PostgresSinkProps> = {}) {
  return Sink.postgres({
    ...database,
    table: 'orders',
    columns: {
      order_id: '$.orderId',
      amount: '$.amount',
      note: Column.optionalPath('$.note'),
      ordered_at: Column.sentTimestamp(),
    },
    conflictKey: 'order_id',
    ...changes,
  });
}

/** A table that a sink can write to. */
export function itemsTable(stack: Stack, props: Partial<dynamodb.TablePropsV2> = {}) {
  return new dynamodb.TableV2(stack, 'Items', {
    partitionKey: { name: 'order_id', type: dynamodb.AttributeType.STRING },
    ...props,
  });
}

/** A valid sink for {@link itemsTable}. */
export function itemsSink(table: dynamodb.ITable, changes: Partial<DynamoDbSinkProps> = {}) {
  return Sink.dynamoDb({
    table,
    attributes: {
      order_id: '$.orderId',
      amount: Attribute.number('$.amount'),
      note: Attribute.optionalPath('$.note'),
      ordered_at: Attribute.sentTimestamp(),
    },
    ...changes,
  });
}
