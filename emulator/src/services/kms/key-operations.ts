import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { ServiceEnvironment } from '../service';
import type { Cryptography } from './cryptography';
import type { KmsKey } from './key';
import { checkKeyPolicy, defaultKeyPolicy } from './key-policy';
import type { KeyStore } from './key-store';
import { checkTags, keyMetadata, listPage, tagList } from './responses';

type Kms = typeof import('@aws-sdk/client-kms');

const day = 24 * 60 * 60 * 1000;

/** Operations on keys themselves: their life, policy, rotation settings and tags. */
export function keyOperations(
  env: ServiceEnvironment,
  storeOf: (context: CallContext) => KeyStore,
  cryptography: Cryptography,
): Handlers<Kms> {
  function find(context: CallContext, keyId: string): KmsKey {
    const key = cryptography.find(keyId, context);
    context.authorize(`kms:${context.operation}`, key.arn);
    return key;
  }

  /** Operations that change a key take no alias, and refuse the keys that AWS manages. */
  function findToChange(context: CallContext, keyId: string): KmsKey {
    if (/(^|:)alias\//.test(keyId))
      throw new ServiceError('NotFoundException', `Invalid keyId '${keyId}'`);
    const key = find(context, keyId);
    if (key.account !== context.account)
      throw new ServiceError('NotFoundException', `Key '${key.arn}' does not exist`);
    if (key.settings.manager === 'AWS')
      throw new ServiceError(
        'AccessDeniedException',
        `User: ${context.caller.arn} is not authorized to perform: kms:${context.operation} on resource: ${key.arn}`,
      );
    return key;
  }

  return {
    CreateKey(input, context) {
      acceptOnly('kms.CreateKey', input, [
        'Policy',
        'Description',
        'KeyUsage',
        'CustomerMasterKeySpec',
        'KeySpec',
        'Origin',
        'BypassPolicyLockoutSafetyCheck',
        'Tags',
        'MultiRegion',
      ]);
      refuseOtherKeys(input);
      const store = storeOf(context);
      context.authorize('kms:CreateKey', '*');
      new Constraints('ValidationException')
        .length('description', input.Description, 0, 8192)
        .check();
      const policy = input.Policy ?? defaultKeyPolicy(context.account);
      const bypass = input.BypassPolicyLockoutSafetyCheck ?? false;
      checkKeyPolicy(policy, context.account, context.caller, bypass);
      const key = store.create({
        description: input.Description ?? '',
        policy,
        manager: 'CUSTOMER',
        tags: checkTags(input.Tags ?? []),
      });
      return { KeyMetadata: keyMetadata(key) };
    },

    DescribeKey: (input, context) => ({ KeyMetadata: keyMetadata(find(context, input.KeyId)) }),

    ListKeys(input, context) {
      context.authorize('kms:ListKeys', '*');
      const keys = [...storeOf(context).keys.values()];
      const { items, ...rest } = listPage(keys, (key) => key.id, input, 100);
      return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: key.arn })), ...rest };
    },

    UpdateKeyDescription(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireNotPendingDeletion();
      key.description = input.Description;
      return {};
    },

    EnableKey(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireNotPendingDeletion();
      key.state = 'Enabled';
      return {};
    },

    DisableKey(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireNotPendingDeletion();
      key.state = 'Disabled';
      return {};
    },

    ScheduleKeyDeletion(input, context) {
      const key = findToChange(context, input.KeyId);
      const { PendingWindowInDays: window = 30 } = input;
      new Constraints('ValidationException').range('pendingWindowInDays', window, 7, 30).check();
      storeOf(context).scheduleDeletion(key, window);
      return {
        KeyId: key.arn,
        DeletionDate: new Date(key.deletionDate ?? 0),
        KeyState: key.state,
        PendingWindowInDays: window,
      };
    },

    CancelKeyDeletion(input, context) {
      const key = findToChange(context, input.KeyId);
      storeOf(context).cancelDeletion(key);
      return { KeyId: key.arn };
    },

    GetKeyPolicy(input, context) {
      const key = find(context, input.KeyId);
      checkPolicyName(input.PolicyName);
      return { Policy: key.policy, PolicyName: 'default' };
    },

    PutKeyPolicy(input, context) {
      const key = findToChange(context, input.KeyId);
      checkPolicyName(input.PolicyName);
      key.requireNotPendingDeletion();
      const bypass = input.BypassPolicyLockoutSafetyCheck ?? false;
      checkKeyPolicy(input.Policy, context.account, context.caller, bypass);
      key.policy = input.Policy;
      return {};
    },

    ListKeyPolicies(input, context) {
      find(context, input.KeyId);
      return { PolicyNames: ['default'], Truncated: false };
    },

    EnableKeyRotation(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireEnabled();
      const { RotationPeriodInDays: period } = input;
      new Constraints('ValidationException')
        .range('rotationPeriodInDays', period, 90, 2560)
        .check();
      key.rotationEnabled = true;
      key.rotationEnabledAt = env.clock.now();
      key.rotationPeriodInDays = period ?? 365;
      return {};
    },

    DisableKeyRotation(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireEnabled();
      key.rotationEnabled = false;
      return {};
    },

    GetKeyRotationStatus(input, context) {
      const key = find(context, input.KeyId);
      if (!key.rotationEnabled) return { KeyId: key.arn, KeyRotationEnabled: false };
      const period = key.rotationPeriodInDays * day;
      const periods = Math.floor((env.clock.now() - key.rotationEnabledAt) / period) + 1;
      return {
        KeyId: key.arn,
        KeyRotationEnabled: true,
        RotationPeriodInDays: key.rotationPeriodInDays,
        NextRotationDate: new Date(key.rotationEnabledAt + periods * period),
      };
    },

    TagResource(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireNotPendingDeletion();
      for (const [name, value] of Object.entries(checkTags(input.Tags))) key.tags.set(name, value);
      return {};
    },

    UntagResource(input, context) {
      const key = findToChange(context, input.KeyId);
      key.requireNotPendingDeletion();
      for (const name of input.TagKeys) key.tags.delete(name);
      return {};
    },

    ListResourceTags(input, context) {
      const tags = tagList(find(context, input.KeyId).tags);
      const { items, ...rest } = listPage(tags, (tag) => tag.TagKey, input, 50);
      return { Tags: items, ...rest };
    },
  };
}

/** @throws NotImplementedError for anything but a symmetric encryption key that KMS made */
function refuseOtherKeys(input: {
  KeyUsage?: string | undefined;
  KeySpec?: string | undefined;
  CustomerMasterKeySpec?: string | undefined;
  Origin?: string | undefined;
  MultiRegion?: boolean | undefined;
}): void {
  const { KeyUsage: usage = 'ENCRYPT_DECRYPT', Origin: origin = 'AWS_KMS' } = input;
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (usage !== 'ENCRYPT_DECRYPT') throw new NotImplementedError(`KeyUsage ${usage}`);
  if (spec !== 'SYMMETRIC_DEFAULT') throw new NotImplementedError(`KeySpec ${spec}`);
  if (origin !== 'AWS_KMS') throw new NotImplementedError(`Origin ${origin}`);
  if (input.MultiRegion) throw new NotImplementedError('MultiRegion keys');
}

function checkPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== 'default')
    throw new ServiceError('NotFoundException', `No such policy exists`);
}
