import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { Bucket } from './bucket';
import type { BucketAccess } from './bucket-access';
import { checkWrite } from './conditions';
import { malformedXml, methodNotAllowed } from './errors';
import type { BucketEvents } from './notifications/bucket-events';
import { removed, tagged } from './notifications/event-message';
import type { StoredObject } from './stored-object';
import { checkTags, tagSet } from './tags';

type S3 = typeof import('@aws-sdk/client-s3');

/** Deleting objects, and the tags of objects. */
export function deletionOperations(access: BucketAccess, events: BucketEvents): Handlers<S3> {
  function openTagged(
    context: CallContext,
    verb: string,
    input: { Bucket: string; Key: string; VersionId?: string; ExpectedBucketOwner?: string },
  ): { bucket: Bucket; object: StoredObject } {
    const action = `s3:${verb}Object${input.VersionId === undefined ? '' : 'Version'}Tagging`;
    const bucket = access.forObject(context, action, input);
    const version = bucket.version(input.Key, input.VersionId);
    if (version.kind === 'delete-marker') throw methodNotAllowed();
    return { bucket, object: version };
  }

  /** What is not there is deleted as successfully as what is, and tells of it in the same way. */
  function remove(
    context: CallContext,
    bucket: Bucket,
    key: string,
    versionId: string | undefined,
  ) {
    if (versionId !== undefined) {
      const version = bucket.deleteVersion(key, versionId);
      if (version)
        events.publish(
          bucket,
          removed('ObjectRemoved', key, { versionId, marker: false }),
          context,
        );
      return {
        VersionId: versionId,
        DeleteMarker: version?.kind === 'delete-marker' ? true : undefined,
      };
    }
    const marker = bucket.delete(key);
    const left = { versionId: marker?.versionId, marker: marker !== undefined };
    events.publish(bucket, removed('ObjectRemoved', key, left), context);
    return { DeleteMarker: marker ? true : undefined, VersionId: marker?.versionId };
  }

  return {
    DeleteObject(input, context) {
      acceptOnly('s3.DeleteObject', input, [
        'Bucket',
        'Key',
        'VersionId',
        'ExpectedBucketOwner',
        'IfMatch',
      ]);
      const bucket = access.forObject(context, deleteAction(input.VersionId), input);
      if (input.IfMatch !== undefined) checkWrite(bucket.current(input.Key), input);
      return remove(context, bucket, input.Key, input.VersionId);
    },

    DeleteObjects(input, context) {
      acceptOnly('s3.DeleteObjects', input, [
        'Bucket',
        'Delete',
        'ChecksumAlgorithm',
        'ExpectedBucketOwner',
      ]);
      const { Objects: objects, Quiet: quiet = false } = input.Delete;
      if (objects.length < 1 || objects.length > 1000) throw malformedXml();
      const deleted = [];
      const errors = [];
      for (const object of objects) {
        acceptOnly('s3.DeleteObjects', object, ['Key', 'VersionId', 'ETag']);
        const { Key, VersionId } = object;
        try {
          const bucket = access.forObject(context, deleteAction(VersionId), {
            Bucket: input.Bucket,
            Key,
            ExpectedBucketOwner: input.ExpectedBucketOwner,
          });
          if (object.ETag !== undefined) checkWrite(bucket.current(Key), { IfMatch: object.ETag });
          const { DeleteMarker, VersionId: left } = remove(context, bucket, Key, VersionId);
          deleted.push({
            Key,
            VersionId,
            DeleteMarker,
            DeleteMarkerVersionId: DeleteMarker ? left : undefined,
          });
        } catch (error) {
          // A bucket that is not there fails all of the request, an object only itself.
          if (!(error instanceof ServiceError) || error.code === 'NoSuchBucket') throw error;
          errors.push({ Key, VersionId, Code: error.code, Message: error.message });
        }
      }
      return { Deleted: quiet ? [] : deleted, Errors: errors };
    },

    PutObjectTagging(input, context) {
      const { bucket, object } = openTagged(context, 'Put', input);
      object.tags = checkTags(input.Tagging.TagSet, 10);
      events.publish(bucket, tagged('Put', object), context);
      return { VersionId: object.versionId === 'null' ? undefined : object.versionId };
    },

    GetObjectTagging(input, context) {
      const { object } = openTagged(context, 'Get', input);
      return {
        TagSet: tagSet(object.tags),
        VersionId: object.versionId === 'null' ? undefined : object.versionId,
      };
    },

    DeleteObjectTagging(input, context) {
      const { bucket, object } = openTagged(context, 'Delete', input);
      object.tags = new Map();
      events.publish(bucket, tagged('Delete', object), context);
      return { VersionId: object.versionId === 'null' ? undefined : object.versionId };
    },
  };
}

function deleteAction(versionId: string | undefined): string {
  return versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
}
