import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { invalid } from './errors';
import type { GroupsOf, LogsApi } from './group-operations';
import { logArn } from './log-arn';

/** What the operations on keys are about. */
interface KeyTarget {
  readonly logGroupName?: string | undefined;
  readonly resourceIdentifier?: string | undefined;
}

/** Keys of KMS for log groups. AWS needs up to five minutes for what happens here at once. */
export function keyOperations(groupsOf: GroupsOf) {
  return {
    AssociateKmsKey(input, ctx) {
      acceptOnly('AssociateKmsKey', input, ['kmsKeyId', 'logGroupName', 'resourceIdentifier']);
      const name = target('AssociateKmsKey', input, ctx);
      const groups = groupsOf(ctx);
      groups.associateKey(groups.get(name), input.kmsKeyId);
      return {};
    },

    DisassociateKmsKey(input, ctx) {
      acceptOnly('DisassociateKmsKey', input, ['logGroupName', 'resourceIdentifier']);
      const name = target('DisassociateKmsKey', input, ctx);
      groupsOf(ctx).get(name).kmsKeyId = undefined;
      return {};
    },
  } satisfies Handlers<LogsApi>;
}

/** Name or ARN of the group, once the caller may do it. */
function target(
  operation: string,
  { logGroupName, resourceIdentifier }: KeyTarget,
  ctx: CallContext,
): string {
  const given = logGroupName ?? resourceIdentifier;
  if (given === undefined || (logGroupName !== undefined && resourceIdentifier !== undefined))
    throw invalid('Exactly one of logGroupName and resourceIdentifier must be given.');
  if (/:query-result:/.test(given))
    throw new NotImplementedError(`${operation} for results of queries (${given})`);
  ctx.authorize(`logs:${operation}`, logArn(ctx, given));
  return given;
}
