import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import type { BucketAccess } from '../bucket-access';
import type { NotificationConfigurator } from './notification-configurator';
import { describeNotifications } from './notification-settings';

type S3 = typeof import('@aws-sdk/client-s3');

/** What a bucket notifies of its events. */
export function notificationOperations(
  access: BucketAccess,
  notifications: NotificationConfigurator,
): Handlers<S3> {
  return {
    PutBucketNotificationConfiguration(input, context) {
      acceptOnly('s3.PutBucketNotificationConfiguration', input, [
        'Bucket',
        'NotificationConfiguration',
        'SkipDestinationValidation',
        'ExpectedBucketOwner',
      ]);
      const bucket = access.bucket(context, 's3:PutBucketNotification', input);
      const { NotificationConfiguration: configuration, SkipDestinationValidation: skip } = input;
      notifications.configure(bucket, configuration, context.requestId, skip);
      return {};
    },

    GetBucketNotificationConfiguration(input, context) {
      acceptOnly('s3.GetBucketNotificationConfiguration', input, ['Bucket', 'ExpectedBucketOwner']);
      const bucket = access.bucket(context, 's3:GetBucketNotification', input);
      return describeNotifications(bucket.settings.notifications);
    },
  };
}
