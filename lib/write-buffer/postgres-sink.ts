import { Annotations, Duration, Names, Stack, Tokenization, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { failuresOf } from '../validation';
import { descriptionOf } from './descriptions';
import { functionRole } from './function-role';
import { METRICS, METRICS_NAMESPACE, VARIABLES } from './mapping/settings';
import { databaseOf, type PostgresDatabase, secretOf } from './postgres-database';
import { planOf } from './postgres-plan';
import type { PostgresSinkProps } from './postgres-sink-props';
import { POSTGRES_SINK_RULES } from './postgres-sink-rules';
import { grantReadSecret } from './secret-access';
import { shippedCode } from './shipped-code';
import type { ISink, SinkBinding, SinkBindOptions } from './sink-contract';

const DEFAULT_CONNECTION_BUDGET = 10;
const DEFAULT_TIMEOUT = Duration.seconds(30);

/** A table of a PostgreSQL database, written by the function in `handler`. */
export class PostgresSink implements ISink {
  public readonly timeout: Duration;
  public readonly maxConcurrency: number;

  constructor(private readonly props: PostgresSinkProps) {
    this.timeout = props.timeout ?? DEFAULT_TIMEOUT;
    this.maxConcurrency = props.connectionBudget ?? DEFAULT_CONNECTION_BUDGET;
  }

  public validate(): readonly string[] {
    return failuresOf(this.props, POSTGRES_SINK_RULES);
  }

  public bind(scope: Construct, options: SinkBindOptions): SinkBinding {
    const { props } = this;
    const database = databaseOf(props);
    const secret = secretOf(props);
    if (database === undefined || secret === undefined) {
      throw new Error(this.validate().join('; '));
    }
    const role = functionRole(scope, 'FunctionRole');
    const logGroup = new logs.LogGroup(scope, 'FunctionLogs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      encryptionKey: this.logKey(scope),
    });
    logGroup.grantWrite(role);
    const service = Names.uniqueResourceName(scope, { maxLength: 80, separator: '-' });
    const fn = new lambda.Function(scope, 'Function', {
      description: descriptionOf(scope, 'writes what was buffered to PostgreSQL'),
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: shippedCode('write-buffer-postgres'),
      timeout: this.timeout,
      memorySize: props.memorySize ?? 512,
      role,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups ?? [this.securityGroup(scope)],
      environment: {
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        [VARIABLES.plan]: Stack.of(scope).toJsonString(planOf(props)),
        [VARIABLES.host]: database.host,
        [VARIABLES.port]: Tokenization.stringifyNumber(database.port),
        ...(props.databaseName === undefined ? {} : { [VARIABLES.database]: props.databaseName }),
        [VARIABLES.secretArn]: secret.secretArn,
        [VARIABLES.throughProxy]: String(database.proxy),
        [VARIABLES.timeoutSeconds]: String(this.timeout.toSeconds()),
        [VARIABLES.deadLetterQueueUrl]: options.deadLetterQueue.queueUrl,
      },
    });
    Validations.of(fn).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'It is for asynchronous invocations; this function is called by its event source only.',
    });
    grantReadSecret(role, secret);
    options.deadLetterQueue.grantSendMessages(role);
    this.allowToDatabase(scope, fn, database);
    this.warnOfIsolation(scope);
    return { function: fn, sinkErrors: sinkErrors(service) };
  }

  private securityGroup(scope: Construct): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
      vpc: this.props.vpc,
      description: descriptionOf(scope, 'to the database, Secrets Manager and SQS'),
      allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'Secrets Manager and SQS');
    return group;
  }

  private allowToDatabase(scope: Construct, fn: lambda.Function, database: PostgresDatabase): void {
    const { connectable, port } = database;
    if (connectable === undefined || connectable.connections.securityGroups.length === 0) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:databaseSecurityGroupUnknown',
        "The security groups of the imported database are not known here: call 'connections.allowTo(group, port)' of the WriteBuffer with them, which opens the way on both sides, or nothing will be written.",
      );
      return;
    }
    // Asked for on the function's side, so that the rule is made in its stack: a database of another
    // stack would otherwise depend on this one.
    fn.connections.allowTo(connectable, ec2.Port.tcp(port), 'PostgreSQL');
  }

  private logKey(scope: Construct): kms.IKey | undefined {
    const key = this.props.logEncryptionKey;
    const stack = Stack.of(scope);
    const service = `logs.${stack.region}.amazonaws.com`;
    const grant = key?.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(service)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
              service: 'logs',
              resource: '*',
            }),
          },
        },
      }),
    );
    if (grant !== undefined && !grant.statementAdded) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:logKeyNotOurs',
        'The policy of logEncryptionKey cannot be changed from here: check that it lets CloudWatch Logs use the key, or the log group will not be made.',
      );
    }
    return key;
  }

  /** Whether interface endpoints exist cannot be seen from a VPC. */
  private warnOfIsolation(scope: Construct): void {
    const { vpc, vpcSubnets } = this.props;
    const chosen =
      vpcSubnets ??
      (vpc.privateSubnets.length === 0 ? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } : {});
    const { subnetIds } = vpc.selectSubnets(chosen);
    const isolated = vpc.isolatedSubnets.map((subnet) => subnet.subnetId);
    if (subnetIds.some((id) => isolated.includes(id))) {
      Annotations.of(scope).addWarningV2(
        'cdk-decouple:isolatedSubnets',
        'The function runs in isolated subnets: it reaches Secrets Manager and SQS only if the VPC has interface endpoints for both.',
      );
    }
  }
}

function sinkErrors(service: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS.sinkErrors,
    dimensionsMap: { service },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(1),
  });
}
