import { type Duration, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { logKey } from '../encryption/log-key';
import { descriptionOf } from '../shipped-functions/descriptions';
import { shippedCode } from '../shipped-functions/shipped-code';
import { functionRole } from './function-role';
import { sinkEnvironment } from './sink-environment';

/** What of a shipped function a sink's props say. */
export interface SinkFunctionProps {
  readonly memorySize?: number;
  readonly logRetention?: logs.RetentionDays;
  readonly logEncryptionKey?: kms.IKey;
}

/** A shipped function in the making. */
export interface SinkFunctionOptions {
  /** Folder of its code under `dist/assets`. */
  readonly code: string;
  /** What it is for, as the end of its description. */
  readonly purpose: string;
  readonly timeout: Duration;
  readonly props: SinkFunctionProps;
  /** Undefined outside of a VPC. */
  readonly network?: Pick<lambda.FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'>;
  /** The sink's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the function sends what can never be written; the right to do so is the sink's to give. */
  readonly deadLetterQueue: sqs.IQueue;
}

/** A shipped function that has been made. */
export interface SinkFunction {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  /** Counts batches that the sink could not take. */
  readonly sinkErrors: cloudwatch.Metric;
}

/**
 * Makes a function that is shipped with this package, with its role, its logs and its metrics.
 */
export function sinkFunction(scope: Construct, options: SinkFunctionOptions): SinkFunction {
  const { code, deadLetterQueue, environment, network, props, purpose, timeout } = options;
  const role = functionRole(scope, 'FunctionRole', network !== undefined);
  const logGroup = new logs.LogGroup(scope, 'FunctionLogs', {
    retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
    encryptionKey: logKey(scope, props.logEncryptionKey),
  });
  logGroup.grantWrite(role);
  const { sinkErrors, variables } = sinkEnvironment(scope, { deadLetterQueue, timeout });
  const fn = new lambda.Function(scope, 'Function', {
    description: descriptionOf(scope, purpose),
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: shippedCode(code),
    timeout,
    memorySize: props.memorySize ?? 512,
    role,
    logGroup,
    tracing: lambda.Tracing.ACTIVE,
    ...network,
    environment: { ...environment, ...variables },
  });
  Validations.of(fn).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason: 'It is for asynchronous invocations; this function is called by its event source only.',
  });
  return { function: fn, role, sinkErrors };
}
