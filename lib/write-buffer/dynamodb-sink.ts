import { Duration, Stack, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { grantSending } from '../encryption/queue-grants';
import { failuresOf } from '../validation';
import { itemPlanOf } from './dynamodb-plan';
import type { DynamoDbSinkProps } from './dynamodb-sink-props';
import { DYNAMODB_SINK_RULES } from './dynamodb-sink-rules';
import { acknowledgeKeyVariants } from './function-role';
import { functionPropsFailures } from './instance-sink-rules';
import { VARIABLES } from './mapping/settings';
import { ShippedProgram } from './shipped-program';
import type {
  IInstanceSink,
  InstanceSinkBinding,
  ISink,
  SinkBinding,
  SinkBindOptions,
} from './sink-contract';
import { sinkEnvironment } from './sink-environment';
import { sinkFunction } from './sink-function';

const DEFAULT_MAX_CONCURRENCY = 10;
const DEFAULT_WRITE_CONCURRENCY = 10;
const DEFAULT_TIMEOUT = Duration.seconds(30);
/** The one thing that is done to the table. */
const OPERATION = 'PutItem';

/** A table of DynamoDB, written by the function in `handler/dynamodb`. */
export class DynamoDbSink implements ISink {
  public readonly timeout: Duration;
  public readonly maxConcurrency: number;

  constructor(private readonly props: DynamoDbSinkProps) {
    this.timeout = props.timeout ?? DEFAULT_TIMEOUT;
    this.maxConcurrency = props.maxConcurrency ?? DEFAULT_MAX_CONCURRENCY;
  }

  public validate(): readonly string[] {
    return failuresOf(this.props, DYNAMODB_SINK_RULES);
  }

  public get onInstances(): IInstanceSink {
    return {
      validate: () => functionPropsFailures(this.props),
      bind: (scope, options) => this.bindToInstances(scope, options),
    };
  }

  public bind(scope: Construct, options: SinkBindOptions): SinkBinding {
    const { props } = this;
    const { table } = props;
    const made = sinkFunction(scope, {
      code: 'write-buffer-dynamodb',
      purpose: 'writes what was buffered to DynamoDB',
      timeout: this.timeout,
      props,
      environment: this.environment(scope),
      deadLetterQueue: options.deadLetterQueue,
    });
    grantPut(made.role, table);
    grantSending(options.deadLetterQueue, made.role);
    return { function: made.function, sinkErrors: made.sinkErrors, throttles: throttlesOf(table) };
  }

  private bindToInstances(
    scope: Construct,
    { deadLetterQueue }: SinkBindOptions,
  ): InstanceSinkBinding {
    const { table } = this.props;
    const own = sinkEnvironment(scope, { deadLetterQueue, timeout: this.timeout });
    return {
      program: new ShippedProgram('write-buffer-dynamodb-worker', {
        ...this.environment(scope),
        ...own.variables,
      }),
      sinkErrors: own.sinkErrors,
      throttles: throttlesOf(table),
      grant: (role) => {
        grantPut(role, table);
        acknowledgeKeyVariants(role);
        grantSending(deadLetterQueue, role);
      },
      // By HTTPS, which is open.
      connect: () => {},
    };
  }

  private environment(scope: Construct): Record<string, string> {
    const { props } = this;
    return {
      [VARIABLES.plan]: Stack.of(scope).toJsonString(itemPlanOf(props)),
      [VARIABLES.tableName]: props.table.tableName,
      [VARIABLES.writeConcurrency]: Tokenization.stringifyNumber(
        props.writeConcurrency ?? DEFAULT_WRITE_CONCURRENCY,
      ),
    };
  }
}

/**
 * Lets a role put items into a table, and use the table's key for it through DynamoDB only.
 *
 * The key's policy is left alone: where the table is of another stack, that one would then depend on this one. The policy that
 * aws-cdk-lib gives a key leaves it to the account.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function grantPut(role: iam.Role, table: dynamodb.ITable): void {
  role.addToPolicy(
    new iam.PolicyStatement({ actions: [`dynamodb:${OPERATION}`], resources: [table.tableArn] }),
  );
  if (table.encryptionKey !== undefined) {
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey*',
          'kms:ReEncrypt*',
        ],
        resources: [table.encryptionKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(table).region}.amazonaws.com` },
        },
      }),
    );
  }
}

/**
 * Puts that were throttled, by the table or one of its indexes. AWS publishes them by table and operation.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
function throttlesOf(table: dynamodb.ITable): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/DynamoDB',
    metricName: 'ThrottledRequests',
    dimensionsMap: { TableName: table.tableName, Operation: OPERATION },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(1),
  });
}
