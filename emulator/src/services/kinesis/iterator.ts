import { createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../../protocol/errors';
import { invalidArgument } from './errors';

/** Milliseconds for which an iterator can be used. */
const lifetime = 300_000;
const signatureLength = 16;

/** Where in a shard somebody reads. */
export interface ShardPosition {
  readonly streamArn: string;
  /** When the stream was made: one of the same name that came later is another. */
  readonly streamCreated: number;
  readonly shardIndex: number;
  /** Of the record to be read next. */
  readonly position: number;
}

/** Makes shard iterators, which are opaque to clients, and takes them back. */
export class ShardIterators {
  /** @param secret - tells iterators of this emulator from all others */
  constructor(private readonly secret: string) {}

  make(at: ShardPosition, now: number): string {
    const text = [now, at.streamArn, at.streamCreated, at.shardIndex, at.position].join('|');
    const content = Buffer.from(text);
    return Buffer.concat([this.sign(content), content]).toString('base64');
  }

  /** @throws ServiceError InvalidArgumentException, ExpiredIteratorException */
  read(iterator: string, now: number): ShardPosition {
    const bytes = Buffer.from(iterator, 'base64');
    const content = bytes.subarray(signatureLength);
    const signature = bytes.subarray(0, signatureLength);
    if (
      signature.length < signatureLength ||
      bytes.toString('base64') !== iterator ||
      !timingSafeEqual(signature, this.sign(content))
    )
      throw invalidArgument('Invalid ShardIterator.');
    const [made, streamArn = '', streamCreated, shardIndex, position] = content
      .toString('utf8')
      .split('|');
    if (now - Number(made) > lifetime)
      throw new ServiceError(
        'ExpiredIteratorException',
        `Iterator expired. The iterator was created at time ${utc(Number(made))} while right now it is ${utc(now)} which is further in the future than the tolerated delay of ${lifetime} milliseconds.`,
      );
    return {
      streamArn,
      streamCreated: Number(streamCreated),
      shardIndex: Number(shardIndex),
      position: Number(position),
    };
  }

  private sign(content: Uint8Array): Uint8Array {
    const digest = createHmac('sha256', this.secret).update(content).digest();
    return digest.subarray(0, signatureLength);
  }
}

/** Such as `Thu Jan 22 01:22:02 UTC 2015`. */
function utc(time: number): string {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${(weekday ?? '').replace(',', '')} ${month} ${day} ${clock} UTC ${year}`;
}
