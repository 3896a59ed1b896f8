import type { Bucket } from '../bucket';
import type { BridgeEvent } from './destinations';
import type { EventCause, ObjectEvent } from './event-message';
import type { EmittedEvent } from './event-types';

/** What EventBridge calls a type of event. */
interface BridgeType {
  readonly detailType: string;
  /** @default - the detail has none */
  readonly reason?: string;
  /** Of what is deleted. */
  readonly deletionType?: 'Permanently Deleted' | 'Delete Marker Created';
}

const bridgeTypes: Readonly<Record<EmittedEvent, BridgeType>> = {
  'ObjectCreated:Put': { detailType: 'Object Created', reason: 'PutObject' },
  'ObjectCreated:Copy': { detailType: 'Object Created', reason: 'CopyObject' },
  'ObjectCreated:CompleteMultipartUpload': {
    detailType: 'Object Created',
    reason: 'CompleteMultipartUpload',
  },
  'ObjectRemoved:Delete': {
    detailType: 'Object Deleted',
    reason: 'DeleteObject',
    deletionType: 'Permanently Deleted',
  },
  'ObjectRemoved:DeleteMarkerCreated': {
    detailType: 'Object Deleted',
    reason: 'DeleteObject',
    deletionType: 'Delete Marker Created',
  },
  'LifecycleExpiration:Delete': {
    detailType: 'Object Deleted',
    reason: 'Lifecycle Expiration',
    deletionType: 'Permanently Deleted',
  },
  'LifecycleExpiration:DeleteMarkerCreated': {
    detailType: 'Object Deleted',
    reason: 'Lifecycle Expiration',
    deletionType: 'Delete Marker Created',
  },
  'ObjectTagging:Put': { detailType: 'Object Tags Added' },
  'ObjectTagging:Delete': { detailType: 'Object Tags Deleted' },
};

/**
 * An event as S3 sends it to EventBridge.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function bridgeEvent(
  bucket: Bucket,
  event: ObjectEvent,
  cause: EventCause,
  at: { readonly time: number; readonly sequencer: string },
): BridgeEvent {
  const { name, key, size, etag, versionId } = event;
  const { detailType, reason, deletionType } = bridgeTypes[name];
  const own = cause.requester === 's3.amazonaws.com';
  return {
    account: bucket.account,
    region: bucket.region,
    source: 'aws.s3',
    detailType,
    resources: [bucket.arn],
    time: at.time,
    // Members without a value have no place in JSON.
    detail: {
      version: '0',
      'event-version': '1.0',
      bucket: { name: bucket.name },
      object: {
        key,
        size,
        etag,
        'version-id': versionId,
        sequencer: name.startsWith('ObjectTagging:') ? undefined : at.sequencer,
      },
      'request-id': cause.requestId,
      requester: cause.requester,
      'source-ip-address': own ? undefined : cause.sourceIpAddress,
      reason,
      'deletion-type': deletionType,
    },
  };
}
