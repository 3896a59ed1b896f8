import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { Service, ServiceEnvironment } from '../service';
import { absentSettingsOperations } from './absent-settings-operations';
import { accessControlOperations } from './access-control-operations';
import { type Asset, Assets } from './assets';
import { BucketAccess } from './bucket-access';
import { bucketOperations } from './bucket-operations';
import { bucketSettingsOperations } from './bucket-settings-operations';
import { Buckets } from './buckets';
import { copyOperations } from './copy-operations';
import { deletionOperations } from './deletion-operations';
import { LifecycleRunner } from './lifecycle-runner';
import { listOperations } from './list-operations';
import { multipartOperations } from './multipart-operations';
import { BucketEvents, type RoleIds } from './notifications/bucket-events';
import type { EventDestinations } from './notifications/destinations';
import { NotificationConfigurator } from './notifications/notification-configurator';
import { notificationOperations } from './notifications/notification-operations';
import type { EncryptionKeys } from './object-descriptions';
import { objectOperations } from './object-operations';
import { parseObjectUrl } from './object-url';
import { s3Resources } from './resources';
import { type ObjectToPut, ServiceWrites } from './service-writes';

export type { Asset } from './assets';
export type { EncryptionKeys } from './object-descriptions';
export type { ObjectToPut } from './service-writes';

/** Amazon S3: buckets and objects, and the assets of a deployment. */
export interface S3Service extends Service<typeof import('@aws-sdk/client-s3')> {
  /**
   * Stores a file or directory as an object, without reading or zipping it before somebody wants it.
   * A bucket that is not there is made, and does not count as a leak.
   */
  putAsset(asset: Asset): void;
  /**
   * A directory with the content of a zip file: the original one of an asset, otherwise one in the
   * scratch directory, which is made once. Read only.
   *
   * @throws ServiceError NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidParameterValueException
   */
  assetDirectory(bucket: string, key: string, versionId?: string): Promise<string>;
  /** The bytes of an object, for CloudFormation's `TemplateURL` and the like; errors are those of GetObject. */
  readObject(bucket: string, key: string, versionId?: string): Uint8Array;
  /**
   * The bytes of the object that an `s3://` address or a URL of S3 or of the emulator names.
   *
   * @throws ServiceError ValidationError, in CloudFormation's words for a `TemplateURL`, whatever is wrong
   */
  readTemplateUrl(url: string): Uint8Array;
  /**
   * Writes an object on behalf of another service that acts as somebody, as PutObject does. Who writes with a key needs the
   * right to use it.
   *
   * @throws ServiceError as PutObject
   */
  putAs(object: ObjectToPut, caller: Caller): void;
  /** JSON text of a bucket's policy; undefined without one. */
  bucketPolicy(bucket: string): string | undefined;
}

/** What S3 needs of other services. */
export interface S3Surroundings {
  /** KMS, for objects encrypted with `aws:kms`. */
  readonly keys: EncryptionKeys;
  /** Where events can be sent. */
  readonly destinations: EventDestinations;
  /** IAM, for the roles that events name. */
  readonly roleIds: RoleIds;
}

/** Makes the service. */
export function createS3(env: ServiceEnvironment, surroundings: S3Surroundings): S3Service {
  const { keys, destinations, roleIds } = surroundings;
  const buckets = new Buckets(env.clock, env.random);
  const events = new BucketEvents(env, destinations, roleIds);
  const lifecycle = new LifecycleRunner(env.clock, buckets, events);
  const access = new BucketAccess(buckets, lifecycle);
  const notifications = new NotificationConfigurator(env, lifecycle, destinations);
  const assets = new Assets(env, buckets);
  const writes = new ServiceWrites(env, access, keys, events);
  return {
    signingName: 's3',
    loadClient: () => require('@aws-sdk/client-s3'),
    handlers: {
      ...bucketOperations(access),
      ...bucketSettingsOperations(access),
      ...absentSettingsOperations(access),
      ...notificationOperations(access, notifications),
      ...accessControlOperations(access),
      ...objectOperations(access, keys, events),
      ...copyOperations(access, keys, events),
      ...deletionOperations(access, events),
      ...listOperations(access),
      ...multipartOperations(env, access, keys, events),
    },
    resourceProviders: s3Resources(env, access, notifications),
    resourceRights(arn, action) {
      // Whose a bucket of that name is does not bear on whether one may make buckets.
      if (action === 's3:CreateBucket') return undefined;
      const bucket = buckets.find(arn.split(':')[5]?.split('/')[0] ?? '');
      const policy = bucket?.settings.policy;
      return bucket && { account: bucket.account, policies: policy === undefined ? [] : [policy] };
    },
    putAsset: (asset) => assets.put(asset),
    assetDirectory: (bucket, key, versionId) => assets.directory(bucket, key, versionId),
    readObject: (bucket, key, versionId) => assets.object(bucket, key, versionId).content.bytes(),
    readTemplateUrl: (url) => readTemplateUrl(assets, url),
    putAs: (object, caller) => writes.put(object, caller),
    bucketPolicy: (name) => buckets.find(name)?.settings.policy,
    leaks: () =>
      buckets
        .all()
        .filter((bucket) => !bucket.implied)
        .map((bucket) => `S3 bucket ${bucket.name}`),
    stop: async () => {},
  };
}

function readTemplateUrl(assets: Assets, url: string): Uint8Array {
  const address = parseObjectUrl(url);
  if (!address) throw new ServiceError('ValidationError', 'TemplateURL must be a supported URL.');
  try {
    return assets.object(address.bucket, address.key).content.bytes();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(
      'ValidationError',
      `S3 error: ${error.message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
    );
  }
}
