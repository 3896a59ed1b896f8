import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { BucketAccess } from './bucket-access';
import { algorithmNamed, checksumMembers, checksumOf } from './checksums';
import { checkWrite } from './conditions';
import { StoredContent } from './content';
import { openCopySource } from './copy-source';
import type { BucketEvents } from './notifications/bucket-events';
import { created } from './notifications/event-message';
import {
  checkSelfCopy,
  describeObject,
  descriptionMembers,
  type EncryptionKeys,
  encryptionMembers,
  usableKey,
} from './object-descriptions';

type S3 = typeof import('@aws-sdk/client-s3');

/** Copying objects on the server's side. */
export function copyOperations(
  access: BucketAccess,
  keys: EncryptionKeys,
  events: BucketEvents,
): Handlers<S3> {
  return {
    CopyObject(input, context) {
      acceptOnly('s3.CopyObject', input, [
        'Bucket',
        'Key',
        'CopySource',
        'CopySourceIfMatch',
        'CopySourceIfModifiedSince',
        'CopySourceIfNoneMatch',
        'CopySourceIfUnmodifiedSince',
        'ChecksumAlgorithm',
        'IfMatch',
        'IfNoneMatch',
        'MetadataDirective',
        'TaggingDirective',
        'ExpectedBucketOwner',
        'ExpectedSourceBucketOwner',
        ...descriptionMembers,
      ]);
      const target = access.forObject(context, 's3:PutObject', input);
      const { bucket, object: source } = openCopySource(access, context, input);
      const { keyArn } = source.description.encryption;
      if (keyArn !== undefined) usableKey(keys, keyArn, bucket);
      const replace = input.MetadataDirective === 'REPLACE';
      if (target === bucket && source.key === input.Key)
        checkSelfCopy(
          replace ||
            [input.StorageClass, input.ServerSideEncryption].some((one) => one !== undefined),
        );
      checkWrite(target.current(input.Key), input);
      const bytes = source.content.bytes();
      const algorithm =
        input.ChecksumAlgorithm === undefined
          ? source.description.checksum?.algorithm
          : algorithmNamed(input.ChecksumAlgorithm);
      const checksum = algorithm && {
        algorithm,
        value: checksumOf(algorithm, bytes),
        type: 'FULL_OBJECT' as const,
      };
      const described = describeObject(input, target, keys, checksum);
      const copy = target.put(input.Key, new StoredContent(bytes), {
        ...described,
        system: replace ? described.system : source.description.system,
        user: replace ? described.user : source.description.user,
        tags:
          input.TaggingDirective === 'REPLACE' ? described.tags : Object.fromEntries(source.tags),
      });
      events.publish(target, created('Copy', copy), context);
      return {
        CopyObjectResult: {
          ETag: copy.etag,
          LastModified: new Date(copy.modifiedAt),
          ...checksumMembers(checksum),
          ChecksumType: checksum?.type,
        },
        CopySourceVersionId: source.versionId === 'null' ? undefined : source.versionId,
        VersionId: copy.versionId === 'null' ? undefined : copy.versionId,
        ...encryptionMembers(copy.description.encryption),
      };
    },
  };
}
