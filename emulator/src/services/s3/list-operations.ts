import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { Bucket } from './bucket';
import type { BucketAccess } from './bucket-access';
import { invalidArgument } from './errors';
import { encodeKey, sortKeys } from './key-order';
import { listKeys } from './listing';
import type { DeleteMarker, StoredObject } from './stored-object';

type S3 = typeof import('@aws-sdk/client-s3');

const pageSize = 1000;

/** The listings of objects and of their versions. */
export function listOperations(access: BucketAccess): Handlers<S3> {
  return {
    ListObjectsV2(input, context) {
      acceptOnly('s3.ListObjectsV2', input, [
        'Bucket',
        'Delimiter',
        'EncodingType',
        'MaxKeys',
        'Prefix',
        'ContinuationToken',
        'FetchOwner',
        'StartAfter',
        'ExpectedBucketOwner',
      ]);
      const bucket = access.bucket(context, 's3:ListBucket', input);
      const { EncodingType: encoding, ContinuationToken: token, Prefix: prefix = '' } = input;
      const listing = listKeys(currentKeys(bucket), {
        prefix,
        delimiter: input.Delimiter,
        maxKeys: checkMaxKeys(input.MaxKeys),
        afterEntry: token === undefined ? undefined : entryOfToken(token),
        afterKey: token === undefined ? input.StartAfter : undefined,
      });
      return {
        Name: bucket.name,
        Prefix: encodeKey(prefix, encoding),
        Delimiter: encodeKey(input.Delimiter, encoding),
        MaxKeys: input.MaxKeys ?? pageSize,
        EncodingType: encoding,
        KeyCount: listing.keys.length + listing.commonPrefixes.length,
        StartAfter: encodeKey(input.StartAfter, encoding),
        ContinuationToken: token,
        IsTruncated: listing.nextEntry !== undefined,
        NextContinuationToken:
          listing.nextEntry === undefined ? undefined : tokenOfEntry(listing.nextEntry),
        Contents: objectsOf(bucket, listing.keys, encoding, input.FetchOwner ?? false),
        CommonPrefixes: listing.commonPrefixes.map((one) => ({ Prefix: encodeKey(one, encoding) })),
      };
    },

    ListObjects(input, context) {
      acceptOnly('s3.ListObjects', input, [
        'Bucket',
        'Delimiter',
        'EncodingType',
        'Marker',
        'MaxKeys',
        'Prefix',
        'ExpectedBucketOwner',
      ]);
      const bucket = access.bucket(context, 's3:ListBucket', input);
      const { EncodingType: encoding, Prefix: prefix = '' } = input;
      const listing = listKeys(currentKeys(bucket), {
        prefix,
        delimiter: input.Delimiter,
        maxKeys: checkMaxKeys(input.MaxKeys),
        afterEntry: input.Marker,
      });
      return {
        Name: bucket.name,
        Prefix: encodeKey(prefix, encoding),
        Delimiter: encodeKey(input.Delimiter, encoding),
        Marker: encodeKey(input.Marker ?? '', encoding),
        MaxKeys: input.MaxKeys ?? pageSize,
        EncodingType: encoding,
        IsTruncated: listing.nextEntry !== undefined,
        // Only with a delimiter: without one the last key says the same.
        NextMarker: input.Delimiter ? encodeKey(listing.nextEntry, encoding) : undefined,
        Contents: objectsOf(bucket, listing.keys, encoding, true),
        CommonPrefixes: listing.commonPrefixes.map((one) => ({ Prefix: encodeKey(one, encoding) })),
      };
    },

    ListObjectVersions(input, context) {
      acceptOnly('s3.ListObjectVersions', input, [
        'Bucket',
        'Delimiter',
        'EncodingType',
        'KeyMarker',
        'MaxKeys',
        'Prefix',
        'VersionIdMarker',
        'ExpectedBucketOwner',
      ]);
      const bucket = access.bucket(context, 's3:ListBucketVersions', input);
      const page = versionPage(bucket, input, checkMaxKeys(input.MaxKeys));
      const { EncodingType: encoding } = input;
      const shown = (version: StoredObject | DeleteMarker) => ({
        Key: encodeKey(version.key, encoding),
        VersionId: version.versionId,
        IsLatest: bucket.versions(version.key)[0] === version,
        LastModified: new Date(version.modifiedAt),
        Owner: { ID: bucket.account },
      });
      return {
        Name: bucket.name,
        Prefix: encodeKey(input.Prefix ?? '', encoding),
        Delimiter: encodeKey(input.Delimiter, encoding),
        KeyMarker: encodeKey(input.KeyMarker ?? '', encoding),
        VersionIdMarker: input.VersionIdMarker ?? '',
        MaxKeys: input.MaxKeys ?? pageSize,
        EncodingType: encoding,
        IsTruncated: page.next !== undefined,
        NextKeyMarker: encodeKey(page.next?.key, encoding),
        NextVersionIdMarker: page.next?.versionId,
        Versions: page.versions
          .filter((version) => version.kind === 'object')
          .map((version) => ({
            ...shown(version),
            ETag: version.etag,
            Size: version.size,
            StorageClass: 'STANDARD' as const,
          })),
        DeleteMarkers: page.versions
          .filter((version) => version.kind === 'delete-marker')
          .map(shown),
        CommonPrefixes: page.commonPrefixes.map((one) => ({ Prefix: encodeKey(one, encoding) })),
      };
    },
  };
}

interface VersionPage {
  readonly versions: (StoredObject | DeleteMarker)[];
  readonly commonPrefixes: string[];
  /** The last version or common prefix of a page that is not the last one. */
  readonly next: { readonly key: string; readonly versionId: string | undefined } | undefined;
}

/** Versions by key, those of a key newest first. */
function versionPage(
  bucket: Bucket,
  input: {
    Prefix?: string | undefined;
    Delimiter?: string | undefined;
    KeyMarker?: string | undefined;
    VersionIdMarker?: string | undefined;
  },
  maxKeys: number,
): VersionPage {
  const { KeyMarker: keyMarker, VersionIdMarker: versionMarker } = input;
  if (versionMarker && !keyMarker)
    throw invalidArgument('A version-id marker cannot be specified without a key marker.');
  const versions: (StoredObject | DeleteMarker)[] = [];
  const commonPrefixes: string[] = [];
  let next: VersionPage['next'];
  for (const entry of versionEntries(bucket, input, maxKeys + 1)) {
    if (versions.length + commonPrefixes.length >= maxKeys)
      return { versions, commonPrefixes, next: maxKeys === 0 ? undefined : next };
    if (typeof entry === 'string') {
      commonPrefixes.push(entry);
      next = { key: entry, versionId: undefined };
    } else {
      versions.push(entry);
      next = { key: entry.key, versionId: entry.versionId };
    }
  }
  return { versions, commonPrefixes, next: undefined };
}

/** Versions and common prefixes behind the markers, in the order of the listing. */
function* versionEntries(
  bucket: Bucket,
  input: Parameters<typeof versionPage>[1],
  limit: number,
): Generator<StoredObject | DeleteMarker | string> {
  const { KeyMarker: keyMarker, VersionIdMarker: versionMarker } = input;
  if (keyMarker && versionMarker) {
    // The rest of the key at which the page before ended.
    const all = bucket.versions(keyMarker);
    const position = all.findIndex((version) => version.versionId === versionMarker);
    if (position !== -1) yield* all.slice(position + 1);
  }
  const { keys, commonPrefixes } = listKeys(bucket.keys(), {
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter,
    maxKeys: limit,
    afterEntry: keyMarker === '' ? undefined : keyMarker,
  });
  const prefixes = new Set(commonPrefixes);
  for (const entry of sortKeys([...keys, ...commonPrefixes]))
    if (prefixes.has(entry)) yield entry;
    else yield* bucket.versions(entry);
}

/** Keys whose current version is an object. */
function currentKeys(bucket: Bucket): readonly string[] {
  if (bucket.settings.versioning === undefined) return bucket.keys();
  return bucket.keys().filter((key) => bucket.current(key) !== undefined);
}

function objectsOf(
  bucket: Bucket,
  keys: readonly string[],
  encoding: string | undefined,
  withOwner: boolean,
) {
  return keys
    .map((key) => bucket.current(key))
    .filter((object) => object !== undefined)
    .map((object) => ({
      Key: encodeKey(object.key, encoding),
      LastModified: new Date(object.modifiedAt),
      ETag: object.etag,
      Size: object.size,
      StorageClass: object.description.storageClass,
      // Without computing the checksum of an object that came without one.
      ChecksumAlgorithm: [object.description.checksum?.algorithm ?? 'CRC64NVME'],
      ChecksumType: object.description.checksum?.type ?? 'FULL_OBJECT',
      Owner: withOwner ? { ID: bucket.account } : undefined,
    }));
}

function checkMaxKeys(maxKeys: number | undefined): number {
  if (maxKeys !== undefined && (maxKeys < 0 || maxKeys > 2_147_483_647))
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647');
  return Math.min(maxKeys ?? pageSize, pageSize);
}

const tokenPrefix = '1!';

function tokenOfEntry(entry: string): string {
  return Buffer.from(`${tokenPrefix}${entry}`).toString('base64');
}

function entryOfToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith(tokenPrefix))
    throw invalidArgument('The continuation token provided is incorrect');
  return text.slice(tokenPrefix.length);
}
