import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { IamAccount } from './account';
import { awsManagedPolicies, isAwsManagedArn } from './aws-managed-policies';
import type { ManagedPolicy } from './managed-policy';
import { addTags, listPage, newTags, policyDetails, tagList, versionDetails } from './responses';

type Iam = typeof import('@aws-sdk/client-iam');

/** Operations on managed policies and their versions. */
export function policyOperations(accountOf: (context: CallContext) => IamAccount): Handlers<Iam> {
  function policy(context: CallContext, arn: string): ManagedPolicy {
    context.authorize(`iam:${context.operation}`, arn);
    return accountOf(context).policy(arn);
  }

  /** A policy that the account owns and may change. */
  function ownPolicy(context: CallContext, arn: string): ManagedPolicy {
    const found = policy(context, arn);
    if (isAwsManagedArn(arn))
      throw new ServiceError('AccessDenied', `Cannot modify the AWS managed policy ${arn}`, {
        status: 403,
      });
    return found;
  }

  function details(account: IamAccount, one: ManagedPolicy) {
    return policyDetails(
      one,
      account.attachmentCount(one.arn),
      account.rolesWithBoundary(one.arn).length,
    );
  }

  return {
    CreatePolicy(input, context) {
      const account = accountOf(context);
      const path = input.Path ?? '/';
      context.authorize(
        'iam:CreatePolicy',
        `arn:aws:iam::${account.id}:policy${path}${input.PolicyName}`,
      );
      acceptOnly('iam.CreatePolicy', input, [
        'PolicyName',
        'Path',
        'PolicyDocument',
        'Description',
        'Tags',
      ]);
      const created = account.createPolicy(input.PolicyName, path, input.PolicyDocument, {
        description: input.Description,
        tags: newTags(input.Tags),
      });
      return {
        Policy: {
          ...details(account, created),
          Tags: created.tags.size > 0 ? tagList(created.tags) : undefined,
        },
      };
    },

    GetPolicy(input, context) {
      const found = policy(context, input.PolicyArn);
      return {
        Policy: {
          ...details(accountOf(context), found),
          Description: found.description,
          Tags: tagList(found.tags),
        },
      };
    },

    ListPolicies(input, context) {
      acceptOnly('iam.ListPolicies', input, [
        'Scope',
        'OnlyAttached',
        'PathPrefix',
        'Marker',
        'MaxItems',
      ]);
      const account = accountOf(context);
      context.authorize('iam:ListPolicies', '*');
      const { Scope: scope = 'All', PathPrefix: prefix = '/' } = input;
      const own = scope === 'AWS' ? [] : account.policies.all();
      const aws = scope === 'Local' ? [] : awsManagedPolicies();
      const all = [...own, ...aws].filter(
        (one) =>
          one.path.startsWith(prefix) &&
          (!input.OnlyAttached || account.attachmentCount(one.arn) > 0),
      );
      const { items, ...rest } = listPage(all, (one) => one.arn, input);
      return { Policies: items.map((one) => details(account, one)), ...rest };
    },

    DeletePolicy(input, context) {
      accountOf(context).deletePolicy(ownPolicy(context, input.PolicyArn));
      return {};
    },

    CreatePolicyVersion(input, context) {
      const target = ownPolicy(context, input.PolicyArn);
      const version = accountOf(context).createPolicyVersion(
        target,
        input.PolicyDocument,
        input.SetAsDefault ?? false,
      );
      return { PolicyVersion: versionDetails(target, version) };
    },

    GetPolicyVersion(input, context) {
      const found = policy(context, input.PolicyArn);
      return { PolicyVersion: versionDetails(found, found.version(input.VersionId), 'full') };
    },

    ListPolicyVersions(input, context) {
      const found = policy(context, input.PolicyArn);
      const { items, ...rest } = listPage(
        found.versions,
        (version) => version.id.padStart(10, '0'),
        input,
      );
      return {
        Versions: items.map((version) => versionDetails(found, version)).reverse(),
        ...rest,
      };
    },

    SetDefaultPolicyVersion(input, context) {
      const target = ownPolicy(context, input.PolicyArn);
      accountOf(context).setDefaultVersion(target, input.VersionId);
      return {};
    },

    DeletePolicyVersion(input, context) {
      ownPolicy(context, input.PolicyArn).deleteVersion(input.VersionId);
      return {};
    },

    ListEntitiesForPolicy(input, context) {
      const account = accountOf(context);
      const { arn } = policy(context, input.PolicyArn);
      if (input.EntityFilter !== undefined && input.EntityFilter !== 'Role')
        throw new NotImplementedError(
          `EntityFilter ${input.EntityFilter} of iam.ListEntitiesForPolicy`,
        );
      const holders =
        input.PolicyUsageFilter === 'PermissionsBoundary'
          ? account.rolesWithBoundary(arn)
          : account.rolesWithPolicy(arn);
      const under = holders.filter((role) => role.path.startsWith(input.PathPrefix ?? '/'));
      const { items, ...rest } = listPage(under, (role) => role.name, input);
      return {
        PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        PolicyGroups: [],
        PolicyUsers: [],
        ...rest,
      };
    },

    TagPolicy(input, context) {
      addTags(ownPolicy(context, input.PolicyArn).tags, input.Tags);
      return {};
    },

    UntagPolicy(input, context) {
      const { tags } = ownPolicy(context, input.PolicyArn);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListPolicyTags(input, context) {
      const tags = tagList(policy(context, input.PolicyArn).tags);
      const { items, ...rest } = listPage(tags, (tag) => tag.Key, input);
      return { Tags: items, ...rest };
    },
  };
}
