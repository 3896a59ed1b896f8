import { invalidAddress, invalidParameterValue } from './errors';

/** Where a queue lives. */
export interface QueueAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

const standardName = /^[A-Za-z0-9_-]{1,80}$/;
const fifoName = /^(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo$/;

/**
 * Checks the name of a new queue: 1 to 80 letters, digits, hyphens and underscores, and the suffix
 * `.fifo` (which counts) exactly on FIFO queues.
 */
export function checkQueueName(name: string, fifo: boolean): void {
  if (name === '') throw invalidParameterValue('Queue name cannot be empty');
  if (fifo && !fifoName.test(name)) {
    throw invalidParameterValue(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  }
  if (!fifo && !standardName.test(name)) {
    throw invalidParameterValue(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

/** `arn:aws:sqs:<region>:<account>:<name>` */
export function queueArn(address: QueueAddress): string {
  return `arn:aws:sqs:${address.region}:${address.account}:${address.name}`;
}

/** ARNs that were taken apart last: a fan-out names the same queues again and again. */
const parsed = new Map<string, QueueAddress>();
const parsedKept = 10_000;

/** The parts of a queue's ARN; undefined if it is not one. */
export function parseQueueArn(arn: string): QueueAddress | undefined {
  const known = parsed.get(arn);
  if (known) return known;
  const address = readQueueArn(arn);
  if (address) {
    if (parsed.size >= parsedKept) parsed.clear();
    parsed.set(arn, address);
  }
  return address;
}

function readQueueArn(arn: string): QueueAddress | undefined {
  const match = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):(\d{12}):([A-Za-z0-9_.-]+)$/.exec(arn);
  const [, region, account, name] = match ?? [];
  return region && account && name ? { region, account, name } : undefined;
}

/** A queue's URL as seen by a caller that reached us at `origin`. */
export function queueUrl(origin: string, address: QueueAddress): string {
  return `${origin}/${address.account}/${address.name}`;
}

/**
 * The queue that a URL names by its path, whatever scheme, host and port it has: URLs outlive ports.
 *
 * A host such as `sqs.eu-west-1.amazonaws.com` says the region; otherwise it is the caller's.
 */
export function parseQueueUrl(url: string, callerRegion: string): QueueAddress {
  const match = /^(?:https?:\/\/([^/]+))?\/(\d{12})\/([^/?#]+)$/.exec(url);
  const [, host = '', account, name] = match ?? [];
  if (!account || !name) throw invalidAddress(url);
  const [, region = callerRegion] = /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(host) ?? [];
  return { account, region, name };
}
