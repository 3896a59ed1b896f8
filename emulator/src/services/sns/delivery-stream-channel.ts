import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { ServiceEnvironment } from '../service';
import type { Channel } from './delivery';
import { attempt } from './queue-channel';
import { awsEndpointSchedule } from './retry-schedule';
import type { Subscription } from './subscription';

/** Delivery streams of Firehose, as far as topics need them. */
export interface TopicDeliveryStreams {
  /**
   * What PutRecord does.
   *
   * @returns the record's id
   * @throws ServiceError
   */
  put(deliveryStreamArn: string, data: Uint8Array, caller: Caller): string;
}

/**
 * Delivery streams: the same PutRecord that a client calls, as the role that the subscription names.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-firehose-as-subscriber.html
 */
export function deliveryStreamChannel(
  env: ServiceEnvironment,
  deliveryStreams: TopicDeliveryStreams,
): Channel {
  return {
    retries: () => awsEndpointSchedule,
    deliver({ document, notification, subscription }) {
      const { arn, attributes, endpoint } = subscription;
      const text =
        notification && attributes.rawDelivery
          ? notification.textFor(subscription)
          : document.archivedText(arn);
      return attempt(() =>
        deliveryStreams.put(endpoint, Buffer.from(text), callerFor(env, subscription)),
      );
    },
  };
}

/** @throws ServiceError if the role does not trust SNS, or is gone */
function callerFor(
  { authorize, identities }: ServiceEnvironment,
  { attributes, topic }: Subscription,
): Caller {
  const { roleArn } = attributes;
  if (roleArn === undefined)
    throw new ServiceError('InvalidParameter', 'The subscription has no SubscriptionRoleArn');
  authorize({ caller: topic.caller, action: 'sts:AssumeRole', resource: roleArn });
  const session = identities.openSession(roleArn, 'SNSFirehose');
  identities.closeSession(session.accessKeyId);
  return session.caller;
}
