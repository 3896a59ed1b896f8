import { isIP } from 'node:net';

/**
 * The few constructions of DER (ITU-T X.690) that certificates are made of. Each function returns
 * a whole encoded value.
 */
export const der = {
  sequence: (...items: readonly Buffer[]): Buffer => encode(0x30, Buffer.concat(items)),
  set: (...items: readonly Buffer[]): Buffer => encode(0x31, Buffer.concat(items)),
  boolean: (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0])),
  /** A non-negative number, most significant byte first. */
  integer: (bytes: Buffer): Buffer =>
    encode(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes),
  octets: (content: Buffer): Buffer => encode(0x04, content),
  /** @param unused - how many bits of the last byte do not count */
  bits: (content: Buffer, unused = 0): Buffer =>
    encode(0x03, Buffer.concat([Buffer.from([unused]), content])),
  text: (value: string): Buffer => encode(0x0c, Buffer.from(value)),
  /** @param dotted - such as `2.5.29.17` */
  objectIdentifier: (dotted: string): Buffer => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  /** As RFC 5280 wants it: with two digits for the year up to 2049, with four from then on. */
  time: (value: Date): Buffer => {
    const digits = value.toISOString().replace(/[-:T]|\.\d+/g, '');
    const short = value.getUTCFullYear() < 2050;
    return encode(short ? 0x17 : 0x18, Buffer.from(short ? digits.slice(2) : digits, 'latin1'));
  },
  /** A value with a tag of the context instead of its own. */
  tagged: (tag: number, content: Buffer, constructed: boolean): Buffer =>
    encode(0x80 | (constructed ? 0x20 : 0) | tag, content),
  /** A host as an alternative name: an address or a DNS name. */
  host: (name: string): Buffer =>
    isIP(name)
      ? der.tagged(7, addressBytes(name), false)
      : der.tagged(2, Buffer.from(name, 'latin1'), false),
} as const;

/** DER in the armour of RFC 7468. */
export function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const front = groups(head);
  const back = groups(tail ?? '');
  const middle = new Array<string>(8 - front.length - back.length).fill('0');
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...front, ...middle, ...back].entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  return bytes;
}
