import { isDeepStrictEqual } from 'node:util';
import {
  type LiveProperties,
  PropertyReader,
  type ResourceProperties,
  type TemplateValue,
} from '../../cloudformation/provider';
import { tagList } from '../live-properties';
import type { Bucket } from './bucket';
import { lifecycleRule } from './bucket-properties';
import type { BucketSettings, CorsRules, LifecycleRules, LoggingTarget } from './bucket-settings';
import { liveNotifications } from './notifications/live-notifications';

/** What a bucket has come to; its canned ACL is not told, as on AWS. */
export function liveBucket(
  { name, settings }: Bucket,
  declared: ResourceProperties,
): LiveProperties {
  return {
    BucketEncryption: encryptionOf(settings),
    BucketName: name,
    CorsConfiguration: settings.cors && { CorsRules: settings.cors.map(corsRuleOf) },
    LifecycleConfiguration: lifecycleOf(settings.lifecycle, declared.LifecycleConfiguration),
    LoggingConfiguration: settings.logging && loggingOf(settings.logging),
    NotificationConfiguration: liveNotifications(
      settings.notifications,
      declared.NotificationConfiguration,
    ),
    OwnershipControls: settings.ownership && {
      Rules: [{ ObjectOwnership: settings.ownership }],
    },
    PublicAccessBlockConfiguration: settings.publicAccessBlock && { ...settings.publicAccessBlock },
    Tags: tagList(settings.tags),
    VersioningConfiguration: settings.versioning && { Status: settings.versioning },
  };
}

function encryptionOf({ encryption }: BucketSettings): TemplateValue {
  const { algorithm, bucketKey, keyArn } = encryption;
  return {
    ServerSideEncryptionConfiguration: [
      {
        BucketKeyEnabled: bucketKey,
        ServerSideEncryptionByDefault: plain({ SSEAlgorithm: algorithm, KMSMasterKeyID: keyArn }),
      },
    ],
  };
}

function loggingOf({ TargetBucket, TargetPrefix }: LoggingTarget): TemplateValue {
  return plain({ DestinationBucketName: TargetBucket, LogFilePrefix: TargetPrefix });
}

function corsRuleOf(rule: CorsRules[number]): TemplateValue {
  return plain({
    Id: rule.ID,
    AllowedHeaders: rule.AllowedHeaders,
    AllowedMethods: rule.AllowedMethods,
    AllowedOrigins: rule.AllowedOrigins,
    ExposedHeaders: rule.ExposeHeaders,
    MaxAge: rule.MaxAgeSeconds,
  });
}

/**
 * Rules can be written in several ways that mean the same, so that they are compared by what they mean; rules
 * that mean the same are answered as the template has them.
 */
function lifecycleOf(
  live: LifecycleRules | undefined,
  declared: TemplateValue | undefined,
): TemplateValue | undefined {
  if (!live) return undefined;
  const rules = live.map(lifecycleRuleOf);
  const wanted = new PropertyReader({ declared: declared ?? null })
    .object('declared')
    ?.objects('Rules')
    ?.map((rule) => lifecycleRuleOf(lifecycleRule(rule)));
  if (declared !== undefined && isDeepStrictEqual(rules, wanted)) return declared;
  return { Rules: rules };
}

function lifecycleRuleOf(rule: LifecycleRules[number]): TemplateValue {
  const filter = rule.Filter?.And ?? rule.Filter;
  const tags = [...(rule.Filter?.And?.Tags ?? []), ...(rule.Filter?.Tag ? [rule.Filter.Tag] : [])];
  return plain({
    Id: rule.ID,
    Status: rule.Status,
    Prefix: filter?.Prefix ?? rule.Prefix,
    ObjectSizeGreaterThan: filter?.ObjectSizeGreaterThan,
    ObjectSizeLessThan: filter?.ObjectSizeLessThan,
    TagFilters: tags.length > 0 ? tags : undefined,
    ExpirationInDays: rule.Expiration?.Days,
    ExpirationDate: rule.Expiration?.Date,
    ExpiredObjectDeleteMarker: rule.Expiration?.ExpiredObjectDeleteMarker,
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration,
    Transitions: nonEmpty(
      rule.Transitions?.map(({ Date: date, Days, StorageClass }) => ({
        StorageClass,
        TransitionDate: date,
        TransitionInDays: Days,
      })),
    ),
    NoncurrentVersionTransitions: nonEmpty(
      rule.NoncurrentVersionTransitions?.map((transition) => ({
        StorageClass: transition.StorageClass,
        TransitionInDays: transition.NoncurrentDays,
        NewerNoncurrentVersions: transition.NewerNoncurrentVersions,
      })),
    ),
  });
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

/** Without members that are undefined, and with dates as text. */
function plain(value: object): TemplateValue {
  return JSON.parse(JSON.stringify(value));
}
