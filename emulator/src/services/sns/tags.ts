import { ServiceError } from '../../protocol/errors';
import { invalidParameter } from './errors';

/** A tag as SNS's API has it. */
export interface GivenTag {
  readonly Key: string;
  readonly Value: string;
}

const mostTags = 50;

/**
 * Adds tags: at most 50 in all, keys of 1 to 128 and values of up to 256 characters.
 *
 * @throws InvalidParameter, TagLimitExceeded
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
 */
export function addTags(tags: Map<string, string>, given: readonly GivenTag[]): void {
  const keys = new Set(given.map(({ Key }) => Key));
  if (keys.size < given.length) throw invalidParameter('Duplicated keys are not allowed.');
  for (const { Key, Value } of given) {
    if (Key.length < 1 || Key.length > 128 || /^aws:/i.test(Key)) throw invalidParameter('Tags');
    if (Value.length > 256) throw invalidParameter('Tags');
  }
  if (new Set([...tags.keys(), ...keys]).size > mostTags)
    throw new ServiceError(
      'TagLimitExceededException',
      'Could not complete request: tag quota of per resource exceeded',
    );
  for (const { Key, Value } of given) tags.set(Key, Value);
}

/** Tags as SNS's API has them. */
export function listTags(tags: ReadonlyMap<string, string>): GivenTag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
