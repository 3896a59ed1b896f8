import type { Clock } from '../../clock/clock';
import { callOverHttp, HttpCallError } from '../../network/http-call';
import { isLoopback } from '../../network/loopback';
import type { Channel, Delivery, Outcome } from './delivery';
import { effectivePolicy, scheduleOf } from './delivery-policy';
import type { Outbox } from './outbox';
import type { Subscription } from './subscription';

/** What deliveries over HTTP need. */
export interface HttpChannelOptions {
  readonly clock: Clock;
  /** Takes what is for other machines. */
  readonly outbox: Outbox;
  /** PEM of the local certificate authority, which endpoints may use as well as the public ones. */
  readonly certificateAuthority: () => Promise<string>;
}

/** An endpoint has so long to answer. https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html */
const patience = 15_000;

/** No retry later than an hour after the first attempt, whatever the policy says. */
const longestTrying = 3_600_000;

/**
 * HTTP and HTTPS endpoints on this machine, with the retries and the throttle of their delivery policy. An
 * endpoint elsewhere is never called: what is for it goes to the outbox.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
export class HttpChannel implements Channel {
  readonly longestTrying = longestTrying;
  readonly countsAttempts = true;
  /** When a throttled subscription may get its next message. */
  private readonly free = new WeakMap<Subscription, number>();

  constructor(private readonly options: HttpChannelOptions) {}

  readonly retries = (subscription: Subscription) => scheduleOf(policyOf(subscription).retry);

  deliver(delivery: Delivery): Outcome | (() => Promise<Outcome>) {
    const { subscription, document } = delivery;
    const url = new URL(subscription.endpoint);
    const body = bodyOf(delivery);
    if (!isLoopback(url.hostname)) {
      const { protocol, endpoint, topic } = subscription;
      this.options.outbox.add({
        protocol: protocol === 'https' ? 'https' : 'http',
        address: endpoint,
        subject: document.content.subject,
        body,
        time: this.options.clock.now(),
        messageId: document.content.id,
        topicArn: topic.arn,
      });
      return { kind: 'delivered' };
    }
    return async () => {
      if (delivery.notification) await this.turn(subscription);
      return this.post(url, headersOf(delivery), body);
    };
  }

  /** Waits until the throttle of the delivery policy lets another message through. */
  private async turn(subscription: Subscription): Promise<void> {
    const { maxReceivesPerSecond } = policyOf(subscription);
    if (maxReceivesPerSecond === undefined) return;
    const { clock } = this.options;
    const now = clock.now();
    const start = Math.max(now, this.free.get(subscription) ?? now);
    this.free.set(subscription, start + 1000 / maxReceivesPerSecond);
    if (start > now)
      await clock.park(() => clock.sleep(start - now, `throttle of ${subscription.arn}`));
  }

  private async post(url: URL, headers: Record<string, string>, body: string): Promise<Outcome> {
    try {
      const { status } = await callOverHttp(
        { method: 'POST', url, headers, body },
        { ...this.options, patience },
      );
      return outcomeOf(status);
    } catch (error) {
      if (!(error instanceof HttpCallError)) throw error;
      return { kind: 'failed', reason: error.message, passing: true };
    }
  }
}

/** 429 and 5xx may pass; other answers than 2xx will stay what they are. */
function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', as: String(status) };
  const passing = status === 429 || status >= 500;
  return { kind: 'failed', reason: `HTTP status ${status}`, passing };
}

function policyOf({ topic, attributes }: Subscription) {
  return effectivePolicy(topic.attributes.deliveryPolicy, attributes.deliveryPolicy);
}

function bodyOf({ subscription, notification, document }: Delivery): string {
  return notification && subscription.attributes.rawDelivery
    ? notification.textFor(subscription)
    : document.text(subscription.arn);
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html#http-header */
function headersOf(delivery: Delivery): Record<string, string> {
  const { subscription, notification, document } = delivery;
  const { content } = document;
  const body = bodyOf(delivery);
  return {
    'x-amz-sns-message-type': content.type,
    'x-amz-sns-message-id': content.id,
    'x-amz-sns-topic-arn': content.topicArn,
    ...(content.type !== 'SubscriptionConfirmation' && {
      'x-amz-sns-subscription-arn': subscription.arn,
    }),
    ...(notification && subscription.attributes.rawDelivery && { 'x-amz-sns-rawdelivery': 'true' }),
    'Content-Length': String(Buffer.byteLength(body)),
    'Content-Type': notification ? policyOf(subscription).contentType : 'text/plain; charset=UTF-8',
    'User-Agent': 'Amazon Simple Notification Service Agent',
    'Accept-Encoding': 'gzip,deflate',
  };
}
