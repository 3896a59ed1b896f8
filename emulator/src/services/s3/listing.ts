import { compareKeys, lowerBound } from './key-order';

/** Which part of a bucket's keys a listing is about. */
export interface ListingRequest {
  readonly prefix: string;
  /** Rolls all keys that have it after the prefix into one common prefix. */
  readonly delimiter: string | undefined;
  readonly maxKeys: number;
  /** Entries, common prefixes included, up to and including this one are left out. */
  readonly afterEntry?: string | undefined;
  /** Keys up to and including this one are left out. */
  readonly afterKey?: string | undefined;
}

/** A page of a listing. */
export interface Listing {
  readonly keys: string[];
  readonly commonPrefixes: string[];
  /** The last key or common prefix of a page that is not the last one. */
  readonly nextEntry: string | undefined;
}

/**
 * One page of keys and common prefixes, in the order of their UTF-8 bytes.
 *
 * @param sortedKeys - in that order
 */
export function listKeys(sortedKeys: readonly string[], request: ListingRequest): Listing {
  const { prefix, delimiter, maxKeys, afterEntry, afterKey } = request;
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let lastEntry: string | undefined;
  for (let index = lowerBound(sortedKeys, prefix); index < sortedKeys.length; index++) {
    const key = sortedKeys[index] ?? '';
    if (!key.startsWith(prefix)) break;
    if (afterKey !== undefined && compareKeys(key, afterKey) <= 0) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const entry = end === -1 ? key : key.slice(0, end + (delimiter ?? '').length);
    if (entry === lastEntry) continue;
    if (afterEntry !== undefined && compareKeys(entry, afterEntry) <= 0) continue;
    if (keys.length + commonPrefixes.length >= maxKeys)
      return { keys, commonPrefixes, nextEntry: maxKeys === 0 ? undefined : lastEntry };
    if (end === -1) keys.push(key);
    else commonPrefixes.push(entry);
    lastEntry = entry;
  }
  return { keys, commonPrefixes, nextEntry: undefined };
}
