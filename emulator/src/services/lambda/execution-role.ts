import { accountOfRoleArn } from '../../iam/arns';
import type { Authorize, AuthorizedCall, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { invalid } from './errors';

const lambda = 'lambda.amazonaws.com';

/** Who gives a function its role: a call, or CloudFormation on somebody's behalf. */
export interface RoleGiver {
  readonly caller: Caller;
  readonly call?: AuthorizedCall;
}

/**
 * Checks that a function may run with a role: the caller may pass it to Lambda, and it trusts Lambda.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 * @throws ServiceError AccessDeniedException, InvalidParameterValueException
 */
export function checkExecutionRole(
  authorize: Authorize,
  roleArn: string | undefined,
  functionArn: string,
  { call, caller }: RoleGiver,
): void {
  const roleAccount = roleArn === undefined ? undefined : accountOfRoleArn(roleArn);
  const account = functionArn.split(':')[4] ?? '';
  // A role that is missing or malformed is refused with the other settings.
  if (roleArn === undefined || roleAccount === undefined) return;
  if (roleAccount !== account)
    throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.', {
      status: 403,
    });
  const context = { 'iam:PassedToService': lambda, 'iam:AssociatedResourceArn': functionArn };
  authorize({ caller, action: 'iam:PassRole', resource: roleArn, context, call });
  refusing('The role defined for the function cannot be assumed by Lambda.', () =>
    authorize({
      caller: { kind: 'service', service: lambda, account, arn: lambda, sourceArn: functionArn },
      action: 'sts:AssumeRole',
      resource: roleArn,
      call,
    }),
  );
}

/** What Lambda's pollers call on a queue. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const pollerActions = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** What they call on a stream. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html */
const readerActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListShards'];

/**
 * Checks that a function's role may poll a queue, read a stream, or subscribe as a stream's consumer.
 *
 * @throws ServiceError InvalidParameterValueException
 */
export function checkPollerRights(authorize: Authorize, sourceArn: string, role: Caller): void {
  const [, , service, , , name = ''] = sourceArn.split(':');
  if (service === 'kinesis') {
    const actions = name.includes('/consumer/') ? ['SubscribeToShard'] : readerActions;
    refusing(
      `Cannot access stream ${sourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in Kinesis.`,
      () => {
        for (const action of actions)
          authorize({ caller: role, action: `kinesis:${action}`, resource: sourceArn });
      },
    );
    return;
  }
  for (const action of pollerActions)
    refusing(`The function execution role does not have permissions to call ${action} on SQS`, () =>
      authorize({ caller: role, action: `sqs:${action}`, resource: sourceArn }),
    );
}

/** What Lambda does to reach a broker that is private. https://docs.aws.amazon.com/lambda/latest/dg/process-mq-messages-with-lambda.html */
const networkActions = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeVpcs',
  'DeleteNetworkInterface',
  'DescribeSubnets',
  'DescribeSecurityGroups',
];

/**
 * Checks that a function's role may find a broker, read the secret that lets it in, and reach it.
 *
 * @throws ServiceError InvalidParameterValueException. AWS does not document its words; they are those that it has for queues.
 */
export function checkConsumerRights(
  authorize: Authorize,
  role: Caller,
  source: { readonly brokerArn: string; readonly secretArn: string; readonly isPrivate: boolean },
): void {
  const check = (service: string, name: string, action: string, resource: string) =>
    refusing(
      `The function execution role does not have permissions to call ${action} on ${name}`,
      () => authorize({ caller: role, action: `${service}:${action}`, resource }),
    );
  check('mq', 'MQ', 'DescribeBroker', source.brokerArn);
  check('secretsmanager', 'SECRETSMANAGER', 'GetSecretValue', source.secretArn);
  if (!source.isPrivate) return;
  for (const action of networkActions) check('ec2', 'EC2', action, '*');
}

/** A denial is Lambda's to report, in its own words. */
function refusing(message: string, ask: () => void): void {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw invalid(message);
  }
}
