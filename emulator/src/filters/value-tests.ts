import { BlockList, isIP } from 'node:net';
import type { Scalar } from './event-fields';

/** Whether a value is what one element of a pattern's list asks for. */
export type ValueTest = (value: Scalar) => boolean;

/** A bound of a numeric range. */
export interface Bound {
  readonly value: number;
  /** Whether the bound itself is outside. */
  readonly open: boolean;
}

/** A test of strings; no other value passes. */
export function ofText(matches: (value: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && matches(value);
}

/** Numbers between two bounds. */
export function ofRange(bottom: Bound | undefined, top: Bound | undefined): ValueTest {
  return (value) => {
    if (typeof value !== 'number') return false;
    if (bottom && (bottom.open ? value <= bottom.value : value < bottom.value)) return false;
    return !top || !(top.open ? value >= top.value : value > top.value);
  };
}

/**
 * Addresses within a block, such as `10.0.0.0/24` or `2001:db8::/32`.
 *
 * @throws RangeError in the words of AWS if it is none.
 */
export function ofBlock(block: string): ValueTest {
  const parts = block.split('/');
  const [address = '', mask = ''] = parts;
  if (parts.length !== 2) throw new RangeError("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask))
    throw new RangeError('Malformed CIDR, mask bits must be an integer');
  const bits = Number(mask);
  if (bits < 0) throw new RangeError('Malformed CIDR, mask bits must not be negative');
  const family = isIP(address);
  if (family === 0) throw new RangeError(`Nonstandard IP address: ${address}`);
  const most = family === 4 ? 31 : 127;
  if (bits > most) throw new RangeError(`IPv${family} mask bits must be < ${most + 1}`);
  const blocks = new BlockList();
  blocks.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return ofText((value) => {
    const kind = isIP(value);
    return kind !== 0 && blocks.check(value, kind === 4 ? 'ipv4' : 'ipv6');
  });
}

/**
 * Text with `*` for any characters, none included; `\*` and `\\` stand for themselves.
 *
 * @throws RangeError in the words of AWS for two `*` in a row or another use of `\`.
 */
export function ofWildcard(pattern: string): ValueTest {
  const [first = '', ...others] = literals(pattern);
  const last = others.pop();
  if (last === undefined) return ofText((value) => value === first);
  return ofText((value) => {
    if (value.length < first.length + last.length) return false;
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    const end = value.length - last.length;
    let position = first.length;
    for (const literal of others) {
      const found = value.indexOf(literal, position);
      if (found < 0 || found + literal.length > end) return false;
      position = found + literal.length;
    }
    return true;
  });
}

/** What stands between the stars of a wildcard pattern. */
function literals(pattern: string): string[] {
  const found = [''];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index];
    const next = pattern[index + 1];
    if (character === '*') {
      if (next === '*') throw new RangeError(`Consecutive wildcard characters at pos ${index + 1}`);
      found.push('');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\')
        throw new RangeError(`Invalid escape character at pos ${index + 1}`);
      found.push((found.pop() ?? '') + next);
      index += 1;
    } else {
      found.push((found.pop() ?? '') + (character ?? ''));
    }
  }
  return found;
}
