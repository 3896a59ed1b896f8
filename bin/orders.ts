import { App, CfnOutput, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { Column, FrontEnd, InstanceWriteBuffer, Scaling, Sink, WorkerProgram } from '../lib';

/**
 * Orders of a shop on instances: an enqueuing group takes them in behind a load balancer and only ever writes to the queue, a dequeuing
 * group inserts them into Aurora PostgreSQL and only then deletes them.
 *
 * The table is the application's own (a migration makes it):
 * `CREATE TABLE orders (order_id text PRIMARY KEY, ...)`.
 */
export class OrdersStack extends Stack {
  readonly database: DatabaseCluster;
  readonly orders: InstanceWriteBuffer;
  readonly frontEnd: FrontEnd;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
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

    this.orders = new InstanceWriteBuffer(this, 'Orders', {
      vpc,
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
        connectionBudget: 4,
      }),
      maxCapacity: 4,
      scaling: Scaling.step({
        scaleOut: [
          { messages: 500, instances: 1 },
          { messages: 5_000, instances: 2 },
        ],
      }),
    });
    this.frontEnd = new FrontEnd(this, 'FrontEnd', {
      vpc,
      queue: this.orders.queue,
      program: WorkerProgram.nodejs({ entry: require.resolve('./orders/front-end') }),
      maxCapacity: 4,
    });

    // A reference app leaves nothing behind; a shop would retain its database and logs.
    RemovalPolicies.of(this).destroy();

    new CfnOutput(this, 'Url', {
      value: `http://${this.frontEnd.loadBalancer.loadBalancerDnsName}/orders`,
    });
    new CfnOutput(this, 'QueueUrl', { value: this.orders.queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: this.orders.deadLetterQueue.queueUrl });
    new CfnOutput(this, 'DatabaseSecretArn', { value: this.database.secret?.secretArn ?? '' });
  }
}

if (require.main === module) {
  new OrdersStack(new App(), 'Orders');
}
