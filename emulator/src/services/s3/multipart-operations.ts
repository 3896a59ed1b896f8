import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { ServiceEnvironment } from '../service';
import type { Bucket } from './bucket';
import type { BucketAccess } from './bucket-access';
import { algorithmNamed, checksumMembers, requestedChecksum, verifiedChecksum } from './checksums';
import { checkWrite, parseRange } from './conditions';
import { readBody, StoredContent } from './content';
import { openCopySource } from './copy-source';
import { invalidArgument, malformedXml, noSuchUpload } from './errors';
import { compareKeys, encodeKey } from './key-order';
import { MultipartUpload } from './multipart-upload';
import type { BucketEvents } from './notifications/bucket-events';
import { created } from './notifications/event-message';
import {
  describeObject,
  descriptionMembers,
  type EncryptionKeys,
  encryptionMembers,
  writtenMembers,
} from './object-descriptions';

type S3 = typeof import('@aws-sdk/client-s3');

interface UploadInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
  readonly ExpectedBucketOwner?: string | undefined;
}

const checksumInputs = [
  'ChecksumCRC32',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA1',
  'ChecksumSHA256',
  'ChecksumSHA512',
  'ChecksumMD5',
] as const;

/** Putting an object part by part. */
export function multipartOperations(
  env: ServiceEnvironment,
  access: BucketAccess,
  keys: EncryptionKeys,
  events: BucketEvents,
): Handlers<S3> {
  function open(context: CallContext, action: string, input: UploadInput) {
    const bucket = access.forObject(context, action, input);
    const upload = bucket.uploads.get(input.UploadId);
    if (!upload || upload.key !== input.Key) throw noSuchUpload();
    return { bucket, upload };
  }

  return {
    CreateMultipartUpload(input, context) {
      acceptOnly('s3.CreateMultipartUpload', input, [
        'Bucket',
        'Key',
        'ChecksumAlgorithm',
        'ChecksumType',
        'ExpectedBucketOwner',
        ...descriptionMembers,
      ]);
      const bucket = access.forObject(context, 's3:PutObject', input);
      const algorithm =
        input.ChecksumAlgorithm === undefined ? undefined : algorithmNamed(input.ChecksumAlgorithm);
      const type = input.ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
      const id = env.random.stream(`s3/${bucket.name}/uploads`).hex(64);
      const description = describeObject(input, bucket, keys, undefined);
      bucket.uploads.set(
        id,
        new MultipartUpload(id, input.Key, env.clock.now(), description, algorithm, type),
      );
      return {
        Bucket: bucket.name,
        Key: input.Key,
        UploadId: id,
        ChecksumAlgorithm: algorithm,
        ChecksumType: algorithm && type,
        ...encryptionMembers(description.encryption),
      };
    },

    async UploadPart(input, context) {
      acceptOnly('s3.UploadPart', input, [
        'Body',
        'Bucket',
        'Key',
        'UploadId',
        'PartNumber',
        'ContentLength',
        'ContentMD5',
        'ChecksumAlgorithm',
        'ExpectedBucketOwner',
        ...checksumInputs,
      ]);
      const { upload } = open(context, 's3:PutObject', input);
      checkPartNumber(input.PartNumber);
      const bytes = await readBody(input.Body);
      const checksum = verifiedChecksum(input, bytes);
      const content = new StoredContent(bytes);
      upload.put({ number: input.PartNumber, content, modifiedAt: env.clock.now(), checksum });
      return {
        ETag: `"${content.md5()}"`,
        ...encryptionMembers(upload.description.encryption),
        ...checksumMembers(checksum),
      };
    },

    UploadPartCopy(input, context) {
      acceptOnly('s3.UploadPartCopy', input, [
        'Bucket',
        'Key',
        'UploadId',
        'PartNumber',
        'CopySource',
        'CopySourceIfMatch',
        'CopySourceIfModifiedSince',
        'CopySourceIfNoneMatch',
        'CopySourceIfUnmodifiedSince',
        'CopySourceRange',
        'ExpectedBucketOwner',
        'ExpectedSourceBucketOwner',
      ]);
      const { upload } = open(context, 's3:PutObject', input);
      checkPartNumber(input.PartNumber);
      const { object } = openCopySource(access, context, input);
      const range = parseRange(input.CopySourceRange, object.size);
      if (input.CopySourceRange !== undefined && !range)
        throw invalidArgument(
          'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
        );
      const bytes = object.content.bytes();
      const part = range ? bytes.subarray(range.start, range.end + 1) : bytes;
      const content = new StoredContent(part);
      const modifiedAt = env.clock.now();
      upload.put({ number: input.PartNumber, content, modifiedAt, checksum: undefined });
      return {
        CopyPartResult: { ETag: `"${content.md5()}"`, LastModified: new Date(modifiedAt) },
        CopySourceVersionId: object.versionId === 'null' ? undefined : object.versionId,
        ...encryptionMembers(upload.description.encryption),
      };
    },

    CompleteMultipartUpload(input, context) {
      acceptOnly('s3.CompleteMultipartUpload', input, [
        'Bucket',
        'Key',
        'UploadId',
        'MultipartUpload',
        'ChecksumType',
        'MpuObjectSize',
        'ExpectedBucketOwner',
        'IfMatch',
        'IfNoneMatch',
        ...checksumInputs,
      ]);
      const { bucket, upload } = open(context, 's3:PutObject', input);
      const named = input.MultipartUpload?.Parts ?? [];
      if (named.length === 0) throw malformedXml();
      const { content, checksum, etag, parts } = upload.join(
        named,
        requestedChecksum(input)?.value,
      );
      checkWrite(bucket.current(input.Key), input);
      const description = { ...upload.description, checksum };
      const object = bucket.put(input.Key, content, description, { etag, parts });
      bucket.uploads.delete(upload.id);
      events.publish(bucket, created('CompleteMultipartUpload', object), context);
      return {
        Location: `${context.origin}/${bucket.name}/${encodeKey(input.Key, 'url')}`,
        Bucket: bucket.name,
        Key: input.Key,
        ...writtenMembers(object),
      };
    },

    AbortMultipartUpload(input, context) {
      acceptOnly('s3.AbortMultipartUpload', input, [
        'Bucket',
        'Key',
        'UploadId',
        'ExpectedBucketOwner',
      ]);
      const { bucket, upload } = open(context, 's3:AbortMultipartUpload', input);
      bucket.uploads.delete(upload.id);
      return {};
    },

    ListParts(input, context) {
      acceptOnly('s3.ListParts', input, [
        'Bucket',
        'Key',
        'UploadId',
        'MaxParts',
        'PartNumberMarker',
        'ExpectedBucketOwner',
      ]);
      const { bucket, upload } = open(context, 's3:ListMultipartUploadParts', input);
      const { MaxParts: max = 1000 } = input;
      const after = Number(input.PartNumberMarker ?? 0);
      const rest = upload.parts().filter((part) => part.number > after);
      const page = rest.slice(0, max);
      const truncated = rest.length > page.length;
      return {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: input.PartNumberMarker ?? '0',
        NextPartNumberMarker: truncated ? String(page.at(-1)?.number) : undefined,
        MaxParts: max,
        IsTruncated: truncated,
        StorageClass: upload.description.storageClass,
        Owner: { ID: bucket.account },
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumAlgorithm && upload.checksumType,
        Parts: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.modifiedAt),
          ETag: `"${part.content.md5()}"`,
          Size: part.content.bytes().length,
          ...checksumMembers(part.checksum),
        })),
      };
    },

    ListMultipartUploads(input, context) {
      acceptOnly('s3.ListMultipartUploads', input, [
        'Bucket',
        'Prefix',
        'KeyMarker',
        'UploadIdMarker',
        'MaxUploads',
        'EncodingType',
        'ExpectedBucketOwner',
      ]);
      const bucket = access.bucket(context, 's3:ListBucketMultipartUploads', input);
      const { MaxUploads: max = 1000, EncodingType: encoding } = input;
      const rest = uploadsAfter(bucket, input);
      const page = rest.slice(0, max);
      const last = rest.length > page.length ? page.at(-1) : undefined;
      return {
        Bucket: bucket.name,
        Prefix: encodeKey(input.Prefix ?? '', encoding),
        KeyMarker: encodeKey(input.KeyMarker ?? '', encoding),
        UploadIdMarker: input.UploadIdMarker ?? '',
        NextKeyMarker: encodeKey(last?.key, encoding),
        NextUploadIdMarker: last?.id,
        MaxUploads: max,
        EncodingType: encoding,
        IsTruncated: last !== undefined,
        Uploads: page.map((upload) => ({
          Key: encodeKey(upload.key, encoding),
          UploadId: upload.id,
          Initiated: new Date(upload.startedAt),
          StorageClass: upload.description.storageClass,
          Owner: { ID: bucket.account },
        })),
      };
    },
  };
}

function uploadsAfter(
  bucket: Bucket,
  input: {
    Prefix?: string | undefined;
    KeyMarker?: string | undefined;
    UploadIdMarker?: string | undefined;
  },
): MultipartUpload[] {
  const { KeyMarker: marker = '', UploadIdMarker: idMarker } = input;
  return [...bucket.uploads.values()]
    .filter((upload) => upload.key.startsWith(input.Prefix ?? ''))
    .sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.id, b.id))
    .filter((upload) => {
      const order = compareKeys(upload.key, marker);
      if (order === 0 && idMarker) return compareKeys(upload.id, idMarker) > 0;
      return order > 0;
    });
}

function checkPartNumber(number: number): void {
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
}
