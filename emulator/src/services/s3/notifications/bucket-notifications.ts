import type { Caller } from '../../../iam/caller';
import { NotImplementedError } from '../../../protocol/errors';
import type { ServiceEnvironment } from '../../service';
import type { BucketAccess } from '../bucket-access';

type S3 = typeof import('@aws-sdk/client-s3');

/** A notification configuration as PutBucketNotificationConfiguration takes it. */
export type NotificationConfiguration = NonNullable<
  InstanceType<
    S3['PutBucketNotificationConfigurationCommand']
  >['input']['NotificationConfiguration']
>;

/** A bucket, and who asks for its notifications. */
export interface NotificationRequest {
  readonly bucket: string;
  /** Region of the endpoint that is asked. */
  readonly region: string;
  readonly caller: Caller;
}

/** What sends events of buckets, for other callers than clients of S3: a custom resource, say. */
export interface BucketNotifications {
  /**
   * What GetBucketNotificationConfiguration answers: empty if nothing is configured.
   *
   * @throws ServiceError NoSuchBucket, PermanentRedirect, AccessDenied
   */
  get(request: NotificationRequest): NotificationConfiguration;
  /**
   * Replaces a bucket's configuration by another, as PutBucketNotificationConfiguration does; an
   * empty one turns notifications off.
   *
   * @param options.skipDestinationValidation - takes destinations that are not there. @default false
   * @throws ServiceError InvalidArgument, NoSuchBucket, PermanentRedirect, AccessDenied, NotImplemented
   */
  put(
    request: NotificationRequest,
    configuration: NotificationConfiguration,
    options?: { readonly skipDestinationValidation?: boolean },
  ): Promise<void>;
}

/** Makes them. */
export function bucketNotifications(
  env: ServiceEnvironment,
  access: BucketAccess,
): BucketNotifications {
  function open({ bucket, region, caller }: NotificationRequest, action: string): void {
    env.authorize({ caller, action, resource: `arn:aws:s3:::${bucket}` });
    access.open(region, { Bucket: bucket });
  }
  return {
    get(request) {
      open(request, 's3:GetBucketNotification');
      return {};
    },
    async put(request, configuration) {
      open(request, 's3:PutBucketNotification');
      const [kind] =
        Object.entries(configuration).find(
          ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
        ) ?? [];
      if (kind !== undefined) throw new NotImplementedError(`${kind} of a bucket's notifications`);
    },
  };
}
