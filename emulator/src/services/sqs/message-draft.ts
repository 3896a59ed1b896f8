import {
  invalidMessageContents,
  invalidParameterValue,
  invalidValue,
  missingParameter,
  notForThisQueueType,
} from './errors';
import type { MessageDetails, MessageDraft } from './message';
import {
  attributesSize,
  checkMessageAttributes,
  checkSystemAttributes,
  type GivenAttribute,
  md5OfAttributes,
} from './message-attributes';
import { bodySize, contentOf, type DeferredBody } from './message-content';
import { isText } from './message-text';
import type { Queue } from './queue';

/** One message of a SendMessage or SendMessageBatch call. */
export interface GivenMessage {
  readonly MessageBody: string | DeferredBody;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, GivenAttribute>>;
  readonly MessageSystemAttributes?: Readonly<Record<string, GivenAttribute>>;
  readonly MessageDeduplicationId?: string;
  readonly MessageGroupId?: string;
}

/** A message that has passed all checks, with the digests that the answer carries. */
export interface CheckedMessage {
  readonly draft: MessageDraft;
  readonly md5OfSystemAttributes?: string;
}

/** Letters, digits and punctuation: all of ASCII from `!` to `~`. */
const identifier = /^[!-~]{1,128}$/;

/**
 * Checks a message against its queue.
 *
 * @throws MissingParameter, InvalidParameterValue, InvalidMessageContents or UnsupportedOperation.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function checkMessage(queue: Queue, given: GivenMessage, senderId: string): CheckedMessage {
  const { MessageBody: body } = given;
  if (body === '') throw missingParameter('MessageBody');
  if (typeof body === 'string' && !isText(body)) throw invalidMessageContents();
  checkDelay(queue, given.DelaySeconds);
  checkIdentifiers(queue, given);
  const attributes = checkMessageAttributes(given.MessageAttributes);
  const systemAttributes = checkSystemAttributes(given.MessageSystemAttributes);
  const size = bodySize(body) + attributesSize(attributes);
  const maximum = queue.attributes.maximumMessageSize;
  if (size > maximum) {
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximum} bytes.`,
    );
  }
  const { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = given;
  const traceHeader = systemAttributes?.AWSTraceHeader?.StringValue;
  const plain =
    attributes === undefined &&
    traceHeader === undefined &&
    groupId === undefined &&
    deduplicationId === undefined;
  const details: MessageDetails | undefined = plain
    ? undefined
    : {
        attributes,
        md5OfAttributes: md5OfAttributes(attributes),
        traceHeader,
        groupId,
        deduplicationId,
      };
  return {
    draft: {
      content: contentOf(body),
      senderId,
      size,
      delaySeconds: queue.fifo ? undefined : given.DelaySeconds,
      details,
    },
    md5OfSystemAttributes: md5OfAttributes(systemAttributes),
  };
}

/** Bytes that a message counts for in a batch. */
export function messageSize(given: GivenMessage): number {
  return bodySize(given.MessageBody) + attributesSize(given.MessageAttributes);
}

/** Checks what a FIFO queue needs of each message: a group, and a deduplication id unless it makes its own. */
export function checkFifoParameters(queue: Queue, given: GivenMessage, inBatch: boolean): void {
  if (!queue.fifo) return;
  if (given.MessageGroupId === undefined) {
    const missing = missingParameter('MessageGroupId');
    // A batch names it by another code: a quirk of the service that recorded answers show.
    throw inBatch ? invalidParameterValue(missing.message) : missing;
  }
  if (given.MessageDeduplicationId === undefined && !queue.attributes.contentBasedDeduplication) {
    throw invalidParameterValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
}

function checkDelay(queue: Queue, delay: number | undefined): void {
  if (delay === undefined) return;
  if (!Number.isInteger(delay) || delay < 0 || delay > 900) {
    throw invalidValue(delay, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  }
  // A FIFO queue's delay is the queue's.
  if (queue.fifo && delay > 0) throw notForThisQueueType(delay, 'DelaySeconds');
}

function checkIdentifiers(queue: Queue, given: GivenMessage): void {
  const { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = given;
  // On a standard queue a group id makes it a fair queue; a deduplication id means nothing there.
  if (!queue.fifo && deduplicationId !== undefined) {
    throw notForThisQueueType(deduplicationId, 'MessageDeduplicationId');
  }
  checkIdentifier('MessageGroupId', groupId);
  checkIdentifier('MessageDeduplicationId', deduplicationId);
}

function checkIdentifier(parameter: string, value: string | undefined): void {
  if (value === undefined || identifier.test(value)) return;
  throw invalidValue(
    value,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}
