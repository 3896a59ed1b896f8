import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { documentOf, spelledAs, tagList } from '../live-properties';
import { sameState, templateTags, unchangeable, updateTemplateTags } from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import { checkAliasName } from './alias-operations';
import type { Cryptography } from './cryptography';
import type { KmsKey } from './key';
import { checkKeyPolicy, defaultKeyPolicy } from './key-policy';
import type { KeyStore } from './key-store';

/** The CloudFormation types of KMS. */
export function kmsResources(
  env: ServiceEnvironment,
  stores: Regional<KeyStore>,
  cryptography: Cryptography,
): ResourceProvider[] {
  return [keyProvider(env, stores), aliasProvider(env, stores, cryptography)];
}

function keyProvider(env: ServiceEnvironment, stores: Regional<KeyStore>): ResourceProvider {
  const type = 'AWS::KMS::Key';
  /** What the properties may say besides nothing, because the emulator has nothing else. */
  const only: Readonly<Record<string, string>> = {
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Origin: 'AWS_KMS',
    MultiRegion: 'false',
  };
  return {
    type,
    level: 'emulated',
    recordedProperties: ['EnableKeyRotation', 'RotationPeriodInDays'],
    unsupported: (properties) => [
      ...unsupportedProperties(type, properties, [
        'BypassPolicyLockoutSafetyCheck',
        'Description',
        'EnableKeyRotation',
        'Enabled',
        'KeyPolicy',
        'PendingWindowInDays',
        'RotationPeriodInDays',
        'Tags',
        ...Object.keys(only),
      ]),
      ...Object.entries(only)
        .filter(([name, value]) => name in properties && String(properties[name]) !== value)
        .map(([name]) => `${type} does not support ${name} ${String(properties[name])}`),
    ],
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
    unsupportedUpdate: unchangeable(type, Object.keys(only)),
    async create(request) {
      const { account, region, caller } = request;
      const properties = new PropertyReader(request.properties);
      env.authorize({ caller, action: 'kms:CreateKey', resource: '*' });
      const policy = checkedPolicy(properties, request);
      const key = stores.in(account, region).create({
        description: properties.string('Description') ?? '',
        policy,
        manager: 'CUSTOMER',
        tags: templateTags(request),
      });
      applySwitches(key, properties, env.clock.now());
      return { physicalId: key.id, attributes: { Arn: key.arn, KeyId: key.id } };
    },
    async update(request) {
      const properties = new PropertyReader(request.properties);
      const key = stores.in(request.account, request.region).key(request.physicalId);
      env.authorize({ caller: request.caller, action: 'kms:PutKeyPolicy', resource: key.arn });
      key.requireNotPendingDeletion();
      key.policy = checkedPolicy(properties, request);
      key.description = properties.string('Description') ?? '';
      applySwitches(key, properties, env.clock.now());
      updateTemplateTags(key.tags, request);
      return sameState(request);
    },
    // CloudFormation schedules the deletion: the key stays, unusable, for 7 to 30 days.
    async delete(request) {
      const store = stores.in(request.account, request.region);
      const key = store.keys.get(request.physicalId);
      if (!key || key.state === 'PendingDeletion') return;
      const { caller } = request;
      env.authorize({ caller, action: 'kms:ScheduleKeyDeletion', resource: key.arn });
      const window = new PropertyReader(request.properties).number('PendingWindowInDays');
      store.scheduleDeletion(key, window ?? 30);
    },
    async read(request) {
      const key = stores.in(request.account, request.region).keys.get(request.physicalId);
      // One that waits for its deletion counts as deleted.
      if (!key || key.state === 'PendingDeletion') return undefined;
      const { caller } = request;
      for (const action of ['kms:DescribeKey', 'kms:GetKeyPolicy'])
        env.authorize({ caller, action, resource: key.arn });
      return {
        ...only,
        Description: key.description,
        EnableKeyRotation: key.rotationEnabled,
        Enabled: key.state === 'Enabled',
        KeyPolicy: documentOf(key.policy),
        Tags: tagList(key.tags),
      };
    },
  };
}

/** @throws ServiceError for a policy or a value that KMS refuses */
function checkedPolicy(properties: PropertyReader, request: ResourceRequest): string {
  const { account, caller } = request;
  const given = properties.json('KeyPolicy') ?? defaultKeyPolicy(account);
  const policy = typeof given === 'string' ? given : JSON.stringify(given);
  const bypass = properties.boolean('BypassPolicyLockoutSafetyCheck') ?? false;
  checkKeyPolicy(policy, account, caller, bypass);
  new Constraints('ValidationException')
    .length('description', properties.string('Description'), 0, 8192)
    .range('rotationPeriodInDays', properties.number('RotationPeriodInDays'), 90, 2560)
    .range('pendingWindowInDays', properties.number('PendingWindowInDays'), 7, 30)
    .check();
  return policy;
}

function applySwitches(key: KmsKey, properties: PropertyReader, now: number): void {
  const rotates = properties.boolean('EnableKeyRotation') ?? false;
  if (rotates && !key.rotationEnabled) key.rotationEnabledAt = now;
  key.rotationEnabled = rotates;
  if (rotates) key.rotationPeriodInDays = properties.number('RotationPeriodInDays') ?? 365;
  key.state = properties.boolean('Enabled') === false ? 'Disabled' : 'Enabled';
}

function aliasProvider(
  env: ServiceEnvironment,
  stores: Regional<KeyStore>,
  cryptography: Cryptography,
): ResourceProvider {
  return {
    type: 'AWS::KMS::Alias',
    level: 'emulated',
    async create(request) {
      const { caller } = request;
      const properties = new PropertyReader(request.properties);
      const name = properties.requiredString('AliasName');
      const store = stores.in(request.account, request.region);
      checkAliasName(name);
      const key = cryptography.find(properties.requiredString('TargetKeyId'), request);
      for (const resource of [store.aliasArn(name), key.arn])
        env.authorize({ caller, action: 'kms:CreateAlias', resource });
      store.createAlias(name, key);
      return { physicalId: name, attributes: {} };
    },
    async update(request) {
      const { caller, physicalId } = request;
      const store = stores.in(request.account, request.region);
      const target = new PropertyReader(request.properties).requiredString('TargetKeyId');
      const key = cryptography.find(target, request);
      for (const resource of [store.aliasArn(physicalId), key.arn])
        env.authorize({ caller, action: 'kms:UpdateAlias', resource });
      store.updateAlias(physicalId, key);
      return sameState(request);
    },
    async delete(request) {
      const { caller, physicalId } = request;
      const store = stores.in(request.account, request.region);
      if (!store.hasAlias(physicalId)) return;
      const resource = store.aliasArn(physicalId);
      env.authorize({ caller, action: 'kms:DeleteAlias', resource });
      store.deleteAlias(physicalId);
    },
    async read({ account, caller, physicalId, properties, region }) {
      env.authorize({ caller, action: 'kms:ListAliases', resource: '*' });
      const store = stores.in(account, region);
      if (!store.hasAlias(physicalId)) return undefined;
      const { targetKeyId } = store.alias(physicalId);
      return {
        AliasName: physicalId,
        TargetKeyId: spelledAs(properties.TargetKeyId, targetKeyId, (key) =>
          key.slice(key.lastIndexOf('/') + 1),
        ),
      };
    },
  };
}
