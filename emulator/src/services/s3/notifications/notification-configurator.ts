import { ServiceError } from '../../../protocol/errors';
import type { ServiceEnvironment } from '../../service';
import type { Bucket } from '../bucket';
import type { LifecycleRunner } from '../lifecycle-runner';
import { serviceCaller } from './bucket-events';
import { destinationTypes, type EventDestinations } from './destinations';
import { testMessage } from './event-message';
import { checkedNotifications, type NotificationInput } from './notification-input';
import type { NotificationSettings } from './notification-settings';

/** Configures the notifications of buckets. */
export class NotificationConfigurator {
  constructor(
    private readonly env: ServiceEnvironment,
    private readonly lifecycle: LifecycleRunner,
    private readonly destinations: EventDestinations,
  ) {}

  /**
   * Replaces a bucket's configuration by another; an empty one turns notifications off. Sends the test
   * message to every queue.
   *
   * @param requestId - of the request that asks for it, which the test message names
   * @param skipDestinationValidation - takes destinations that are not there, and sends no test
   * @throws ServiceError InvalidArgument, MalformedXML, NotImplemented
   */
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
    this.lifecycle.schedule(bucket);
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
}
