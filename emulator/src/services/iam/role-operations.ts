import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { checkRoleSettings, type IamAccount } from './account';
import { addTags, encodeDocument, listPage, newTags, roleDetails, tagList } from './responses';
import type { Role } from './role';

type Iam = typeof import('@aws-sdk/client-iam');

/** Operations on roles, their trust, their tags and the policies that hang on them. */
export function roleOperations(accountOf: (context: CallContext) => IamAccount): Handlers<Iam> {
  /** Asks first and looks then: who may not do it does not learn whether the role exists. */
  function role(context: CallContext, name: string): Role {
    const account = accountOf(context);
    const arn = account.roles.find(name)?.arn ?? `arn:aws:iam::${account.id}:role/${name}`;
    context.authorize(`iam:${context.operation}`, arn);
    return account.roles.get(name);
  }

  return {
    CreateRole(input, context) {
      acceptOnly('iam.CreateRole', input, [
        'RoleName',
        'Path',
        'AssumeRolePolicyDocument',
        'Description',
        'MaxSessionDuration',
        'PermissionsBoundary',
        'Tags',
      ]);
      const account = accountOf(context);
      const path = input.Path ?? '/';
      context.authorize(
        'iam:CreateRole',
        `arn:aws:iam::${account.id}:role${path}${input.RoleName}`,
      );
      const created = account.createRole(input.RoleName, path, {
        trustPolicy: input.AssumeRolePolicyDocument,
        description: input.Description,
        maxSessionDuration: input.MaxSessionDuration,
        permissionsBoundary: input.PermissionsBoundary,
        tags: newTags(input.Tags),
      });
      return { Role: roleDetails(created) };
    },

    GetRole: (input, context) => ({ Role: roleDetails(role(context, input.RoleName)) }),

    ListRoles(input, context) {
      const account = accountOf(context);
      context.authorize('iam:ListRoles', `arn:aws:iam::${account.id}:role/`);
      const { items, ...rest } = listPage(
        account.roles.all(input.PathPrefix),
        (one) => one.name,
        input,
      );
      return { Roles: items.map((one) => roleDetails(one, 'listed')), ...rest };
    },

    UpdateRole(input, context) {
      const updated = role(context, input.RoleName);
      checkRoleSettings(input.Description, input.MaxSessionDuration);
      if (input.Description !== undefined) updated.description = input.Description;
      if (input.MaxSessionDuration !== undefined)
        updated.maxSessionDuration = input.MaxSessionDuration;
      return {};
    },

    UpdateRoleDescription(input, context) {
      const updated = role(context, input.RoleName);
      checkRoleSettings(input.Description, undefined);
      updated.description = input.Description;
      return { Role: roleDetails(updated) };
    },

    UpdateAssumeRolePolicy(input, context) {
      const updated = role(context, input.RoleName);
      accountOf(context).setTrustPolicy(updated, input.PolicyDocument);
      return {};
    },

    DeleteRole(input, context) {
      accountOf(context).deleteRole(role(context, input.RoleName));
      return {};
    },

    TagRole(input, context) {
      addTags(role(context, input.RoleName).tags, input.Tags);
      return {};
    },

    UntagRole(input, context) {
      const { tags } = role(context, input.RoleName);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListRoleTags(input, context) {
      const tags = tagList(role(context, input.RoleName).tags);
      const { items, ...rest } = listPage(tags, (tag) => tag.Key, input);
      return { Tags: items, ...rest };
    },

    PutRolePolicy(input, context) {
      const target = role(context, input.RoleName);
      accountOf(context).putRolePolicy(target, input.PolicyName, input.PolicyDocument);
      return {};
    },

    GetRolePolicy(input, context) {
      const { name, inlinePolicies } = role(context, input.RoleName);
      const document = inlinePolicies.get(input.PolicyName);
      if (document === undefined) throw noInlinePolicy(input.PolicyName);
      return {
        RoleName: name,
        PolicyName: input.PolicyName,
        PolicyDocument: encodeDocument(document),
      };
    },

    ListRolePolicies(input, context) {
      const names = [...role(context, input.RoleName).inlinePolicies.keys()];
      const { items, ...rest } = listPage(names, (name) => name, input);
      return { PolicyNames: items, ...rest };
    },

    DeleteRolePolicy(input, context) {
      const { inlinePolicies } = role(context, input.RoleName);
      if (!inlinePolicies.delete(input.PolicyName)) throw noInlinePolicy(input.PolicyName);
      return {};
    },

    AttachRolePolicy(input, context) {
      accountOf(context).attachRolePolicy(role(context, input.RoleName), input.PolicyArn);
      return {};
    },

    DetachRolePolicy(input, context) {
      accountOf(context).detachRolePolicy(role(context, input.RoleName), input.PolicyArn);
      return {};
    },

    ListAttachedRolePolicies(input, context) {
      const account = accountOf(context);
      const attached = [...role(context, input.RoleName).attachedPolicies]
        .map((arn) => account.policy(arn))
        .filter((policy) => policy.path.startsWith(input.PathPrefix ?? '/'));
      const { items, ...rest } = listPage(attached, (policy) => policy.arn, input);
      return {
        AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })),
        ...rest,
      };
    },

    PutRolePermissionsBoundary(input, context) {
      const target = role(context, input.RoleName);
      target.permissionsBoundary = accountOf(context).policy(input.PermissionsBoundary).arn;
      return {};
    },

    DeleteRolePermissionsBoundary(input, context) {
      const target = role(context, input.RoleName);
      if (target.permissionsBoundary === undefined)
        throw new ServiceError(
          'NoSuchEntityException',
          `Role ${target.name} does not have a permissions boundary.`,
          { status: 404 },
        );
      target.permissionsBoundary = undefined;
      return {};
    },

    CreateServiceLinkedRole(input, context) {
      context.authorize('iam:CreateServiceLinkedRole', '*');
      throw new NotImplementedError(`a service-linked role for ${input.AWSServiceName}`);
    },
  };
}

function noInlinePolicy(name: string): ServiceError {
  return new ServiceError(
    'NoSuchEntityException',
    `The role policy with name ${name} cannot be found.`,
    { status: 404 },
  );
}
