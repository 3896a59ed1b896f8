import type { Bucket } from '../bucket';
import type { StoredObject } from '../stored-object';
import type { EmittedEvent } from './event-types';

/** What has happened to an object. */
export interface ObjectEvent {
  readonly name: EmittedEvent;
  readonly key: string;
  /** Bytes, of what has been created. */
  readonly size?: number;
  /** Without quotation marks. */
  readonly etag?: string;
  /** @default - the bucket has no versions */
  readonly versionId?: string;
}

/** The request behind an event. */
export interface EventCause {
  readonly requestId: string;
  /** Such as `AWS:AROA…:session`. */
  readonly principalId: string;
  /** An account, or the name of a service. */
  readonly requester: string;
  /** An address, or the name of a service. */
  readonly sourceIpAddress: string;
}

/** ETag of nothing, which delete markers carry in events. */
const emptyEtag = 'd41d8cd98f00b204e9800998ecf8427e';

/** An object has been written. */
export function created(
  how: 'Put' | 'Copy' | 'CompleteMultipartUpload',
  object: StoredObject,
): ObjectEvent {
  const { key, size } = object;
  return {
    name: `ObjectCreated:${how}`,
    key,
    size,
    etag: plainEtag(object),
    versionId: versionIdOf(object),
  };
}

/** An object or a version is gone, or hidden by a delete marker: by a request, or by a lifecycle rule. */
export function removed(
  family: 'ObjectRemoved' | 'LifecycleExpiration',
  key: string,
  what: { readonly versionId?: string; readonly marker: boolean },
): ObjectEvent {
  const versionId = what.versionId === 'null' ? undefined : what.versionId;
  return what.marker
    ? { name: `${family}:DeleteMarkerCreated`, key, etag: emptyEtag, versionId }
    : { name: `${family}:Delete`, key, versionId };
}

/** The tags of an object have been replaced or deleted. */
export function tagged(how: 'Put' | 'Delete', object: StoredObject): ObjectEvent {
  return {
    name: `ObjectTagging:${how}`,
    key: object.key,
    etag: plainEtag(object),
    versionId: versionIdOf(object),
  };
}

/**
 * The message of one event, in JSON.
 *
 * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * @param ruleId - of the configuration that it is sent for
 */
export function eventMessage(
  bucket: Bucket,
  event: ObjectEvent,
  cause: EventCause,
  at: { readonly time: number; readonly sequencer: string },
  ruleId: string,
): string {
  const { name, key, size, etag, versionId } = event;
  const taggedOnly = name.startsWith('ObjectTagging:');
  const record = {
    eventVersion: taggedOnly || name.startsWith('LifecycleExpiration:') ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(at.time).toISOString(),
    eventName: name,
    userIdentity: { principalId: cause.principalId },
    requestParameters: { sourceIPAddress: cause.sourceIpAddress },
    responseElements: requestElements(cause.requestId),
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: ruleId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: bucket.account },
        arn: bucket.arn,
      },
      // Only what orders an object's content has a sequencer.
      object: {
        key: formEncoded(key),
        size,
        eTag: etag,
        versionId,
        sequencer: taggedOnly ? undefined : at.sequencer,
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** What S3 sends to a destination when it is configured, in JSON. */
export function testMessage(bucket: Bucket, time: number, requestId: string): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(time).toISOString(),
    Bucket: bucket.name,
    RequestId: requestId,
    HostId: requestId,
  });
}

/** The ids that the answer to the request carries in its headers. */
function requestElements(requestId: string) {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
}

/** `application/x-www-form-urlencoded`, apart from slashes. */
function formEncoded(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function plainEtag(object: StoredObject): string {
  return object.etag.replaceAll('"', '');
}

function versionIdOf({ versionId }: StoredObject): string | undefined {
  return versionId === 'null' ? undefined : versionId;
}
