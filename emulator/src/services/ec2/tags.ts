import { ServiceError } from '../../protocol/errors';
import { invalidValue } from './errors';

/** Tags as a response lists them. */
export function tagList(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** As some descriptions have it: no list rather than an empty one. */
export function tagsIfAny(tags: ReadonlyMap<string, string>) {
  return tags.size === 0 ? undefined : tagList(tags);
}

/** The tags of a resource that AWS has not set itself. */
export function ownTags({
  tags,
}: {
  readonly tags: ReadonlyMap<string, string>;
}): Map<string, string> {
  return new Map([...tags].filter(([key]) => !key.startsWith('aws:')));
}

/** What a call asks to be tagged on creation. */
export interface TagSpecification {
  readonly ResourceType?: string | undefined;
  readonly Tags?:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
}

/**
 * The tags of a resource that a call creates.
 *
 * @param resourceType - of what is created
 * @throws ServiceError for a specification of another type, and for tags that {@link checkTags} refuses.
 */
export function tagsOf(
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { ResourceType: type, Tags: list = [] } of specifications ?? []) {
    if (type !== resourceType)
      throw invalidValue(
        `'${type ?? ''}' is not a valid taggable resource type for this operation.`,
      );
    for (const { Key: key = '', Value: value = '' } of list) tags.set(key, value);
  }
  checkTags(tags);
  return tags;
}

/**
 * Limits of tags that callers set: 50 a resource, keys to 128 characters, values to 256; `aws:` is for AWS.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
 * @throws ServiceError
 */
export function checkTags(tags: ReadonlyMap<string, string>): void {
  for (const [key, value] of tags) {
    if (key === '') throw new ServiceError('MissingParameter', 'Tag key cannot be empty.');
    if (/^aws:/i.test(key))
      throw invalidValue(`Tag keys starting with 'aws:' are reserved for internal use`);
    if (key.length > 128)
      throw invalidValue(`Tag key exceeds the maximum length of 128 characters: ${key}`);
    if (value.length > 256)
      throw invalidValue(`Tag value exceeds the maximum length of 256 characters: ${value}`);
  }
  if ([...tags.keys()].length > 50)
    throw new ServiceError(
      'TagLimitExceeded',
      'The maximum number of Tags for a resource has been reached.',
    );
}
