import type { CallContext, Handlers } from '../../protocol/handlers';
import type { BucketAccess } from './bucket-access';
import { invalidRequest, noSuchConfiguration } from './errors';

type S3 = typeof import('@aws-sdk/client-s3');
type BucketInput = Parameters<BucketAccess['bucket']>[2];
type ObjectInput = Parameters<BucketAccess['forObject']>[2] & { readonly VersionId?: string };

/**
 * Reads settings that no bucket can have here, because they are refused: tools ask every bucket for
 * them, and get AWS's answer for one that has none.
 */
export function absentSettingsOperations(access: BucketAccess): Handlers<S3> {
  /** Fails for every bucket that is there. */
  function missing(action: string, code: string, message: string) {
    return (input: BucketInput, context: CallContext): never => {
      const { name } = access.bucket(context, action, input);
      throw noSuchConfiguration(code, message, { BucketName: name });
    };
  }

  /** Fails for every id of a configuration. */
  const noneOfThatId = (action: string) =>
    missing(action, 'NoSuchConfiguration', 'The specified configuration does not exist.');

  /** Lists no configurations. */
  function none(action: string) {
    return (input: BucketInput, context: CallContext) => {
      access.bucket(context, action, input);
      return { IsTruncated: false };
    };
  }

  /** Fails for every object that is there. */
  function unlocked(action: string) {
    return (input: ObjectInput, context: CallContext): never => {
      access.forObject(context, action, input).object(input.Key, input.VersionId);
      throw invalidRequest('Bucket is missing Object Lock Configuration');
    };
  }

  return {
    GetBucketWebsite: missing(
      's3:GetBucketWebsite',
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
    ),

    GetBucketReplication: missing(
      's3:GetReplicationConfiguration',
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
    ),

    GetObjectLockConfiguration: missing(
      's3:GetBucketObjectLockConfiguration',
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ),

    GetObjectRetention: unlocked('s3:GetObjectRetention'),
    GetObjectLegalHold: unlocked('s3:GetObjectLegalHold'),

    // A bucket on which acceleration has never been set has no status.
    GetBucketAccelerateConfiguration(input, context) {
      access.bucket(context, 's3:GetAccelerateConfiguration', input);
      return {};
    },

    GetBucketRequestPayment(input, context) {
      access.bucket(context, 's3:GetBucketRequestPayment', input);
      return { Payer: 'BucketOwner' };
    },

    GetBucketAbac(input, context) {
      access.bucket(context, 's3:GetBucketAbac', input);
      return { AbacStatus: { Status: 'Disabled' } };
    },

    GetBucketAnalyticsConfiguration: noneOfThatId('s3:GetAnalyticsConfiguration'),
    GetBucketIntelligentTieringConfiguration: noneOfThatId('s3:GetIntelligentTieringConfiguration'),
    GetBucketInventoryConfiguration: noneOfThatId('s3:GetInventoryConfiguration'),
    GetBucketMetricsConfiguration: noneOfThatId('s3:GetMetricsConfiguration'),
    ListBucketAnalyticsConfigurations: none('s3:GetAnalyticsConfiguration'),
    ListBucketIntelligentTieringConfigurations: none('s3:GetIntelligentTieringConfiguration'),
    ListBucketInventoryConfigurations: none('s3:GetInventoryConfiguration'),
    ListBucketMetricsConfigurations: none('s3:GetMetricsConfiguration'),
  };
}
