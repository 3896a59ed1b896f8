import { ServiceError } from '../../protocol/errors';
import { noSuchKey, notModified, preconditionFailed } from './errors';
import type { StoredObject } from './stored-object';

/** The conditional headers of a read. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Checks a read's conditions; the entity tag ones win over the dates, as RFC 9110 says.
 *
 * @throws PreconditionFailed, NotModified
 */
export function checkRead(object: StoredObject, conditions: ReadConditions): void {
  const { IfMatch: match, IfNoneMatch: noneMatch } = conditions;
  if (match !== undefined) {
    if (!etagMatches(object, match)) throw preconditionFailed();
  } else if (
    conditions.IfUnmodifiedSince &&
    seconds(object.modifiedAt) > seconds(conditions.IfUnmodifiedSince.getTime())
  )
    throw preconditionFailed();
  if (noneMatch !== undefined) {
    if (etagMatches(object, noneMatch)) throw notModified();
  } else if (
    conditions.IfModifiedSince &&
    seconds(object.modifiedAt) <= seconds(conditions.IfModifiedSince.getTime())
  )
    throw notModified();
}

/** A copy has no use for "not modified": all of its conditions fail in the same way. */
export function checkCopySource(
  object: StoredObject,
  input: {
    readonly CopySourceIfMatch?: string | undefined;
    readonly CopySourceIfNoneMatch?: string | undefined;
    readonly CopySourceIfModifiedSince?: Date | undefined;
    readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  },
): void {
  try {
    checkRead(object, {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    });
  } catch {
    throw preconditionFailed();
  }
}

/**
 * Checks a write's conditions against the current object.
 *
 * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @throws PreconditionFailed; NoSuchKey if there is nothing that could match
 */
export function checkWrite(
  current: StoredObject | undefined,
  input: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined },
): void {
  if (input.IfNoneMatch !== undefined) {
    if (input.IfNoneMatch !== '*')
      throw new ServiceError(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        { status: 501 },
      );
    if (current) throw preconditionFailed();
  }
  if (input.IfMatch === undefined) return;
  if (!current) throw noSuchKey();
  if (!etagMatches(current, input.IfMatch)) throw preconditionFailed();
}

/** A stretch of an object's bytes; `end` is the last one. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes that a `Range` header asks for; undefined if it does not mean bytes and is to be ignored.
 *
 * @throws InvalidRange if the object ends before it
 */
export function parseRange(range: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) throw invalidRange();
    return { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw invalidRange();
  return { start, end };
}

export function invalidRange(): ServiceError {
  return new ServiceError('InvalidRange', 'The requested range is not satisfiable', {
    status: 416,
  });
}

function etagMatches(object: StoredObject, header: string): boolean {
  const own = object.etag.replaceAll('"', '');
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((tag) => tag === '*' || tag === own);
}

/** HTTP dates have no milliseconds. */
function seconds(time: number): number {
  return Math.floor(time / 1000);
}
