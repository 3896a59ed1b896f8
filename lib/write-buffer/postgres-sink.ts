import { Annotations, Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { grantSending } from '../encryption/queue-grants';
import { descriptionOf } from '../shipped-functions/descriptions';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { failuresOf } from '../validation';
import { PostgresInstanceSink } from './postgres-instance-sink';
import type { PostgresSinkProps } from './postgres-sink-props';
import { POSTGRES_SINK_RULES } from './postgres-sink-rules';
import { postgresTarget } from './postgres-target';
import type { IInstanceSink, ISink, SinkBinding, SinkBindOptions } from './sink-contract';
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

  public get onInstances(): IInstanceSink {
    return new PostgresInstanceSink(this.props, this.timeout);
  }

  public bind(scope: Construct, options: SinkBindOptions): SinkBinding {
    const { props } = this;
    const target = postgresTarget(scope, props);
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
      environment: target.environment,
      deadLetterQueue: options.deadLetterQueue,
    });
    grantReadSecret(role, target.secret);
    grantSending(options.deadLetterQueue, role);
    target.allowFrom(fn.connections);
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
