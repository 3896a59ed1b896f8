import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { Bucket } from './bucket';
import { type Checksum, checksumMembers } from './checksums';
import { invalidArgument, invalidRequest } from './errors';
import type {
  ObjectDescription,
  ObjectEncryption,
  StorageClass,
  StoredObject,
  SystemMetadata,
} from './stored-object';
import { tagsOfHeader } from './tags';

/** Where `aws:kms` encryption finds its keys; the composition root lets KMS answer. */
export interface EncryptionKeys {
  /** The ARN of a key that exists and is enabled; throws KMS's error otherwise. */
  usableKeyArn(keyId: string, account: string, region: string): string;
}

/** The members of a write that describe the object. */
export interface DescriptionInput extends SystemMetadata {
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
  readonly Tagging?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly ACL?: string | undefined;
}

/** Names of those members, for the operations that accept them. */
export const descriptionMembers = [
  'ACL',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Expires',
  'Metadata',
  'Tagging',
  'StorageClass',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'BucketKeyEnabled',
] as const;

const storageClasses: readonly StorageClass[] = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];

/** What an object is put with, the bucket's defaults filled in. */
export function describeObject(
  input: DescriptionInput,
  bucket: Bucket,
  keys: EncryptionKeys,
  checksum: Checksum | undefined,
): ObjectDescription {
  checkAcl(input.ACL, bucket);
  return {
    system: systemMetadata(input),
    user: checkUserMetadata(input.Metadata ?? {}),
    tags: Object.fromEntries(tagsOfHeader(input.Tagging)),
    storageClass: storageClass(input.StorageClass),
    encryption: chooseEncryption(input, bucket, keys),
    checksum,
  };
}

/** The headers that S3 keeps; an object that names no type is `binary/octet-stream`. */
export function systemMetadata(input: SystemMetadata): SystemMetadata {
  return {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: input.ContentEncoding,
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType ?? 'binary/octet-stream',
    Expires: input.Expires,
  };
}

/** How an object is encrypted, as answers to writes and reads show it. */
export function encryptionMembers({ algorithm, keyArn, bucketKey }: ObjectEncryption) {
  return {
    ServerSideEncryption: algorithm,
    SSEKMSKeyId: keyArn,
    BucketKeyEnabled: bucketKey ? true : undefined,
  };
}

/** What an answer to a write shows of the object. */
export function writtenMembers(object: StoredObject) {
  const { checksum, encryption } = object.description;
  return {
    ETag: object.etag,
    VersionId: object.versionId === 'null' ? undefined : object.versionId,
    ...encryptionMembers(encryption),
    ...checksumMembers(checksum),
    ChecksumType: checksum?.type,
  };
}

/** @throws AccessControlListNotSupported in a bucket without ACLs, NotImplemented in one with */
function checkAcl(acl: string | undefined, bucket: Bucket): void {
  if (acl === undefined || acl === 'bucket-owner-full-control') return;
  if (bucket.settings.ownership === 'BucketOwnerEnforced')
    throw new ServiceError('AccessControlListNotSupported', 'The bucket does not allow ACLs', {
      status: 400,
    });
  if (acl !== 'private') throw new NotImplementedError(`the canned ACL ${acl}`);
}

function checkUserMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (size > 2048)
    throw new ServiceError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      { status: 400 },
    );
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function storageClass(name = 'STANDARD'): StorageClass {
  const known = storageClasses.find((candidate) => candidate === name);
  if (!known) throw new NotImplementedError(`StorageClass ${name}`);
  return known;
}

function chooseEncryption(
  input: DescriptionInput,
  bucket: Bucket,
  keys: EncryptionKeys,
): ObjectEncryption {
  const asked = input.ServerSideEncryption;
  const byDefault = bucket.settings.encryption;
  if (asked !== undefined && asked !== 'AES256' && asked !== 'aws:kms')
    throw new NotImplementedError(`ServerSideEncryption ${asked}`);
  if (input.SSEKMSKeyId !== undefined && asked !== 'aws:kms')
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    );
  if ((asked ?? byDefault.algorithm) === 'AES256')
    return { algorithm: 'AES256', keyArn: undefined, bucketKey: false };
  const keyId = input.SSEKMSKeyId ?? byDefault.keyArn ?? 'alias/aws/s3';
  return {
    algorithm: 'aws:kms',
    keyArn: usableKey(keys, keyId, bucket),
    bucketKey: input.BucketKeyEnabled ?? byDefault.bucketKey,
  };
}

/**
 * S3 reports KMS's errors under names of its own.
 *
 * @throws KMS.NotFoundException, KMS.DisabledException, KMS.KMSInvalidStateException
 */
export function usableKey(keys: EncryptionKeys, keyId: string, bucket: Bucket): string {
  try {
    return keys.usableKeyArn(keyId, bucket.account, bucket.region);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(`KMS.${error.code}`, error.message, { status: 400 });
  }
}

/** @throws InvalidRequest for what a copy onto itself would not change */
export function checkSelfCopy(changes: boolean): void {
  if (!changes)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}

/**
 * The default encryption of a bucket.
 *
 * @throws NotImplementedError for the algorithms that the emulator does not have
 */
export function defaultEncryption(
  algorithm: string,
  keyId: string | undefined,
  bucketKey: boolean,
): ObjectEncryption {
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms')
    throw new NotImplementedError(`SSEAlgorithm ${algorithm}`);
  if (algorithm === 'AES256' && keyId !== undefined)
    throw new ServiceError(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      { status: 400 },
    );
  return { algorithm, keyArn: keyId, bucketKey };
}
