import { ArnFormat, CustomResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logKey } from '../encryption/log-key';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';
import { descriptionOf } from '../shipped-functions/descriptions';
import { shippedCode } from '../shipped-functions/shipped-code';
import type { LogSettings } from './log-settings';

const POLICY_ID = 'AmazonMqLogs';
const TIMEOUT = Duration.seconds(30);
/** CloudFormation waits an hour by default for a function that never answers. */
const PATIENCE = Duration.minutes(5);

/** A log that a broker writes: what it says of itself, or who did what with it. */
export type LogKind = 'general' | 'audit';

/** How the logs of a broker are kept. */
export interface BrokerLogOptions {
  /**
   * How long logs are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A key of your own for the logs.
   *
   * @default - CloudWatch Logs encrypts with a key of its own
   */
  readonly logEncryptionKey?: kms.IKey;
}

/**
 * Lets Amazon MQ write the logs of this account's brokers: one resource policy for each stack, as CloudWatch Logs takes ten in a region.
 *
 * It has to be there before the broker.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configure-logging-monitoring-activemq.html
 */
export function logsPolicy(scope: Construct): Construct {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild(POLICY_ID);
  if (existing instanceof Construct) return existing;
  return new logs.ResourcePolicy(stack, POLICY_ID, {
    policyStatements: [
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('mq.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [
          stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '/aws/amazonmq/*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({
              service: 'mq',
              resource: 'broker',
              resourceName: '*',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    ],
  });
}

/**
 * The log groups of a broker, with their retention and key. Amazon MQ makes the groups when it makes the broker, by the broker's id: CloudFormation
 * cannot, neither before nor after. A function of this package gives them what they should have.
 */
export function brokerLogGroups(
  scope: Construct,
  brokerId: string,
  kinds: readonly LogKind[],
  { logEncryptionKey, logRetention = logs.RetentionDays.ONE_MONTH }: BrokerLogOptions,
): Partial<Record<LogKind, logs.ILogGroup>> {
  if (kinds.length === 0) return {};
  const nameOf = (kind: LogKind) => `/aws/amazonmq/broker/${brokerId}/${kind}`;
  const settings: LogSettings = {
    LogGroupNames: kinds.map(nameOf),
    ...(logRetention !== logs.RetentionDays.INFINITE && { RetentionInDays: String(logRetention) }),
    ...(logEncryptionKey && { KmsKeyId: logEncryptionKey.keyArn }),
  };
  const setUp = new Construct(scope, 'LogSettings');
  logKey(scope, logEncryptionKey);
  const fn = handler(setUp, settings, logRetention);
  const resource = new CustomResource(setUp, 'Resource', {
    resourceType: 'Custom::BrokerLogs',
    serviceToken: fn.functionArn,
    serviceTimeout: PATIENCE,
    properties: { ...settings },
  });
  const groups = new Construct(scope, 'LogGroups');
  return Object.fromEntries(
    kinds.map((kind) => {
      const group = logs.LogGroup.fromLogGroupName(groups, kind, nameOf(kind));
      group.node.addDependency(resource);
      return [kind, group];
    }),
  );
}

function handler(
  scope: Construct,
  { KmsKeyId, LogGroupNames, RetentionInDays }: LogSettings,
  retention: logs.RetentionDays,
): lambda.Function {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  const logGroup = new logs.LogGroup(scope, 'Logs', { retention });
  logGroup.grantWrite(role);
  const resources = LogGroupNames.map((name) =>
    Stack.of(scope).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        RetentionInDays === undefined ? 'logs:DeleteRetentionPolicy' : 'logs:PutRetentionPolicy',
        KmsKeyId === undefined ? 'logs:DisassociateKmsKey' : 'logs:AssociateKmsKey',
      ],
      resources,
    }),
  );
  for (const resource of resources) {
    acknowledgeWildcard(role, resource, 'Policies name a log group with :* at the end.');
  }
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray has no resource to name.',
  });
  const fn = new lambda.Function(scope, 'Handler', {
    description: descriptionOf(scope, 'retention of the broker logs'),
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'index.handler',
    code: shippedCode('broker-logs'),
    timeout: TIMEOUT,
    memorySize: 256,
    role,
    logGroup,
    tracing: lambda.Tracing.ACTIVE,
  });
  Validations.of(fn).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason:
      'CloudFormation waits for the answer and fails the deployment without it: there is nothing to keep.',
  });
  return fn;
}
