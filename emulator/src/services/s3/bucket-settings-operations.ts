import { ServiceError } from '../../protocol/errors';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { BucketAccess } from './bucket-access';
import { malformedXml, noSuchConfiguration } from './errors';
import { defaultEncryption } from './object-descriptions';
import { checkTags, tagSet } from './tags';

type S3 = typeof import('@aws-sdk/client-s3');

/** The other settings of a bucket. */
export function bucketSettingsOperations(access: BucketAccess): Handlers<S3> {
  return {
    PutBucketVersioning(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketVersioning', input);
      acceptOnly('s3.PutBucketVersioning', input, [
        'Bucket',
        'ChecksumAlgorithm',
        'ContentMD5',
        'ExpectedBucketOwner',
        'VersioningConfiguration',
      ]);
      acceptOnly('s3.PutBucketVersioning', input.VersioningConfiguration, ['Status']);
      const { Status: status } = input.VersioningConfiguration;
      if (status !== 'Enabled' && status !== 'Suspended')
        throw new ServiceError(
          'IllegalVersioningConfigurationException',
          'The Versioning element must be specified',
          { status: 400 },
        );
      bucket.settings.versioning = status;
      return {};
    },

    GetBucketVersioning: (input, context) => ({
      Status: access.bucket(context, 's3:GetBucketVersioning', input).settings.versioning,
    }),

    PutBucketEncryption(input, context) {
      const bucket = access.bucket(context, 's3:PutEncryptionConfiguration', input);
      const { Rules: rules } = input.ServerSideEncryptionConfiguration;
      const [rule] = rules;
      const byDefault = rule?.ApplyServerSideEncryptionByDefault;
      if (!rule || !byDefault || rules.length > 1) throw malformedXml();
      acceptOnly('s3.PutBucketEncryption', rule, [
        'ApplyServerSideEncryptionByDefault',
        'BucketKeyEnabled',
      ]);
      bucket.settings.encryption = defaultEncryption(
        byDefault.SSEAlgorithm,
        byDefault.KMSMasterKeyID,
        rule.BucketKeyEnabled ?? false,
      );
      return {};
    },

    GetBucketEncryption(input, context) {
      const bucket = access.bucket(context, 's3:GetEncryptionConfiguration', input);
      const { algorithm, keyArn, bucketKey } = bucket.settings.encryption;
      return {
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: algorithm,
                KMSMasterKeyID: keyArn,
              },
              BucketKeyEnabled: bucketKey,
            },
          ],
        },
      };
    },

    // There is no bucket without encryption: this restores SSE-S3.
    DeleteBucketEncryption(input, context) {
      const bucket = access.bucket(context, 's3:PutEncryptionConfiguration', input);
      bucket.settings.encryption = defaultEncryption('AES256', undefined, false);
      return {};
    },

    PutBucketTagging(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketTagging', input);
      bucket.settings.tags = checkTags(input.Tagging.TagSet, 50);
      return {};
    },

    GetBucketTagging(input, context) {
      const { tags } = access.bucket(context, 's3:GetBucketTagging', input).settings;
      if (tags.size === 0) throw noSuchConfiguration('NoSuchTagSet', 'The TagSet does not exist');
      return { TagSet: tagSet(tags) };
    },

    DeleteBucketTagging(input, context) {
      access.bucket(context, 's3:PutBucketTagging', input).settings.tags = new Map();
      return {};
    },

    PutBucketLifecycleConfiguration(input, context) {
      acceptOnly('s3.PutBucketLifecycleConfiguration', input, [
        'Bucket',
        'ChecksumAlgorithm',
        'LifecycleConfiguration',
        'ExpectedBucketOwner',
      ]);
      const bucket = access.bucket(context, 's3:PutLifecycleConfiguration', input);
      const { Rules: rules = [] } = input.LifecycleConfiguration ?? {};
      if (rules.length === 0) throw malformedXml();
      bucket.settings.setLifecycle(rules);
      access.lifecycle.schedule(bucket);
      return {};
    },

    GetBucketLifecycleConfiguration(input, context) {
      const bucket = access.bucket(context, 's3:GetLifecycleConfiguration', input);
      const { lifecycle } = bucket.settings;
      if (!lifecycle)
        throw noSuchConfiguration(
          'NoSuchLifecycleConfiguration',
          'The lifecycle configuration does not exist',
        );
      return { Rules: lifecycle };
    },

    DeleteBucketLifecycle(input, context) {
      const bucket = access.bucket(context, 's3:PutLifecycleConfiguration', input);
      bucket.settings.setLifecycle(undefined);
      return {};
    },

    PutBucketCors(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketCORS', input);
      const { CORSRules: rules } = input.CORSConfiguration;
      if (rules.length < 1 || rules.length > 100) throw malformedXml();
      bucket.settings.cors = rules;
      return {};
    },

    GetBucketCors(input, context) {
      const { cors } = access.bucket(context, 's3:GetBucketCORS', input).settings;
      if (!cors)
        throw noSuchConfiguration(
          'NoSuchCORSConfiguration',
          'The CORS configuration does not exist',
        );
      return { CORSRules: cors };
    },

    DeleteBucketCors(input, context) {
      access.bucket(context, 's3:PutBucketCORS', input).settings.cors = undefined;
      return {};
    },

    PutBucketLogging(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketLogging', input);
      const target = input.BucketLoggingStatus.LoggingEnabled;
      if (target && !access.buckets.find(target.TargetBucket))
        throw new ServiceError(
          'InvalidTargetBucketForLogging',
          'The target bucket for logging does not exist',
          { status: 400 },
        );
      bucket.settings.logging = target;
      return {};
    },

    GetBucketLogging(input, context) {
      const { logging } = access.bucket(context, 's3:GetBucketLogging', input).settings;
      return { LoggingEnabled: logging };
    },
  };
}
