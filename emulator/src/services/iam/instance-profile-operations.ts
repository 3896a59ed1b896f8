import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import type { IamAccount } from './account';
import type { InstanceProfile } from './instance-profile';
import { addTags, listPage, newTags, profileDetails, tagList } from './responses';

type Iam = typeof import('@aws-sdk/client-iam');

/** Operations on instance profiles. */
export function instanceProfileOperations(
  accountOf: (context: CallContext) => IamAccount,
): Handlers<Iam> {
  function profile(context: CallContext, name: string): InstanceProfile {
    const account = accountOf(context);
    const arn =
      account.instanceProfiles.find(name)?.arn ??
      `arn:aws:iam::${account.id}:instance-profile/${name}`;
    context.authorize(`iam:${context.operation}`, arn);
    return account.instanceProfiles.get(name);
  }

  return {
    CreateInstanceProfile(input, context) {
      const account = accountOf(context);
      const { InstanceProfileName: name, Path: path = '/' } = input;
      context.authorize(
        'iam:CreateInstanceProfile',
        `arn:aws:iam::${account.id}:instance-profile${path}${name}`,
      );
      const created = account.createInstanceProfile(name, path, newTags(input.Tags));
      return { InstanceProfile: profileDetails(created) };
    },

    GetInstanceProfile: (input, context) => ({
      InstanceProfile: profileDetails(profile(context, input.InstanceProfileName)),
    }),

    ListInstanceProfiles(input, context) {
      const account = accountOf(context);
      context.authorize('iam:ListInstanceProfiles', '*');
      const { items, ...rest } = listPage(
        account.instanceProfiles.all(input.PathPrefix),
        (one) => one.name,
        input,
      );
      return { InstanceProfiles: items.map(profileDetails), ...rest };
    },

    ListInstanceProfilesForRole(input, context) {
      const account = accountOf(context);
      context.authorize(
        'iam:ListInstanceProfilesForRole',
        account.roles.find(input.RoleName)?.arn ?? '*',
      );
      const role = account.roles.get(input.RoleName);
      const holding = account.instanceProfiles.all().filter((one) => one.role === role);
      const { items, ...rest } = listPage(holding, (one) => one.name, input);
      return { InstanceProfiles: items.map(profileDetails), ...rest };
    },

    AddRoleToInstanceProfile(input, context) {
      const account = accountOf(context);
      const target = profile(context, input.InstanceProfileName);
      account.addRoleToInstanceProfile(target, account.roles.get(input.RoleName));
      return {};
    },

    RemoveRoleFromInstanceProfile(input, context) {
      const target = profile(context, input.InstanceProfileName);
      if (target.role?.name !== input.RoleName)
        throw new ServiceError(
          'NoSuchEntityException',
          `The role with name ${input.RoleName} cannot be found.`,
          { status: 404 },
        );
      target.role = undefined;
      return {};
    },

    DeleteInstanceProfile(input, context) {
      accountOf(context).deleteInstanceProfile(profile(context, input.InstanceProfileName));
      return {};
    },

    TagInstanceProfile(input, context) {
      addTags(profile(context, input.InstanceProfileName).tags, input.Tags);
      return {};
    },

    UntagInstanceProfile(input, context) {
      const { tags } = profile(context, input.InstanceProfileName);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListInstanceProfileTags(input, context) {
      const tags = tagList(profile(context, input.InstanceProfileName).tags);
      const { items, ...rest } = listPage(tags, (tag) => tag.Key, input);
      return { Tags: items, ...rest };
    },
  };
}
