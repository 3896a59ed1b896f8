import { ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { BucketAccess } from './bucket-access';
import { checksumMembers, verifiedChecksum } from './checksums';
import { checkRead, checkWrite, invalidRange, parseRange, type ReadConditions } from './conditions';
import { readBody, StoredContent } from './content';
import { invalidArgument, notFound } from './errors';
import type { BucketEvents } from './notifications/bucket-events';
import { created } from './notifications/event-message';
import {
  describeObject,
  descriptionMembers,
  type EncryptionKeys,
  encryptionMembers,
  usableKey,
  writtenMembers,
} from './object-descriptions';
import type { StoredObject } from './stored-object';

type S3 = typeof import('@aws-sdk/client-s3');

interface ReadInput extends ReadConditions {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
  readonly Range?: string | undefined;
  readonly PartNumber?: number | undefined;
  readonly ChecksumMode?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
  readonly ResponseCacheControl?: string | undefined;
  readonly ResponseContentDisposition?: string | undefined;
  readonly ResponseContentEncoding?: string | undefined;
  readonly ResponseContentLanguage?: string | undefined;
  readonly ResponseContentType?: string | undefined;
  readonly ResponseExpires?: Date | undefined;
}

const readMembers = [
  'Bucket',
  'Key',
  'VersionId',
  'Range',
  'PartNumber',
  'ChecksumMode',
  'ExpectedBucketOwner',
  'IfMatch',
  'IfNoneMatch',
  'IfModifiedSince',
  'IfUnmodifiedSince',
  'ResponseCacheControl',
  'ResponseContentDisposition',
  'ResponseContentEncoding',
  'ResponseContentLanguage',
  'ResponseContentType',
  'ResponseExpires',
] as const;

/** Putting, getting and looking at single objects. */
export function objectOperations(
  access: BucketAccess,
  keys: EncryptionKeys,
  events: BucketEvents,
): Handlers<S3> {
  function find(context: CallContext, input: ReadInput): StoredObject {
    const action = input.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
    const bucket = access.forObject(context, action, input);
    const version = access.tellingOfMissing(context, bucket, () =>
      bucket.object(input.Key, input.VersionId),
    );
    const { keyArn } = version.description.encryption;
    if (keyArn !== undefined) usableKey(keys, keyArn, bucket);
    checkRead(version, input);
    checkOverrides(input);
    return version;
  }

  /** What GetObject and HeadObject answer alike. */
  function read(object: StoredObject, input: ReadInput) {
    const { system, user, encryption, storageClass } = object.description;
    const range = rangeOf(object, input);
    const whole = range === undefined;
    const checksum = whole && input.ChecksumMode === 'ENABLED' ? object.checksum : undefined;
    return {
      AcceptRanges: 'bytes',
      LastModified: new Date(object.modifiedAt),
      ContentLength: whole ? object.size : range.end - range.start + 1,
      ContentRange: whole ? undefined : `bytes ${range.start}-${range.end}/${object.size}`,
      ETag: object.etag,
      VersionId: object.versionId === 'null' ? undefined : object.versionId,
      CacheControl: input.ResponseCacheControl ?? system.CacheControl,
      ContentDisposition: input.ResponseContentDisposition ?? system.ContentDisposition,
      ContentEncoding: input.ResponseContentEncoding ?? system.ContentEncoding,
      ContentLanguage: input.ResponseContentLanguage ?? system.ContentLanguage,
      ContentType: input.ResponseContentType ?? system.ContentType,
      Expires: input.ResponseExpires ?? system.Expires,
      Metadata: user,
      // S3 does not say STANDARD.
      StorageClass: storageClass === 'STANDARD' ? undefined : storageClass,
      PartsCount: input.PartNumber === undefined ? undefined : object.multipart?.parts.length,
      TagCount: object.tags.size > 0 ? object.tags.size : undefined,
      ...encryptionMembers(encryption),
      ...checksumMembers(checksum),
      ChecksumType: checksum?.type,
    };
  }

  return {
    async PutObject(input, context) {
      acceptOnly('s3.PutObject', input, [
        'Body',
        'Bucket',
        'Key',
        'ContentLength',
        'ContentMD5',
        'ChecksumAlgorithm',
        'ChecksumCRC32',
        'ChecksumCRC32C',
        'ChecksumCRC64NVME',
        'ChecksumSHA1',
        'ChecksumSHA256',
        'ChecksumSHA512',
        'ChecksumMD5',
        'ExpectedBucketOwner',
        'IfMatch',
        'IfNoneMatch',
        ...descriptionMembers,
      ]);
      const bucket = access.forObject(context, 's3:PutObject', input);
      const bytes = await readBody(input.Body);
      checkWrite(bucket.current(input.Key), input);
      const description = describeObject(input, bucket, keys, verifiedChecksum(input, bytes));
      const object = bucket.put(input.Key, new StoredContent(bytes), description);
      events.publish(bucket, created('Put', object), context);
      return writtenMembers(object);
    },

    GetObject(input, context) {
      acceptOnly('s3.GetObject', input, readMembers);
      const object = find(context, input);
      const range = rangeOf(object, input);
      const bytes = object.content.bytes();
      const body = range ? bytes.subarray(range.start, range.end + 1) : bytes;
      return { ...read(object, input), Body: body };
    },

    HeadObject(input, context) {
      acceptOnly('s3.HeadObject', input, readMembers);
      try {
        return read(find(context, input), input);
      } catch (error) {
        if (error instanceof ServiceError && error.options.status === 404) throw notFound();
        throw error;
      }
    },

    GetObjectAttributes(input, context) {
      acceptOnly('s3.GetObjectAttributes', input, [
        'Bucket',
        'Key',
        'VersionId',
        'ObjectAttributes',
        'ExpectedBucketOwner',
      ]);
      const object = find(context, input);
      const wanted = new Set<string>(input.ObjectAttributes);
      return {
        LastModified: new Date(object.modifiedAt),
        VersionId: object.versionId === 'null' ? undefined : object.versionId,
        ETag: wanted.has('ETag') ? object.etag.replaceAll('"', '') : undefined,
        ObjectSize: wanted.has('ObjectSize') ? object.size : undefined,
        StorageClass: wanted.has('StorageClass') ? object.description.storageClass : undefined,
        Checksum: wanted.has('Checksum')
          ? { ...checksumMembers(object.checksum), ChecksumType: object.checksum.type }
          : undefined,
        ObjectParts:
          wanted.has('ObjectParts') && object.multipart
            ? { TotalPartsCount: object.multipart.parts.length }
            : undefined,
      };
    },
  };
}

const overrides = {
  ResponseCacheControl: 'response-cache-control',
  ResponseContentDisposition: 'response-content-disposition',
  ResponseContentEncoding: 'response-content-encoding',
  ResponseContentLanguage: 'response-content-language',
  ResponseContentType: 'response-content-type',
} as const;

/** A query may say what it likes, a header may not: neither line breaks nor letters beyond ISO 8859-1. */
function checkOverrides(input: ReadInput): void {
  for (const [member, parameter] of Object.entries(overrides) as [
    keyof typeof overrides,
    string,
  ][]) {
    const value = input[member];
    if (value !== undefined && !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new ServiceError(
        'InvalidArgument',
        'Header value cannot be represented using ISO-8859-1.',
        { status: 400, members: { ArgumentName: parameter, ArgumentValue: value } },
      );
  }
}

/** The bytes that a part number or a range asks for. */
function rangeOf(object: StoredObject, input: ReadInput) {
  const { PartNumber: part, Range: range } = input;
  if (part === undefined) return parseRange(range, object.size);
  if (range !== undefined)
    throw invalidArgument('Cannot specify both Range header and partNumber query parameter');
  const parts = object.multipart?.parts ?? [{ number: 1, size: object.size }];
  let start = 0;
  for (const { size } of parts.slice(0, part - 1)) start += size;
  const size = parts[part - 1]?.size;
  if (size === undefined) throw invalidRange();
  return size === 0 ? undefined : { start, end: start + size - 1 };
}
