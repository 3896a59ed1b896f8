import type { Caller } from '../../../iam/caller';
import { ServiceError } from '../../../protocol/errors';
import type { ServiceEnvironment } from '../../service';
import type { Bucket } from '../bucket';
import type { BucketAccess } from '../bucket-access';
import { serviceCaller } from './bucket-events';
import { destinationTypes, type EventDestinations } from './destinations';
import { testMessage } from './event-message';
import { checkedNotifications, type NotificationInput } from './notification-input';
import {
  describeNotifications,
  type NotificationConfiguration,
  type NotificationSettings,
} from './notification-settings';

/** A bucket, and who asks for its notifications. */
export interface NotificationRequest {
  readonly bucket: string;
  /** Region of the endpoint that is asked. */
  readonly region: string;
  readonly caller: Caller;
}

/** Which events buckets send where, to be read and replaced on behalf of others than clients of S3. */
export interface BucketNotifications {
  /**
   * What GetBucketNotificationConfiguration answers: empty if nothing is configured.
   *
   * @throws ServiceError NoSuchBucket, PermanentRedirect, AccessDenied
   */
  get(request: NotificationRequest): NotificationConfiguration;
  /**
   * Replaces a bucket's configuration by another, as PutBucketNotificationConfiguration does; an
   * empty one turns notifications off. Sends the test message to every queue.
   *
   * @param options.skipDestinationValidation - takes destinations that are not there, and sends no test. @default false
   * @throws ServiceError InvalidArgument, NoSuchBucket, PermanentRedirect, AccessDenied, NotImplemented
   */
  put(
    request: NotificationRequest,
    configuration: NotificationInput,
    options?: { readonly skipDestinationValidation?: boolean },
  ): Promise<void>;
}

/** Configures the notifications of buckets. */
export class NotificationConfigurator implements BucketNotifications {
  constructor(
    private readonly env: ServiceEnvironment,
    private readonly access: BucketAccess,
    private readonly destinations: EventDestinations,
  ) {}

  get(request: NotificationRequest): NotificationConfiguration {
    const bucket = this.open(request, 's3:GetBucketNotification');
    return describeNotifications(bucket.settings.notifications);
  }

  async put(
    request: NotificationRequest,
    configuration: NotificationInput,
    options: { readonly skipDestinationValidation?: boolean } = {},
  ): Promise<void> {
    const bucket = this.open(request, 's3:PutBucketNotification');
    const requestId = this.env.random.stream(`s3/${bucket.name}/notification-requests`).uuid();
    this.configure(bucket, configuration, requestId, options.skipDestinationValidation);
  }

  /** {@link put} for a caller who is known to be allowed it. */
  configure(
    bucket: Bucket,
    configuration: NotificationInput,
    requestId: string,
    skipDestinationValidation = false,
  ): void {
    const ids = this.env.random.stream(`s3/${bucket.name}/notification-ids`);
    const settings = checkedNotifications(configuration, bucket.region, () =>
      Buffer.from(ids.uuid()).toString('base64'),
    );
    if (!skipDestinationValidation) this.verify(bucket, settings, requestId);
    const empty = settings.rules.length === 0 && !settings.eventBridge;
    bucket.settings.notifications = empty ? undefined : settings;
    this.access.lifecycle.schedule(bucket);
  }

  /** Tries every destination once; those that cannot be used are named together. */
  private verify(bucket: Bucket, { rules }: NotificationSettings, requestId: string): void {
    const message = testMessage(bucket, this.env.clock.now(), requestId);
    const caller = serviceCaller(bucket);
    const byArn = new Map(rules.map((rule) => [rule.arn, rule]));
    const problems = [...byArn.values()]
      .map(({ kind, arn }) =>
        destinationTypes[kind].verify(this.destinations, arn, message, caller),
      )
      .filter((problem) => problem !== undefined);
    if (problems.length === 0) return;
    const members = problems.flatMap(({ argument, reason }, index) => [
      [`ArgumentName${index + 1}`, argument],
      [`ArgumentValue${index + 1}`, reason],
    ]);
    throw new ServiceError(
      'InvalidArgument',
      'Unable to validate the following destination configurations',
      { status: 400, members: Object.fromEntries(members) },
    );
  }

  private open({ bucket, region, caller }: NotificationRequest, action: string): Bucket {
    this.env.authorize({ caller, action, resource: `arn:aws:s3:::${bucket}` });
    return this.access.open(region, { Bucket: bucket });
  }
}
