import { App, CfnOutput, Duration, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { Column, Sink, WriteBuffer } from '../lib';

/** Properties of {@link SaleDayStack}. */
export interface SaleDayStackProps extends StackProps {
  /**
   * Connections that the buffer may hold at a time: what the database can spare on a busy day.
   * @default 4
   */
  readonly connectionBudget?: number;
}

/**
 * Orders of a shop on a sale day: a front end writes each to a queue, and a function inserts
 * them into Aurora PostgreSQL as fast as its connections allow.
 *
 * The table is the application's own (a migration makes it):
 * `CREATE TABLE orders (order_id text PRIMARY KEY, ...)`.
 */
export class SaleDayStack extends Stack {
  readonly database: DatabaseCluster;
  readonly orders: WriteBuffer;

  constructor(scope: Construct, id: string, props: SaleDayStackProps = {}) {
    super(scope, id, props);
    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });

    this.database = new DatabaseCluster(this, 'Database', {
      engine: DatabaseClusterEngine.auroraPostgres({
        version: AuroraPostgresEngineVersion.VER_16_8,
      }),
      credentials: Credentials.fromGeneratedSecret('shop'),
      defaultDatabaseName: 'shop',
      writer: ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: 0.5,
      serverlessV2MaxCapacity: 4,
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      storageEncrypted: true,
    });

    this.orders = new WriteBuffer(this, 'Orders', {
      sink: Sink.postgres({
        cluster: this.database,
        vpc,
        table: 'orders',
        columns: {
          order_id: '$.orderId',
          placed_at: '$.placedAt',
          customer_id: '$.customerId',
          amount: '$.amount',
          accepted_at: Column.sentTimestamp(),
        },
        conflictKey: 'order_id',
        connectionBudget: props.connectionBudget ?? 4,
        timeout: Duration.seconds(30),
      }),
    });

    // A reference app leaves nothing behind; a shop would retain its database and logs.
    RemovalPolicies.of(this).destroy();

    new CfnOutput(this, 'QueueUrl', { value: this.orders.queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: this.orders.deadLetterQueue.queueUrl });
    new CfnOutput(this, 'DatabaseSecretArn', { value: this.database.secret?.secretArn ?? '' });
  }
}

if (require.main === module) {
  new SaleDayStack(new App(), 'SaleDay');
}
