import { ServiceError } from '../../protocol/errors';
import { invalidArgument } from './errors';

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/**
 * Checks tags as PutBucketTagging (50) and PutObjectTagging (10) do.
 *
 * @throws InvalidTag, BadRequest above the limit
 */
export function checkTags(tags: readonly Tag[], limit: number): Map<string, string> {
  const checked = new Map<string, string>();
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (key.length < 1 || key.length > 128)
      throw invalidTag('The TagKey you have provided is invalid');
    if (value.length > 256) throw invalidTag('The TagValue you have provided is invalid');
    if (/^aws:/i.test(key)) throw invalidTag('System tags cannot be added/updated by requester');
    if (checked.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key');
    checked.set(key, value);
  }
  if (checked.size > limit)
    throw new ServiceError(
      'BadRequest',
      limit === 10
        ? 'Object tags cannot be greater than 10'
        : 'Bucket tag count cannot be greater than 50',
      { status: 400 },
    );
  return checked;
}

/** Tags of an object as the `x-amz-tagging` header has them, in the form of a query string. */
export function tagsOfHeader(header: string | undefined): Map<string, string> {
  if (header === undefined || header === '') return new Map();
  let parameters: URLSearchParams;
  try {
    parameters = new URLSearchParams(header);
  } catch {
    throw invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8");
  }
  const tags = [...parameters].map(([Key, Value]) => ({ Key, Value }));
  return checkTags(tags, 10);
}

/** Tags in the API's list form. */
export function tagSet(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function invalidTag(message: string): ServiceError {
  return new ServiceError('InvalidTag', message, { status: 400 });
}
