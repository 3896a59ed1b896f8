import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { grantSending } from '../encryption/queue-grants';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { functionPropsFailures } from './instance-sink-rules';
import type { PostgresSinkProps } from './postgres-sink-props';
import { postgresTarget } from './postgres-target';
import { ShippedProgram } from './shipped-program';
import type { IInstanceSink, InstanceSinkBinding, SinkBindOptions } from './sink-contract';
import { sinkEnvironment } from './sink-environment';

/** A table of a PostgreSQL database, written by instances: what the function does, in a process of its own. */
export class PostgresInstanceSink implements IInstanceSink {
  constructor(
    private readonly props: PostgresSinkProps,
    private readonly timeout: Duration,
  ) {}

  public validate(vpc: ec2.IVpc): readonly string[] {
    return [
      ...functionPropsFailures(this.props),
      ...(this.props.vpc === vpc ? [] : ['vpc must be that of the instances']),
    ];
  }

  public bind(scope: Construct, { deadLetterQueue }: SinkBindOptions): InstanceSinkBinding {
    const target = postgresTarget(scope, this.props);
    const own = sinkEnvironment(scope, { deadLetterQueue, timeout: this.timeout });
    return {
      program: new ShippedProgram('write-buffer-postgres-worker', {
        ...target.environment,
        ...own.variables,
      }),
      sinkErrors: own.sinkErrors,
      grant: (role) => {
        grantReadSecret(role, target.secret);
        grantSending(deadLetterQueue, role);
      },
      connect: (connections) => target.allowFrom(connections),
    };
  }
}
