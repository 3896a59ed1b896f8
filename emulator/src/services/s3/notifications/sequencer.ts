import type { Clock } from '../../../clock/clock';
import type { RandomSource } from '../../../random/random';
import type { Bucket } from '../bucket';

/**
 * Numbers the events of a bucket: 18 hexadecimal digits, of which a later event of the same key has greater ones.
 *
 * As on S3 they begin with the time, so that they grow over the deletion of a bucket, too.
 */
export class Sequencer {
  private readonly latest = new WeakMap<Bucket, bigint>();

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  next(bucket: Bucket): string {
    const now = this.clock.now();
    const fraction = Math.floor(((now % 1000) / 1000) * 2 ** 32);
    const byTime = (BigInt(Math.floor(now / 1000)) << 32n) + BigInt(fraction);
    const latest = this.latest.get(bucket) ?? 0n;
    const above = byTime > latest ? byTime : latest;
    const random = this.random.stream(`s3/${bucket.name}/sequencers`);
    const sequencer = above + 1n + BigInt(random.integer(1000));
    this.latest.set(bucket, sequencer);
    return sequencer.toString(16).toUpperCase().padStart(18, '0');
  }
}
