/**
 * Orders keys by their UTF-8 bytes, as S3 lists them.
 *
 * JavaScript compares UTF-16 code units, which differs for characters beyond U+FFFF: their surrogates
 * come before U+E000 there and after it in UTF-8.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** A sorted copy, see {@link compareKeys}. */
export function sortKeys(keys: readonly string[]): string[] {
  return [...keys].sort(compareKeys);
}

/** The first position in sorted keys whose key is at or after `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  if (unit >= 0xd800) return unit + 0x2000;
  return unit;
}

/** A key as `EncodingType: url` shows it; undefined stays undefined. */
export function encodeKey<T extends string | undefined>(key: T, encoding: string | undefined): T {
  if (encoding !== 'url' || key === undefined) return key;
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+') as T;
}
