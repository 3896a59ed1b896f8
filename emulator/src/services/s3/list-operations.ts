import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { Bucket } from './bucket';
import type { BucketAccess } from './bucket-access';
import { invalidArgument } from './errors';
import { encodeKey } from './key-order';
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
  if (versionMarker !== undefined && versionMarker !== '' && keyMarker === undefined)
    throw invalidArgument('A version-id marker cannot be specified without a key marker.');
  const versions: (StoredObject | DeleteMarker)[] = [];
  const full = () => versions.length >= maxKeys;
  // The rest of the key at which the last page ended.
  if (keyMarker !== undefined && versionMarker) {
    const all = bucket.versions(keyMarker);
    const position = all.findIndex((version) => version.versionId === versionMarker);
    versions.push(...(position === -1 ? [] : all.slice(position + 1)));
    if (versions.length > maxKeys)
      return { versions: versions.slice(0, maxKeys), commonPrefixes: [], next: last() };
  }
  const listing = listKeys(bucket.keys(), {
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter,
    maxKeys: maxKeys - versions.length,
    afterEntry: keyMarker === '' ? undefined : keyMarker,
  });
  for (const key of listing.keys) {
    const all = bucket.versions(key);
    for (const version of all) {
      if (full()) return { versions, commonPrefixes: listing.commonPrefixes, next: last() };
      versions.push(version);
    }
  }
  const next =
    listing.nextEntry === undefined
      ? undefined
      : { key: listing.nextEntry, versionId: bucket.versions(listing.nextEntry).at(-1)?.versionId };
  return { versions, commonPrefixes: listing.commonPrefixes, next };

  function last() {
    const version = versions[Math.min(maxKeys, versions.length) - 1];
    return version ? { key: version.key, versionId: version.versionId } : undefined;
  }
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
      ChecksumAlgorithm: [object.checksum.algorithm],
      ChecksumType: object.checksum.type,
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
