import type {
  PropertyReader,
  ResourceProperties,
  TemplateValue,
} from '../../cloudformation/provider';
import { ServiceError } from '../../protocol/errors';
import { unsupportedProperties } from '../accepted-parameters';
import type { Bucket } from './bucket';
import {
  BucketSettings,
  type CorsRules,
  type LifecycleRules,
  type ObjectOwnership,
} from './bucket-settings';
import { defaultEncryption } from './object-descriptions';
import { checkTags } from './tags';

type LifecycleRule = LifecycleRules[number];
type TransitionClass = NonNullable<
  NonNullable<LifecycleRule['Transitions']>[number]['StorageClass']
>;

const type = 'AWS::S3::Bucket';
const transitionClasses: readonly TransitionClass[] = [
  'GLACIER',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];
// The canned ACL of a bucket that takes access logs; the emulator delivers none.
const acceptedAcls = ['Private', 'LogDeliveryWrite'];

/** Members of supported properties that the emulator would have to ignore. */
const refusedInside = [
  'BlockedEncryptionTypes',
  'TargetObjectKeyFormat',
  'TransitionDefaultMinimumObjectSize',
];

/** Why a bucket with these properties cannot be made. */
export function unsupportedBucketProperties(properties: ResourceProperties): string[] {
  const reasons = unsupportedProperties(type, properties, [
    'AccessControl',
    'BucketEncryption',
    'BucketName',
    'CorsConfiguration',
    'LifecycleConfiguration',
    'LoggingConfiguration',
    'NotificationConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
    'VersioningConfiguration',
  ]);
  const { AccessControl: acl } = properties;
  if (acl !== undefined && !acceptedAcls.includes(String(acl)))
    reasons.push(`${type} does not support AccessControl ${String(acl)}`);
  for (const name of refusedInside)
    if (holds(properties, name)) reasons.push(`${type} does not support ${name}`);
  return reasons;
}

function holds(value: TemplateValue | undefined, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => holds(item, name));
  return Object.entries(value).some(([key, item]) => key === name || holds(item, name));
}

/** Sets what a template says about a bucket, notifications aside. */
export function applyBucketProperties(
  bucket: Bucket,
  properties: PropertyReader,
  stackTags: Readonly<Record<string, string>>,
): void {
  const { settings } = bucket;
  const tags = { ...stackTags, ...properties.tags() };
  settings.tags = checkTags(
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    50,
  );
  const versioning = properties.object('VersioningConfiguration')?.string('Status');
  if (versioning === 'Enabled' || versioning === 'Suspended') settings.versioning = versioning;
  else if (versioning !== undefined) throw badValue('VersioningConfiguration.Status', versioning);

  const [encryption] =
    properties.object('BucketEncryption')?.objects('ServerSideEncryptionConfiguration') ?? [];
  const byDefault = encryption?.object('ServerSideEncryptionByDefault');
  if (encryption && byDefault)
    settings.encryption = defaultEncryption(
      byDefault.requiredString('SSEAlgorithm'),
      byDefault.string('KMSMasterKeyID'),
      encryption.boolean('BucketKeyEnabled') ?? false,
    );

  const block = properties.object('PublicAccessBlockConfiguration');
  if (block)
    settings.publicAccessBlock = {
      BlockPublicAcls: block.boolean('BlockPublicAcls') ?? false,
      IgnorePublicAcls: block.boolean('IgnorePublicAcls') ?? false,
      BlockPublicPolicy: block.boolean('BlockPublicPolicy') ?? false,
      RestrictPublicBuckets: block.boolean('RestrictPublicBuckets') ?? false,
    };

  const [control] = properties.object('OwnershipControls')?.objects('Rules') ?? [];
  if (control) settings.ownership = ownership(control.requiredString('ObjectOwnership'));

  const lifecycle = properties.object('LifecycleConfiguration')?.objects('Rules');
  if (lifecycle) settings.setLifecycle(lifecycle.map(lifecycleRule));

  const cors = properties.object('CorsConfiguration')?.objects('CorsRules');
  if (cors) settings.cors = cors.map(corsRule);

  const logging = properties.object('LoggingConfiguration');
  if (logging)
    settings.logging = {
      TargetBucket: logging.string('DestinationBucketName') ?? bucket.name,
      TargetPrefix: logging.string('LogFilePrefix') ?? '',
    };
}

/** Gives a bucket back what a new one has for properties that its template no longer sets. */
export function resetBucketProperties({ settings }: Bucket, names: readonly string[]): void {
  const fresh = new BucketSettings();
  const resets: Readonly<Record<string, () => void>> = {
    BucketEncryption: () => {
      settings.encryption = fresh.encryption;
    },
    CorsConfiguration: () => {
      settings.cors = undefined;
    },
    LifecycleConfiguration: () => settings.setLifecycle(undefined),
    LoggingConfiguration: () => {
      settings.logging = undefined;
    },
    OwnershipControls: () => {
      settings.ownership = fresh.ownership;
    },
    PublicAccessBlockConfiguration: () => {
      settings.publicAccessBlock = fresh.publicAccessBlock;
    },
    // A bucket that has been versioned can only be suspended.
    VersioningConfiguration: () => {
      settings.versioning = 'Suspended';
    },
  };
  for (const name of names) resets[name]?.();
}

function ownership(value: string): ObjectOwnership {
  switch (value) {
    case 'BucketOwnerEnforced':
    case 'BucketOwnerPreferred':
    case 'ObjectWriter':
      return value;
    default:
      throw badValue('ObjectOwnership', value);
  }
}

function corsRule(rule: PropertyReader): CorsRules[number] {
  return {
    ID: rule.string('Id'),
    AllowedHeaders: rule.strings('AllowedHeaders'),
    AllowedMethods: rule.strings('AllowedMethods') ?? [],
    AllowedOrigins: rule.strings('AllowedOrigins') ?? [],
    ExposeHeaders: rule.strings('ExposedHeaders'),
    MaxAgeSeconds: rule.number('MaxAge'),
  };
}

/** CloudFormation's form of a lifecycle rule, in which some members have older twins, as the API's. */
export function lifecycleRule(rule: PropertyReader): LifecycleRule {
  const status = rule.requiredString('Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw badValue('Status', status);
  const days = rule.number('ExpirationInDays');
  const date = rule.string('ExpirationDate');
  const expiredMarker = rule.boolean('ExpiredObjectDeleteMarker');
  const old = rule.object('NoncurrentVersionExpiration');
  const oldDays = old?.number('NoncurrentDays') ?? rule.number('NoncurrentVersionExpirationInDays');
  const unfinishedDays = rule
    .object('AbortIncompleteMultipartUpload')
    ?.number('DaysAfterInitiation');
  const single = rule.object('Transition');
  const singleOld = rule.object('NoncurrentVersionTransition');
  return {
    ID: rule.string('Id'),
    Status: status,
    Filter: { And: filterOf(rule) },
    Expiration:
      days === undefined && date === undefined && expiredMarker === undefined
        ? undefined
        : {
            Days: days,
            Date: dateOf(date),
            ExpiredObjectDeleteMarker: expiredMarker,
          },
    NoncurrentVersionExpiration:
      oldDays === undefined
        ? undefined
        : {
            NoncurrentDays: oldDays,
            NewerNoncurrentVersions: old?.number('NewerNoncurrentVersions'),
          },
    AbortIncompleteMultipartUpload:
      unfinishedDays === undefined ? undefined : { DaysAfterInitiation: unfinishedDays },
    Transitions: [...(rule.objects('Transitions') ?? []), ...(single ? [single] : [])].map(
      (transition) => ({
        Days: transition.number('TransitionInDays'),
        Date: dateOf(transition.string('TransitionDate')),
        StorageClass: transitionClass(transition.requiredString('StorageClass')),
      }),
    ),
    NoncurrentVersionTransitions: [
      ...(rule.objects('NoncurrentVersionTransitions') ?? []),
      ...(singleOld ? [singleOld] : []),
    ].map((transition) => ({
      NoncurrentDays: transition.number('TransitionInDays'),
      NewerNoncurrentVersions: transition.number('NewerNoncurrentVersions'),
      StorageClass: transitionClass(transition.requiredString('StorageClass')),
    })),
  };
}

function filterOf(rule: PropertyReader) {
  return {
    Prefix: rule.string('Prefix'),
    ObjectSizeGreaterThan: rule.number('ObjectSizeGreaterThan'),
    ObjectSizeLessThan: rule.number('ObjectSizeLessThan'),
    Tags: rule.objects('TagFilters')?.map((tag) => ({
      Key: tag.requiredString('Key'),
      Value: tag.requiredString('Value'),
    })),
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function transitionClass(name: string): TransitionClass {
  const known = transitionClasses.find((candidate) => candidate === name);
  if (!known) throw badValue('StorageClass', name);
  return known;
}

function badValue(property: string, value: string): ServiceError {
  return new ServiceError('InvalidRequest', `The value ${value} of ${property} is not valid`, {
    status: 400,
  });
}
