import { Annotations, Duration, Stack, Tokenization } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { grantSending } from '../encryption/queue-grants';
import { descriptionOf } from '../shipped-functions/descriptions';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { failuresOf } from '../validation';
import { VARIABLES } from './mapping/settings';
import { databaseOf, type PostgresDatabase, secretOf } from './postgres-database';
import { planOf } from './postgres-plan';
import type { PostgresSinkProps } from './postgres-sink-props';
import { POSTGRES_SINK_RULES } from './postgres-sink-rules';
import type { ISink, SinkBinding, SinkBindOptions } from './sink-contract';
import { sinkFunction } from './sink-function';

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
    const {
      function: fn,
      role,
      sinkErrors,
    } = sinkFunction(scope, {
      code: 'write-buffer-postgres',
      purpose: 'writes what was buffered to PostgreSQL',
      timeout: this.timeout,
      props,
      network: {
        vpc: props.vpc,
        vpcSubnets: props.vpcSubnets,
        securityGroups: props.securityGroups ?? [this.securityGroup(scope)],
      },
      environment: {
        [VARIABLES.plan]: Stack.of(scope).toJsonString(planOf(props)),
        [VARIABLES.host]: database.host,
        [VARIABLES.port]: Tokenization.stringifyNumber(database.port),
        ...(props.databaseName === undefined ? {} : { [VARIABLES.database]: props.databaseName }),
        [VARIABLES.secretArn]: secret.secretArn,
        [VARIABLES.throughProxy]: String(database.proxy),
      },
      deadLetterQueue: options.deadLetterQueue,
    });
    grantReadSecret(role, secret);
    grantSending(options.deadLetterQueue, role);
    this.allowToDatabase(scope, fn, database);
    this.warnOfIsolation(scope);
    return { function: fn, sinkErrors };
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
