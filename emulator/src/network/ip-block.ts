/** A block of IPv4 or IPv6 addresses, in its canonical form: no bit of the address is set beyond the prefix. */
export class IpBlock {
  private constructor(
    /** Bits of an address: 32 or 128. */
    readonly width: 32 | 128,
    /** Its first address. */
    readonly first: bigint,
    /** Bits that all its addresses share. */
    readonly prefix: number,
  ) {}

  /**
   * Reads CIDR notation. Bits of the address beyond the prefix are dropped: `10.0.0.5/24` is `10.0.0.0/24`.
   *
   * @returns undefined for a text that is no block
   */
  static parse(text: string): IpBlock | undefined {
    const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
    const width = address.includes(':') ? 128 : 32;
    const prefix = Number(digits);
    const start = width === 32 ? parseIpv4(address) : parseIpv6(address);
    if (start === undefined || prefix > width) return undefined;
    return IpBlock.at(width, start, prefix);
  }

  /** The block of that prefix that an address is in. */
  static at(width: 32 | 128, address: bigint, prefix: number): IpBlock {
    const size = 1n << BigInt(width - prefix);
    return new IpBlock(width, (address / size) * size, prefix);
  }

  get isIpv6(): boolean {
    return this.width === 128;
  }

  /** How many addresses it has. */
  get size(): bigint {
    return 1n << BigInt(this.width - this.prefix);
  }

  contains(other: IpBlock): boolean {
    return (
      other.width === this.width &&
      other.prefix >= this.prefix &&
      IpBlock.at(this.width, other.first, this.prefix).first === this.first
    );
  }

  overlaps(other: IpBlock): boolean {
    return this.contains(other) || other.contains(this);
  }

  /** The address at a distance from the first. */
  address(offset: number | bigint): string {
    const value = this.first + BigInt(offset);
    return this.width === 32 ? formatIpv4(value) : formatIpv6(value);
  }

  toString(): string {
    return `${this.address(0)}/${this.prefix}`;
  }
}

function parseIpv4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (
    octets.length !== 4 ||
    octets.some((octet) => !/^\d{1,3}$/.test(octet) || Number(octet) > 255)
  )
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
