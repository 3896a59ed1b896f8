import type { Clock } from '../../clock/clock';
import type { Bucket } from './bucket';
import type { Buckets } from './buckets';
import { applyLifecycle, nextMidnight } from './lifecycle';
import type { BucketEvents } from './notifications/bucket-events';
import { tellsOfExpiry } from './notifications/notification-settings';

/**
 * Decides when lifecycle rules act: when somebody looks at a bucket and, where somebody is told of what
 * they expire, at every midnight.
 */
export class LifecycleRunner {
  private readonly scheduled = new WeakSet<Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly buckets: Buckets,
    private readonly events: BucketEvents,
  ) {}

  /** Does what is due. */
  apply(bucket: Bucket): void {
    applyLifecycle(bucket, this.clock.now(), (event) => this.events.publishOwn(bucket, event));
  }

  /** To be called when a bucket has got other rules, or other notifications. */
  schedule(bucket: Bucket): void {
    const { lifecycle, notifications } = bucket.settings;
    if (!lifecycle || !tellsOfExpiry(notifications) || this.scheduled.has(bucket)) return;
    this.scheduled.add(bucket);
    const midnight = nextMidnight(this.clock.now());
    this.clock.at(midnight, `lifecycle of ${bucket.arn}`, () => {
      this.scheduled.delete(bucket);
      if (this.buckets.find(bucket.name) !== bucket) return;
      this.apply(bucket);
      this.schedule(bucket);
    });
  }
}
