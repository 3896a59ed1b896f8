import { accountOfRoleArn } from '../../iam/arns';
import { NotImplementedError } from '../../protocol/errors';
import { invalid } from './errors';
import type { GivenTarget } from './given-target';

/** What rules can send to here. */
export type TargetKind = 'bus' | 'function' | 'queue' | 'topic';

const kinds: Readonly<Record<TargetKind, RegExp>> = {
  bus: /^arn:[^:]+:events:[a-z0-9-]+:\d{12}:event-bus\//,
  function: /^arn:[^:]+:lambda:[a-z0-9-]+:\d{12}:function:/,
  queue: /^arn:[^:]+:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(?:\.fifo)?$/,
  topic: /^arn:[^:]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/,
};

/**
 * Which kind of target an ARN is, with what the kind asks of the target's other members.
 *
 * @throws ServiceError ValidationException; NotImplemented for a target of another service
 */
export function checkTargetArn(given: GivenTarget): TargetKind {
  const { Arn: arn, Id: id, RoleArn: roleArn, SqsParameters: sqs } = given;
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn))
    throw invalid('Parameter Arn is not valid. Reason: Provided Arn is not in correct format.');
  const kind = kindOf(arn);
  if (!kind) throw new NotImplementedError(`${arn} as a target of a rule`);
  if (roleArn !== undefined && accountOfRoleArn(roleArn) === undefined)
    throw invalid('Parameter RoleArn is not valid. Reason: Provided Arn is not in correct format.');
  if (kind === 'queue' && arn.endsWith('.fifo') && sqs?.MessageGroupId === undefined)
    throw invalid(`Parameter(s) MessageGroupId must be specified for target: ${id}.`);
  if (kind !== 'queue' && sqs)
    throw invalid(`Parameter(s) SqsParameters not valid for target: ${id}.`);
  if (kind === 'topic' && arn.endsWith('.fifo'))
    throw invalid(`FIFO topics are not supported as targets: ${id}.`);
  return kind;
}

function kindOf(arn: string): TargetKind | undefined {
  for (const kind of ['bus', 'function', 'queue', 'topic'] as const)
    if (kinds[kind].test(arn)) return kind;
  return undefined;
}

/** Whether rules can send there. */
export function isTargetArn(arn: string): boolean {
  return kindOf(arn) !== undefined;
}
