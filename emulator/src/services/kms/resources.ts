import { PropertyReader, type ResourceProvider } from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { Regional, ServiceEnvironment } from '../service';
import { checkAliasName } from './alias-operations';
import type { Cryptography } from './cryptography';
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
    async create(request) {
      const { account, region, caller } = request;
      const properties = new PropertyReader(request.properties);
      env.authorize({ caller, action: 'kms:CreateKey', resource: '*' });
      const given = properties.json('KeyPolicy');
      const policy =
        given === undefined
          ? defaultKeyPolicy(account)
          : typeof given === 'string'
            ? given
            : JSON.stringify(given);
      const bypass = properties.boolean('BypassPolicyLockoutSafetyCheck') ?? false;
      checkKeyPolicy(policy, account, caller, bypass);
      const rotationPeriod = properties.number('RotationPeriodInDays');
      new Constraints('ValidationException')
        .length('description', properties.string('Description'), 0, 8192)
        .range('rotationPeriodInDays', rotationPeriod, 90, 2560)
        .range('pendingWindowInDays', properties.number('PendingWindowInDays'), 7, 30)
        .check();
      const key = stores.in(account, region).create({
        description: properties.string('Description') ?? '',
        policy,
        manager: 'CUSTOMER',
        tags: { ...request.stackTags, ...properties.tags() },
      });
      if (properties.boolean('EnableKeyRotation')) {
        key.rotationEnabled = true;
        key.rotationEnabledAt = env.clock.now();
        key.rotationPeriodInDays = rotationPeriod ?? 365;
      }
      if (properties.boolean('Enabled') === false) key.state = 'Disabled';
      return { physicalId: key.id, attributes: { Arn: key.arn, KeyId: key.id } };
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
  };
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
    async delete(request) {
      const { caller, physicalId } = request;
      const store = stores.in(request.account, request.region);
      if (!store.hasAlias(physicalId)) return;
      const resource = store.aliasArn(physicalId);
      env.authorize({ caller, action: 'kms:DeleteAlias', resource });
      store.deleteAlias(physicalId);
    },
  };
}
