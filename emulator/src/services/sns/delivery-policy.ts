import { invalidParameter } from './errors';
import type { BackoffFunction, RetrySchedule } from './retry-schedule';

/** Retries as a delivery policy has them, delays in seconds. */
interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numMaxDelayRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly backoffFunction: BackoffFunction;
}

/** What is said of deliveries to HTTP endpoints, by a topic or a subscription. */
export interface DeliveryPolicy {
  readonly retry?: RetryPolicy | undefined;
  /** Deliveries a second to one subscription. */
  readonly maxReceivesPerSecond?: number | undefined;
  readonly contentType?: string | undefined;
  /** On a topic: whether what its subscriptions say does not count. */
  readonly disableSubscriptionOverrides: boolean;
}

const defaultRetry: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

const defaultContentType = 'text/plain; charset=UTF-8';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html#creating-delivery-policy */
const contentTypes = new Set([
  'application/json',
  'application/octet-stream',
  'application/soap+xml',
  'application/vnd.aws.sns+json',
  'application/x-www-form-urlencoded',
  'application/xml',
  'text/css',
  'text/csv',
  'text/html',
  'text/plain',
  'text/xml',
]);

const backoffFunctions: readonly string[] = ['arithmetic', 'exponential', 'geometric', 'linear'];

/** Names of the parts of a policy: a topic's are inside `http` and begin with `default`. */
const topicNames = {
  retry: 'defaultHealthyRetryPolicy',
  throttle: 'defaultThrottlePolicy',
  request: 'defaultRequestPolicy',
};
const subscriptionNames = {
  retry: 'healthyRetryPolicy',
  throttle: 'throttlePolicy',
  request: 'requestPolicy',
};

/** Reads the DeliveryPolicy of a topic. @throws InvalidParameter */
export function parseTopicDeliveryPolicy(text: string): DeliveryPolicy {
  const document = parseObject(text);
  allow(document, ['http'], '');
  const http = member(document, 'http', 'http');
  if (!http) return { disableSubscriptionOverrides: false };
  allow(http, [...Object.values(topicNames), 'disableSubscriptionOverrides'], 'http.');
  const { disableSubscriptionOverrides = false } = http;
  if (typeof disableSubscriptionOverrides !== 'boolean')
    throw problem('http.disableSubscriptionOverrides must be a boolean');
  return { ...readParts(http, topicNames, 'http.'), disableSubscriptionOverrides };
}

/** Reads the DeliveryPolicy of a subscription. @throws InvalidParameter */
export function parseSubscriptionDeliveryPolicy(text: string): DeliveryPolicy {
  const document = parseObject(text);
  allow(document, [...Object.values(subscriptionNames), 'sicklyRetryPolicy', 'guaranteed'], '');
  return { ...readParts(document, subscriptionNames, ''), disableSubscriptionOverrides: false };
}

/** What holds for a subscription: its own policy, then its topic's, then AWS's. */
export function effectivePolicy(
  topic: DeliveryPolicy | undefined,
  subscription: DeliveryPolicy | undefined,
): Required<Pick<DeliveryPolicy, 'contentType'>> & {
  readonly retry: RetryPolicy;
  readonly contentType: string;
  readonly maxReceivesPerSecond: number | undefined;
} {
  const own = topic?.disableSubscriptionOverrides ? undefined : subscription;
  return {
    retry: own?.retry ?? topic?.retry ?? defaultRetry,
    maxReceivesPerSecond: own?.maxReceivesPerSecond ?? topic?.maxReceivesPerSecond,
    contentType: own?.contentType ?? topic?.contentType ?? defaultContentType,
  };
}

/** A topic's EffectiveDeliveryPolicy. */
export function effectiveTopicPolicy(topic: DeliveryPolicy | undefined): string {
  const { retry, contentType, maxReceivesPerSecond } = effectivePolicy(topic, undefined);
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: retry,
      disableSubscriptionOverrides: topic?.disableSubscriptionOverrides ?? false,
      ...(maxReceivesPerSecond !== undefined && {
        defaultThrottlePolicy: { maxReceivesPerSecond },
      }),
      defaultRequestPolicy: { headerContentType: contentType },
    },
  });
}

/** The EffectiveDeliveryPolicy of a subscription over HTTP. */
export function effectiveSubscriptionPolicy(
  topic: DeliveryPolicy | undefined,
  subscription: DeliveryPolicy | undefined,
): string {
  const { retry, contentType, maxReceivesPerSecond } = effectivePolicy(topic, subscription);
  return JSON.stringify({
    healthyRetryPolicy: retry,
    sicklyRetryPolicy: null,
    throttlePolicy: maxReceivesPerSecond === undefined ? null : { maxReceivesPerSecond },
    requestPolicy: { headerContentType: contentType },
    guaranteed: false,
  });
}

/** When deliveries are repeated under a policy. */
export function scheduleOf(retry: RetryPolicy): RetrySchedule {
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = retry;
  return {
    noDelay: numNoDelayRetries,
    minDelay: numMinDelayRetries,
    backoff: numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries,
    maxDelay: numMaxDelayRetries,
    shortest: retry.minDelayTarget * 1000,
    longest: retry.maxDelayTarget * 1000,
    growth: retry.backoffFunction,
  };
}

type Json = Readonly<Record<string, unknown>>;

function readParts(
  policy: Json,
  names: typeof topicNames,
  prefix: string,
): Omit<DeliveryPolicy, 'disableSubscriptionOverrides'> {
  const throttle = member(policy, names.throttle, prefix + names.throttle);
  const request = member(policy, names.request, prefix + names.request);
  if (throttle) allow(throttle, ['maxReceivesPerSecond'], `${prefix}${names.throttle}.`);
  if (request) allow(request, ['headerContentType'], `${prefix}${names.request}.`);
  return {
    retry: readRetry(member(policy, names.retry, prefix + names.retry), prefix + names.retry),
    maxReceivesPerSecond: throttle
      ? integer(throttle, 'maxReceivesPerSecond', `${prefix}${names.throttle}`, 1)
      : undefined,
    contentType: request ? readContentType(request, prefix + names.request) : undefined,
  };
}

function readRetry(policy: Json | undefined, path: string): RetryPolicy | undefined {
  if (!policy) return undefined;
  allow(policy, Object.keys(defaultRetry), `${path}.`);
  const read = (name: keyof typeof defaultRetry, minimum: number, maximum?: number) =>
    integer(policy, name, path, minimum, maximum);
  const { backoffFunction: given = defaultRetry.backoffFunction } = policy;
  // The CDK writes them in capitals.
  const backoffFunction = String(given).toLowerCase();
  if (!isBackoffFunction(backoffFunction))
    throw problem(`${path}.backoffFunction must be one of: ${backoffFunctions.join(', ')}`);
  const minDelayTarget = read('minDelayTarget', 1, 3600) ?? defaultRetry.minDelayTarget;
  const maxDelayTarget = read('maxDelayTarget', 1, 3600) ?? defaultRetry.maxDelayTarget;
  if (maxDelayTarget < minDelayTarget)
    throw problem(`${path}.maxDelayTarget must be greater than or equal to minDelayTarget`);
  const retry: RetryPolicy = {
    minDelayTarget,
    maxDelayTarget,
    numRetries: read('numRetries', 0, 100) ?? defaultRetry.numRetries,
    numMaxDelayRetries: read('numMaxDelayRetries', 0) ?? 0,
    numNoDelayRetries: read('numNoDelayRetries', 0) ?? 0,
    numMinDelayRetries: read('numMinDelayRetries', 0) ?? 0,
    backoffFunction,
  };
  if (scheduleOf(retry).backoff < 0)
    throw problem(
      `${path}.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries`,
    );
  return retry;
}

function readContentType(request: Json, path: string): string | undefined {
  const { headerContentType } = request;
  if (headerContentType === undefined) return undefined;
  const [type = ''] = String(headerContentType).split(';');
  if (typeof headerContentType !== 'string' || !contentTypes.has(type.trim().toLowerCase()))
    throw problem(`${path}.headerContentType is not supported: ${String(headerContentType)}`);
  return headerContentType;
}

function integer(
  policy: Json,
  name: string,
  path: string,
  minimum: number,
  maximum = Number.POSITIVE_INFINITY,
): number | undefined {
  const value = policy[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw problem(`${path}.${name} must be an integer`);
  if (value < minimum) throw problem(`${path}.${name} must be greater than or equal to ${minimum}`);
  if (value > maximum) throw problem(`${path}.${name} must be less than or equal to ${maximum}`);
  return value;
}

function member(policy: Json, name: string, path: string): Json | undefined {
  const value = policy[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw problem(`${path} must be a JSON object`);
  return value;
}

function allow(policy: Json, names: readonly string[], prefix: string): void {
  const stray = Object.keys(policy).find((name) => !names.includes(name));
  if (stray !== undefined) throw problem(`Unexpected JSON member: ${prefix}${stray}`);
}

function parseObject(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw problem('failed to parse JSON.');
  }
  if (!isObject(value)) throw problem('failed to parse JSON.');
  return value;
}

function problem(reason: string) {
  return invalidParameter(`DeliveryPolicy: ${reason}`);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBackoffFunction(value: string): value is BackoffFunction {
  return backoffFunctions.includes(value);
}
