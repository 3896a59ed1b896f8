import type { TimeToLiveStatus } from '@aws-sdk/client-dynamodb';
import type { Clock, Timer } from '../../clock/clock';
import type { Item, TableItems } from '../../engines/dynamodb';
import { validation } from './errors';

/** How often expired items are looked for, so that none outlives its time by more. AWS says "within a few days". */
const sweepInterval = 10 * 60_000;

/** Times further back than this are taken for mistakes, and the items stay. */
const oldest = 5 * 365 * 24 * 60 * 60;

/** How long AWS takes at most to turn it on or off; until then no further change is accepted. */
const changeTime = 60 * 60_000;

/**
 * Removes items whose time is up: a number attribute holds it, in seconds since the epoch.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export class TimeToLive {
  private attribute: string | undefined;
  private enabled = false;
  private changedAt = Number.NEGATIVE_INFINITY;
  private sweep: Timer | undefined;

  constructor(
    private readonly tableName: string,
    private readonly clock: Clock,
    private readonly items: TableItems,
  ) {}

  /** What DescribeTimeToLive says. */
  describe(): { TimeToLiveStatus: TimeToLiveStatus; AttributeName?: string } {
    const changing = this.clock.now() < this.changedAt + changeTime;
    if (this.enabled)
      return {
        TimeToLiveStatus: changing ? 'ENABLING' : 'ENABLED',
        AttributeName: this.attribute,
      };
    return changing
      ? { TimeToLiveStatus: 'DISABLING', AttributeName: this.attribute }
      : { TimeToLiveStatus: 'DISABLED' };
  }

  /** @throws ServiceError ValidationException if it is that way already, or was changed within the hour. */
  change(attribute: string, enabled: boolean): void {
    if (enabled === this.enabled && enabled)
      throw validation(
        this.attribute === attribute
          ? 'TimeToLive is already enabled'
          : `TimeToLive is active on a different AttributeName: current AttributeName is ${this.attribute}`,
      );
    if (enabled === this.enabled) throw validation('TimeToLive is already disabled');
    if (this.clock.now() < this.changedAt + changeTime)
      throw validation('Time to live has been modified multiple times within a fixed interval');
    if (!enabled && attribute !== this.attribute)
      throw validation(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${this.attribute}`,
      );
    this.set(attribute, enabled);
    this.changedAt = this.clock.now();
  }

  /** Turns it on or off as a template does, whose deployment takes no emulated time. */
  set(attribute: string | undefined, enabled: boolean): void {
    this.attribute = attribute ?? this.attribute;
    this.enabled = enabled;
    this.changedAt = Number.NEGATIVE_INFINITY;
    this.stop();
    if (enabled) for (const item of this.items.all()) this.watch(item);
  }

  /** Sees to it that an item that has been written goes when its time is up. */
  watch(item: Item | undefined): void {
    const expiry = this.expiryOf(item);
    if (expiry === undefined) return;
    const due = Math.max(this.nextSweep(expiry), this.nextSweep(this.clock.now() + 1));
    if (this.sweep && this.sweep.due <= due) return;
    this.sweep?.cancel();
    this.sweep = this.clock.at(due, `time to live of table ${this.tableName}`, () =>
      this.removeExpired(),
    );
  }

  stop(): void {
    this.sweep?.cancel();
    this.sweep = undefined;
  }

  private removeExpired(): void {
    this.sweep = undefined;
    for (const item of this.items.all()) {
      const expiry = this.expiryOf(item);
      if (expiry !== undefined && expiry <= this.clock.now()) this.items.remove(item);
      else this.watch(item);
    }
  }

  /** In milliseconds since the epoch; undefined for an item that stays. */
  private expiryOf(item: Item | undefined): number | undefined {
    const text = this.enabled && this.attribute !== undefined && item?.[this.attribute]?.N;
    if (typeof text !== 'string') return undefined;
    const seconds = Number(text);
    return seconds * 1000 < this.clock.now() - oldest * 1000 ? undefined : seconds * 1000;
  }

  private nextSweep(time: number): number {
    return Math.ceil(time / sweepInterval) * sweepInterval;
  }
}
