/** What a sequence number is made of. */
export interface SequenceNumberParts {
  /** When the shard came into being: seconds since the epoch. */
  readonly shardCreated: number;
  readonly shardIndex: number;
  /** The position in the shard, from 1; 0 stands for its beginning. */
  readonly position: bigint;
}

/** The position of a shard's end. */
const lastPosition = 0x7fff_ffff_ffff_ffffn;

/**
 * The sequence numbers of a shard: 56 digits, growing with every record.
 *
 * AWS documents no more than that. The parts and their places are those that can be seen in numbers of real streams (a version, the
 * shard's creation, the position, the time in seconds, the shard, the version again), so that clients which take them apart can.
 */
export class SequenceNumbers {
  private readonly prefix: bigint;
  private readonly suffix: bigint;

  /** @param created - seconds since the epoch */
  constructor(
    readonly shardIndex: number,
    readonly created: number,
  ) {
    const head = (((2n << 36n) | BigInt(created)) << 4n) | BigInt(shardIndex & 15);
    this.prefix = head << 144n;
    this.suffix = (BigInt(shardIndex) << 4n) | 2n;
  }

  /** @param time - emulated milliseconds since the epoch */
  at(position: number, time: number): string {
    return this.compose(BigInt(position), time);
  }

  get first(): string {
    return this.compose(0n, this.created * 1000);
  }

  /** The end of a shard that was closed at that time. */
  last(time: number): string {
    return this.compose(lastPosition, time);
  }

  private compose(position: bigint, time: number): string {
    const seconds = BigInt(Math.floor(time / 1000));
    return String(this.prefix | (position << 80n) | (seconds << 36n) | this.suffix);
  }
}

/** Takes a sequence number apart; undefined for a number that is none. */
export function parseSequenceNumber(text: string): SequenceNumberParts | undefined {
  if (!/^(0|[1-9]\d{0,128})$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value >> 184n !== 2n || (value & 15n) !== 2n) return undefined;
  const position = (value >> 80n) & 0xffff_ffff_ffff_ffffn;
  if (position > lastPosition) return undefined;
  return {
    shardCreated: Number((value >> 148n) & 0xf_ffff_ffffn),
    shardIndex: Number((value >> 4n) & 0xffff_ffffn),
    position,
  };
}
