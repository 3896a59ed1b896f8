import { invalid, limitExceeded } from './errors';

/** A tag as EventBridge's API has it. */
export interface GivenTag {
  readonly Key: string;
  readonly Value: string;
}

const mostTags = 50;

/**
 * Adds tags: at most 50 in all, keys of 1 to 128 and values of up to 256 characters.
 *
 * @throws ValidationException, LimitExceededException
 */
export function addTags(tags: Map<string, string>, given: readonly GivenTag[]): void {
  for (const { Key, Value } of given) {
    if (Key.length < 1 || Key.length > 128 || /^aws:/i.test(Key))
      throw invalid(`Invalid tag key: ${Key}`);
    if (Value.length > 256) throw invalid(`Invalid value of tag ${Key}`);
  }
  const keys = [...tags.keys(), ...given.map(({ Key }) => Key)];
  if (new Set(keys).size > mostTags) throw limitExceeded();
  for (const { Key, Value } of given) tags.set(Key, Value);
}

/** Tags as EventBridge's API has them. */
export function listTags(tags: ReadonlyMap<string, string>): GivenTag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** Tags of a template in the API's form. */
export function tagsOf(tags: Readonly<Record<string, string>>): GivenTag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
