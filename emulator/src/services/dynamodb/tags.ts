import { invalidParameter } from './errors';

/** Tags that a table may have. */
const mostTags = 50;

/**
 * Tags as a map.
 *
 * @throws ServiceError ValidationException if there are too many, or two of one key.
 */
export function checkTags(
  tags: readonly { readonly Key?: string; readonly Value?: string }[],
): Map<string, string> {
  const map = new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value] as const));
  if (map.size < tags.length) throw invalidParameter('Duplicate tag keys');
  requireFewTags(map);
  return map;
}

/** @throws ServiceError ValidationException */
export function requireFewTags(tags: ReadonlyMap<string, string>): void {
  if (tags.size > mostTags)
    throw invalidParameter(`Too many tags: at most ${mostTags} are allowed`);
}
