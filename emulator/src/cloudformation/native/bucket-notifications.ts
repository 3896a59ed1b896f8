import { PropertyReader, type ResourceProperties } from '../provider';
import { isObject } from '../values';
import { clientErrorText } from './client-error';
import type { NativeAnswer, NativeCall, NativeHandler } from './native-custom-resources';
import {
  fingerprint,
  fromApi,
  fromProperties,
  type kinds,
  type Notifications,
  noNotifications,
  toApi,
} from './notification-lists';
import { unknownProperties } from './unknown-properties';

const type = 'Custom::S3BucketNotifications';

/**
 * Sets the notifications of a bucket, as `bucket.addEventNotification` has it done once all
 * destinations allow them.
 *
 * A bucket of the same stack has no notifications but the stack's. Those of any other are merged with
 * what is there, and known by the stack's id in theirs.
 */
export const bucketNotifications: NativeHandler = {
  type,
  unsupported: (properties) => [
    ...unknownProperties(type, properties, [
      'BucketName',
      'Managed',
      'NotificationConfiguration',
      'SkipDestinationValidation',
    ]),
    ...unknownConfigurations(properties),
  ],

  async handle({ event, s3, logStream }: NativeCall): Promise<NativeAnswer> {
    const PhysicalResourceId = event.PhysicalResourceId ?? event.LogicalResourceId;
    const log = `See the details in CloudWatch Log Stream: ${logStream}`;
    try {
      const properties = new PropertyReader(event.ResourceProperties);
      const Bucket = properties.requiredString('BucketName');
      const wanted =
        event.RequestType === 'Delete' ? noNotifications : fromProperties(event.ResourceProperties);
      const notifications = isTrue(properties, 'Managed', true)
        ? wanted
        : merged(
            `${event.StackId}-`,
            wanted,
            event.OldResourceProperties && fromProperties(event.OldResourceProperties),
            fromApi(await s3.getBucketNotificationConfiguration({ Bucket })),
            event.RequestType,
          );
      await s3.putBucketNotificationConfiguration({
        Bucket,
        NotificationConfiguration: toApi(notifications),
        SkipDestinationValidation: isTrue(properties, 'SkipDestinationValidation', false),
      });
      return { Status: 'SUCCESS', Reason: log, PhysicalResourceId };
    } catch (error) {
      const operation = 'PutBucketNotificationConfiguration';
      const Reason = `Error: ${clientErrorText(error, operation)}. ${log}`;
      return { Status: 'FAILED', Reason, PhysicalResourceId };
    }
  },
};

/**
 * What a bucket of another stack is to have: what others have made, and what this stack wants.
 *
 * An update takes the ids of what others have made, for the handler blanks those of all that it
 * compares; S3 then gives new ones. Nobody can tell who has asked for EventBridge, so it stays.
 *
 * @param prefix - what this stack's ids begin with
 */
function merged(
  prefix: string,
  wanted: Notifications,
  previous: Notifications | undefined,
  existing: Notifications,
  requestType: 'Create' | 'Update' | 'Delete',
): Notifications {
  const of = (kind: (typeof kinds)[number]) => {
    const own = new Set(previous?.[kind].map(fingerprint));
    const others = existing[kind].filter((one) =>
      requestType === 'Delete' ? !one.id?.startsWith(prefix) : !own.has(fingerprint(one)),
    );
    return [
      ...(requestType === 'Update' ? others.map((one) => ({ ...one, id: undefined })) : others),
      ...wanted[kind].map((one) => ({ ...one, id: `${prefix}${fingerprint(one)}` })),
    ];
  };
  return {
    topics: of('topics'),
    queues: of('queues'),
    functions: of('functions'),
    eventBridge: existing.eventBridge || wanted.eventBridge,
  };
}

function isTrue(properties: PropertyReader, name: string, fallback: boolean): boolean {
  return (properties.string(name) ?? String(fallback)).toLowerCase() === 'true';
}

function unknownConfigurations({ NotificationConfiguration: given }: ResourceProperties): string[] {
  return isObject(given)
    ? unknownProperties(`NotificationConfiguration of ${type}`, given, [
        'EventBridgeConfiguration',
        'LambdaFunctionConfigurations',
        'QueueConfigurations',
        'TopicConfigurations',
      ])
    : [];
}
