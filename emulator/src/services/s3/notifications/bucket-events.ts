import type { Caller, ServiceCaller } from '../../../iam/caller';
import { ServiceError } from '../../../protocol/errors';
import type { CallContext } from '../../../protocol/handlers';
import type { ServiceEnvironment } from '../../service';
import type { Bucket } from '../bucket';
import { bridgeEvent } from './bridge-event';
import { type BridgeEvent, destinationTypes, type EventDestinations } from './destinations';
import { type EventCause, eventMessage, type ObjectEvent } from './event-message';
import { concerns, type NotificationRule } from './notification-settings';
import { Sequencer } from './sequencer';

/** Tells the id (`AROA…`) of a role; undefined if there is none of that ARN. */
export type RoleIds = (roleArn: string) => string | undefined;

/** What is to be known of the call behind an event. */
export type EventCall = Pick<CallContext, 'account' | 'caller' | 'requestId'>;

/** A message on its way to one destination. */
interface EventDelivery {
  readonly rule: NotificationRule;
  readonly message: string;
  readonly caller: ServiceCaller;
  /** By which the journal knows the event. */
  readonly requestId: string;
  /** Emulated time of the event. */
  readonly happenedAt: number;
}

const firstRetry = 1_000;
const longestRetry = 5 * 60_000;
const longestTrying = 24 * 60 * 60_000;

/** S3, as it calls a destination on behalf of a bucket. */
export function serviceCaller(bucket: Bucket): ServiceCaller {
  return {
    kind: 'service',
    service: 's3.amazonaws.com',
    account: bucket.account,
    arn: 's3.amazonaws.com',
    sourceArn: bucket.arn,
  };
}

/**
 * Sends what happens in buckets to those who are to be told.
 *
 * Nobody waits for it: a delivery is a timer that is due at once, in the order of the events. One that
 * the destination throttles is tried again, after a second and then twice as long each time, up to five
 * minutes, for a day; any other failure loses the event. The journal knows each by the id of its request.
 */
export class BucketEvents {
  private readonly sequencer: Sequencer;

  constructor(
    private readonly env: ServiceEnvironment,
    private readonly destinations: EventDestinations,
    private readonly roleIds: RoleIds,
  ) {
    this.sequencer = new Sequencer(env.clock, env.random);
  }

  /** An event that a client's request has brought about. */
  publish(bucket: Bucket, event: ObjectEvent, context: EventCall): void {
    this.send(bucket, event, () => ({
      requestId: context.requestId,
      principalId: this.principalId(context.caller),
      requester: context.caller.kind === 'service' ? context.caller.service : context.account,
      // All clients are on this machine.
      sourceIpAddress: '127.0.0.1',
    }));
  }

  /** An event that S3 itself has brought about. */
  publishOwn(bucket: Bucket, event: ObjectEvent): void {
    this.send(bucket, event, () => ({
      requestId: this.env.random.stream(`s3/${bucket.name}/own-requests`).uuid(),
      principalId: 's3.amazonaws.com',
      requester: 's3.amazonaws.com',
      sourceIpAddress: 's3.amazonaws.com',
    }));
  }

  private send(bucket: Bucket, event: ObjectEvent, causeOf: () => EventCause): void {
    const { notifications } = bucket.settings;
    if (!notifications) return;
    const { name, key, versionId } = event;
    const rules = notifications.rules.filter((rule) => concerns(rule, name, key));
    const cause = causeOf();
    const { requestId } = cause;
    const told = rules.length > 0 || notifications.eventBridge;
    this.env.journal.record(told ? 'published' : 'filtered-out', requestId, bucket.arn, {
      event: name,
      key,
      ...(versionId !== undefined && { versionId }),
    });
    if (!told) return;
    const caller = serviceCaller(bucket);
    const happenedAt = this.env.clock.now();
    const at = { time: happenedAt, sequencer: this.sequencer.next(bucket) };
    for (const rule of rules) {
      const message = eventMessage(bucket, event, cause, at, rule.id);
      this.later(0, { rule, message, caller, requestId, happenedAt }, firstRetry);
    }
    if (notifications.eventBridge)
      this.tellEventBridge(bucket, bridgeEvent(bucket, event, cause, at), requestId);
  }

  /** Nothing keeps an event of a bucket from the default bus. */
  private tellEventBridge(bucket: Bucket, event: BridgeEvent, requestId: string): void {
    const { account, region } = bucket;
    this.env.clock.after(0, `event of ${bucket.arn}`, () => {
      const id = this.destinations.eventBridge.publish(event);
      const bus = `arn:aws:events:${region}:${account}:event-bus/default`;
      this.env.journal.record('delivered', requestId, bus, { as: id });
    });
  }

  private later(delay: number, delivery: EventDelivery, nextRetry: number): void {
    this.env.clock.after(delay, `event of ${delivery.caller.sourceArn}`, () =>
      this.deliver(delivery, nextRetry),
    );
  }

  private deliver(delivery: EventDelivery, nextRetry: number): void {
    const { rule, message, caller, requestId, happenedAt } = delivery;
    const { clock, journal } = this.env;
    const detail = { configurationId: rule.id };
    try {
      const id = destinationTypes[rule.kind].deliver(this.destinations, rule.arn, message, caller);
      journal.record('delivered', requestId, rule.arn, { ...detail, as: id ?? '' });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const again = isPassing(error) && clock.now() + nextRetry <= happenedAt + longestTrying;
      const reason = `${error.code}: ${error.message}`;
      journal.record(again ? 'throttled' : 'failed', requestId, rule.arn, { ...detail, reason });
      if (again) this.later(nextRetry, delivery, Math.min(longestRetry, nextRetry * 2));
    }
  }

  private principalId(caller: Caller): string {
    switch (caller.kind) {
      case 'developer':
        return `AWS:${caller.account}`;
      case 'role-session':
        return `AWS:${this.roleIds(caller.roleArn) ?? caller.roleArn}:${caller.sessionName}`;
      case 'service':
        return caller.service;
    }
  }
}

/** Whether a destination may well take later what it has just refused. */
function isPassing({ code, options }: ServiceError): boolean {
  return /throttl|TooManyRequests/i.test(code) || (options.status ?? 400) >= 500;
}
