import { validationError } from './errors';

const mostTags = 50;

/**
 * Adds tags: at most 50 in all, keys of 1 to 128 and values of up to 256 characters.
 *
 * @throws ServiceError ValidationError
 */
export function addTags(
  tags: Map<string, string>,
  given: readonly { readonly Key: string; readonly Value: string }[],
): void {
  for (const { Key, Value } of given) {
    if (Key.length < 1 || Key.length > 128 || /^aws:/i.test(Key))
      throw validationError(
        `Invalid tag key ${Key}: 1 to 128 characters that do not start with aws:.`,
      );
    if (Value.length > 256) throw validationError(`Invalid tag value of ${Key}: too long.`);
  }
  if (new Set([...tags.keys(), ...given.map(({ Key }) => Key)]).size > mostTags)
    throw validationError(`A resource can have up to ${mostTags} tags.`);
  for (const { Key, Value } of given) tags.set(Key, Value);
}
