import { templateError } from './template-errors';

/**
 * What `Fn::Cidr` returns: the first `count` (1 to 256) blocks of `2^bits` addresses in an IPv4 or IPv6 block.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
 */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address = '', prefixText = ''] = block.split('/');
  const width = address.includes(':') ? 128 : 32;
  const prefix = Number(prefixText);
  const start = width === 32 ? parseIpv4(address) : parseIpv6(address);
  if (start === undefined || prefixText === '' || !(prefix >= 0 && prefix <= width)) {
    throw templateError(`Fn::Cidr contains invalid CIDR block ${block}`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw templateError(`Fn::Cidr count must be between 1 and 256, got ${count}`);
  }
  const size = 1n << BigInt(bits);
  const total = 1n << BigInt(width - prefix);
  const base = (start / total) * total;
  if (!Number.isInteger(bits) || bits < 1 || BigInt(count) * size > total) {
    throw templateError(`Fn::Cidr cannot take ${count} blocks with ${bits} bits out of ${block}`);
  }
  return Array.from({ length: count }, (_, index) => {
    const value = base + BigInt(index) * size;
    return `${width === 32 ? formatIpv4(value) : formatIpv6(value)}/${width - bits}`;
  });
}

function parseIpv4(text: string): bigint | undefined {
  const octets = text.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255)))
    return undefined;
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail] = text.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
