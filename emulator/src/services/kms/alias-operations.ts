import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { Constraints } from '../constraints';
import type { Cryptography } from './cryptography';
import type { KeyStore } from './key-store';
import { listPage } from './responses';

type Kms = typeof import('@aws-sdk/client-kms');

/** Operations on aliases. */
export function aliasOperations(
  storeOf: (context: CallContext) => KeyStore,
  cryptography: Cryptography,
): Handlers<Kms> {
  return {
    CreateAlias(input, context) {
      const store = storeOf(context);
      context.authorize('kms:CreateAlias', store.aliasArn(input.AliasName));
      checkAliasName(input.AliasName);
      const key = cryptography.find(input.TargetKeyId, context);
      context.authorize('kms:CreateAlias', key.arn);
      key.requireNotPendingDeletion();
      store.createAlias(input.AliasName, key);
      return {};
    },

    UpdateAlias(input, context) {
      const store = storeOf(context);
      context.authorize('kms:UpdateAlias', store.aliasArn(input.AliasName));
      checkAliasName(input.AliasName);
      store.alias(input.AliasName);
      const key = cryptography.find(input.TargetKeyId, context);
      context.authorize('kms:UpdateAlias', key.arn);
      key.requireNotPendingDeletion();
      store.updateAlias(input.AliasName, key);
      return {};
    },

    DeleteAlias(input, context) {
      const store = storeOf(context);
      context.authorize('kms:DeleteAlias', store.aliasArn(input.AliasName));
      checkAliasName(input.AliasName);
      store.deleteAlias(input.AliasName);
      return {};
    },

    ListAliases(input, context) {
      context.authorize('kms:ListAliases', '*');
      const store = storeOf(context);
      const target =
        input.KeyId === undefined ? undefined : cryptography.find(input.KeyId, context).id;
      const aliases = store
        .aliases()
        .filter((alias) => target === undefined || alias.targetKeyId === target);
      const { items, ...rest } = listPage(aliases, (alias) => alias.name, input, 50);
      return {
        Aliases: items.map((alias) => ({
          AliasName: alias.name,
          AliasArn: alias.arn,
          TargetKeyId: alias.targetKeyId,
          CreationDate: new Date(alias.createdAt),
          LastUpdatedDate: new Date(alias.updatedAt),
        })),
        ...rest,
      };
    },
  };
}

/** @throws ValidationException, or NotAuthorizedException for the names that AWS keeps for itself */
export function checkAliasName(name: string): void {
  new Constraints('ValidationException')
    .length('aliasName', name, 1, 256)
    .pattern('aliasName', name, '[a-zA-Z0-9:/_-]+')
    .check();
  if (!/^alias\/./.test(name))
    throw new ServiceError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  if (name.includes(':'))
    throw new ServiceError(
      'ValidationException',
      `${name} contains invalid characters for an alias`,
    );
  if (name.startsWith('alias/aws/'))
    throw new ServiceError('NotAuthorizedException', `${name} is reserved for AWS managed keys.`);
}
