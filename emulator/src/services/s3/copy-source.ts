import { ServiceError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import type { Bucket } from './bucket';
import type { BucketAccess } from './bucket-access';
import { checkCopySource } from './conditions';
import { invalidArgument, invalidRequest, noSuchKey } from './errors';
import type { StoredObject } from './stored-object';

/** What a copy reads from. */
export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
}

/**
 * The object that `x-amz-copy-source` names: `bucket/key`, URL-encoded, perhaps with `?versionId=`.
 *
 * @throws AccessDenied, NoSuchBucket, NoSuchKey, PreconditionFailed
 */
export function openCopySource(
  access: BucketAccess,
  context: CallContext,
  input: {
    readonly CopySource: string;
    readonly ExpectedSourceBucketOwner?: string | undefined;
  } & Parameters<typeof checkCopySource>[1],
): CopySource {
  const [, path = '', versionId] = /^\/?(.*?)(?:\?versionId=(.*))?$/s.exec(input.CopySource) ?? [];
  const separator = path.indexOf('/');
  const name = decode(path.slice(0, separator));
  const key = decode(path.slice(separator + 1));
  if (separator < 1 || key === '')
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  context.authorize(action, `arn:aws:s3:::${name}/${key}`);
  // A copy may read from another region than the one it writes to.
  const bucket = access.buckets.get(name);
  const { ExpectedSourceBucketOwner: owner } = input;
  if (owner !== undefined && owner !== bucket.account)
    throw new ServiceError('AccessDenied', 'Access Denied', { status: 403 });
  const version = bucket.version(key, versionId);
  if (version.kind === 'delete-marker') {
    if (versionId === undefined) throw noSuchKey();
    throw invalidRequest(
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
  }
  checkCopySource(version, input);
  return { bucket, object: version };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('Invalid copy source encoding.');
  }
}
