import { createHash } from 'node:crypto';

/** The hash keys that a shard is responsible for, both ends included. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** One more than the largest hash key: they are the values of MD5. */
export const hashKeySpace = 1n << 128n;

/** The hash key of a partition key: MD5 of its UTF-8 text, as a number. */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

/** Where the ranges begin that divide all hash keys evenly. */
export function evenStarts(count: number): bigint[] {
  return Array.from(
    { length: count },
    (_, index) => (hashKeySpace / BigInt(count)) * BigInt(index),
  );
}

/** Ranges that divide all hash keys evenly, in order. */
export function evenRanges(count: number): HashKeyRange[] {
  const starts = evenStarts(count);
  return starts.map((start, index) => ({
    start,
    end: (starts[index + 1] ?? hashKeySpace) - 1n,
  }));
}

/** The one of some ranges that a hash key is in. @param shards - in order, without gaps */
export function shardFor<T extends { readonly range: HashKeyRange }>(
  shards: readonly T[],
  hashKey: bigint,
): T | undefined {
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const shard = shards[middle];
    if (shard && shard.range.start <= hashKey) low = middle;
    else high = middle - 1;
  }
  return shards[low];
}
