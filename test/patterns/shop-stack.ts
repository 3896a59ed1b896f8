import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import {
  Attribute,
  type DynamoDbSinkProps,
  type ISink,
  type PostgresSinkProps,
  Sink,
  WriteBuffer,
  type WriteBufferProps,
} from 'cdk-decouple';

/** What a shop's stack is made of. */
export interface ShopStackOptions {
  /** Names of its write buffers, each with a table of the same name. @default ['orders'] */
  readonly buffers?: readonly string[];
  /** What they write to. @default 'postgres' */
  readonly store?: 'postgres' | 'dynamodb';
  readonly fifo?: boolean;
  readonly connectionBudget?: number;
  readonly maxConnections?: number;
  /** The kind of PostgreSQL database. @default 'instance' */
  readonly database?: 'instance' | 'cluster' | 'proxy';
  /** Changes to the sinks for PostgreSQL, or another sink. */
  readonly sink?: Partial<PostgresSinkProps> | ((stack: Stack) => ISink);
  /** Changes to the sinks for DynamoDB. */
  readonly items?: (stack: Stack) => Partial<DynamoDbSinkProps>;
  /** Whether an order may lack its amount; DynamoDB only. @default false */
  readonly amountIsOptional?: boolean;
  readonly buffer?: Partial<WriteBufferProps> | ((stack: Stack) => Partial<WriteBufferProps>);
}

const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });

/** A stack with a database and a write buffer for each table. */
export function shopStack(options: ShopStackOptions): Stack {
  const stack = new Stack(new App(), 'Shop');
  const sinkOf =
    options.store === 'dynamodb' ? itemSinks(stack, options) : rowSinks(stack, options);
  for (const name of options.buffers ?? ['orders']) {
    const { buffer: changes } = options;
    const buffer = new WriteBuffer(stack, `Buffer-${name}`, {
      sink: sinkOf(name),
      fifo: options.fifo,
      ...(typeof changes === 'function' ? changes(stack) : changes),
    });
    new CfnOutput(stack, `Queue-${name}`.replace('-', ''), { value: buffer.queue.queueUrl });
    new CfnOutput(stack, `DeadLetters-${name}`.replace('-', ''), {
      value: buffer.deadLetterQueue.queueUrl,
    });
  }
  return stack;
}

function rowSinks(stack: Stack, options: ShopStackOptions): (name: string) => ISink {
  const { sink } = options;
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const database = databaseIn(stack, vpc, options);
  new CfnOutput(stack, 'Secret', { value: database.secret?.secretArn ?? '' });
  return (name) =>
    typeof sink === 'function'
      ? sink(stack)
      : Sink.postgres({
          ...database,
          vpc,
          table: name,
          columns: { order_id: '$.orderId', position: '$.position', amount: '$.amount' },
          conflictKey: 'order_id',
          connectionBudget: options.connectionBudget ?? 4,
          timeout: Duration.seconds(30),
          ...sink,
        });
}

function itemSinks(stack: Stack, options: ShopStackOptions): (name: string) => ISink {
  const amount = options.amountIsOptional ? Attribute.optionalPath('$.amount') : '$.amount';
  return (name) => {
    const changes = options.items?.(stack);
    const table =
      changes?.table ??
      new TableV2(stack, `Table-${name}`, {
        partitionKey: { name: 'order_id', type: AttributeType.STRING },
        removalPolicy: RemovalPolicy.DESTROY,
      });
    new CfnOutput(stack, `Table${name}`, { value: table.tableName });
    return Sink.dynamoDb({
      table,
      attributes: {
        order_id: '$.orderId',
        position: '$.position',
        amount: Attribute.number(amount),
        note: Attribute.optionalPath('$.note'),
      },
      maxConcurrency: options.connectionBudget ?? 4,
      writeConcurrency: 4,
      timeout: Duration.seconds(30),
      ...changes,
    });
  };
}

type Target = Pick<PostgresSinkProps, 'cluster' | 'instance' | 'proxy' | 'secret'>;

function databaseIn(stack: Stack, vpc: Vpc, options: ShopStackOptions): Target {
  if (options.database === 'cluster') {
    const cluster = new DatabaseCluster(stack, 'Cluster', {
      engine: DatabaseClusterEngine.auroraPostgres({
        version: AuroraPostgresEngineVersion.VER_16_8,
      }),
      writer: ClusterInstance.serverlessV2('Writer'),
      vpc,
      defaultDatabaseName: 'shop',
    });
    return { cluster, secret: cluster.secret };
  }
  const instance = new DatabaseInstance(stack, 'Database', {
    engine,
    vpc,
    databaseName: 'shop',
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
    parameterGroup: new ParameterGroup(stack, 'Parameters', {
      engine,
      parameters: { max_connections: String(options.maxConnections ?? 20) },
    }),
  });
  const { secret } = instance;
  if (options.database !== 'proxy' || secret === undefined) {
    return { instance, secret };
  }
  return { proxy: instance.addProxy('Proxy', { vpc, secrets: [secret] }), secret };
}
