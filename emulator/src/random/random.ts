/** A stream of pseudo-random numbers that is the same for the same seed. */
export interface RandomStream {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  /** `length` characters out of `alphabet`. */
  characters(length: number, alphabet: string): string;
  /** A version 4 UUID. */
  uuid(): string;
}

/**
 * Gives every user of randomness a stream of its own, named after the resource it is for, so that
 * an unrelated call elsewhere does not shift its numbers.
 */
export interface RandomSource {
  readonly seed: number;
  /** The stream of that name: the same object each time. */
  stream(name: string): RandomStream;
}

/** Letters and digits as AWS uses them in generated names. */
export const upperAlphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Makes the source of all randomness of an emulator. */
export function randomSource(seed: number): RandomSource {
  const streams = new Map<string, RandomStream>();
  return {
    seed,
    stream(name) {
      let stream = streams.get(name);
      if (!stream) {
        stream = new Sfc32Stream(seed, name);
        streams.set(name, stream);
      }
      return stream;
    },
  };
}

/** The sfc32 generator, seeded by an FNV-1a hash of seed and name. */
class Sfc32Stream implements RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, name: string) {
    this.a = fnv1a(`${seed}/${name}/a`);
    this.b = fnv1a(`${seed}/${name}/b`);
    this.c = fnv1a(`${seed}/${name}/c`);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  next(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  hex(length: number): string {
    const bytes = Buffer.allocUnsafe(Math.ceil(length / 8) * 4);
    for (let i = 0; i < bytes.length; i += 4) bytes.writeUInt32BE(this.uint32(), i);
    return bytes.toString('hex').slice(0, length);
  }

  characters(length: number, alphabet: string): string {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[this.integer(alphabet.length)];
    return text;
  }

  uuid(): string {
    const digits = this.hex(32);
    const variant = '89ab'[this.integer(4)];
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  private uint32(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
