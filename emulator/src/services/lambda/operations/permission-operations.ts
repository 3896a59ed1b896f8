import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { notFound, revisionMismatch } from '../errors';
import type { LambdaFunction } from '../function';
import { FunctionPolicy } from '../function-policy';
import type { LambdaApi } from './descriptions';
import { arnOf, type RegionOf } from './function-operations';

/** The resource policy of functions. */
export function permissionOperations(regionOf: RegionOf) {
  return {
    AddPermission(input, ctx) {
      ctx.authorize('lambda:AddPermission', arnOf(ctx, input.FunctionName));
      acceptOnly('AddPermission', input, [
        'FunctionName',
        'Qualifier',
        'StatementId',
        'Action',
        'Principal',
        'SourceArn',
        'SourceAccount',
        'PrincipalOrgID',
        'RevisionId',
      ]);
      const { fn, qualifier } = regionOf(ctx).functions.get(input.FunctionName, input.Qualifier);
      const policy = policyFor(fn, qualifier);
      checkRevision(policy, input.RevisionId);
      const statement = policy.add(
        {
          statementId: input.StatementId,
          action: input.Action,
          principal: input.Principal,
          sourceArn: input.SourceArn,
          sourceAccount: input.SourceAccount,
          principalOrgId: input.PrincipalOrgID,
        },
        qualified(fn, qualifier),
      );
      return { Statement: JSON.stringify(statement) };
    },

    RemovePermission(input, ctx) {
      ctx.authorize('lambda:RemovePermission', arnOf(ctx, input.FunctionName));
      const { fn, qualifier } = regionOf(ctx).functions.get(input.FunctionName, input.Qualifier);
      const policy = fn.policies.get(qualifier ?? '');
      if (!policy) throw noPolicy();
      checkRevision(policy, input.RevisionId);
      policy.remove(input.StatementId);
      if (policy.empty) fn.policies.delete(qualifier ?? '');
      return {};
    },

    GetPolicy(input, ctx) {
      ctx.authorize('lambda:GetPolicy', arnOf(ctx, input.FunctionName));
      const { fn, qualifier } = regionOf(ctx).functions.get(input.FunctionName, input.Qualifier);
      const policy = fn.policies.get(qualifier ?? '');
      if (!policy) throw noPolicy();
      return { Policy: policy.toJson(), RevisionId: policy.revisionId };
    },
  } satisfies Handlers<LambdaApi>;
}

/** The policy of a function, version or alias, made if there is none; it is kept once it has a statement. */
export function policyFor(fn: LambdaFunction, qualifier: string | undefined): FunctionPolicy {
  let policy = fn.policies.get(qualifier ?? '');
  if (!policy) {
    policy = new FunctionPolicy();
    fn.policies.set(qualifier ?? '', policy);
  }
  return policy;
}

/** The ARN that a policy's statements are about. */
export function qualified(fn: LambdaFunction, qualifier: string | undefined): string {
  return qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
}

function checkRevision(policy: FunctionPolicy, revisionId: string | undefined): void {
  if (revisionId !== undefined && revisionId !== policy.revisionId) throw revisionMismatch();
}

function noPolicy() {
  return notFound('The resource you requested does not exist.');
}
