import { createHash } from 'node:crypto';
import { invalidParameter } from './errors';
import {
  attributesSize,
  checkMessageAttributes,
  type GivenAttribute,
  type MessageAttributes,
} from './message-attributes';

/** A message of a Publish or PublishBatch call. */
export interface GivenMessage {
  readonly Message?: string | undefined;
  readonly Subject?: string | undefined;
  readonly MessageStructure?: string | undefined;
  readonly MessageAttributes?: Readonly<Record<string, GivenAttribute>> | undefined;
  readonly MessageDeduplicationId?: string | undefined;
  readonly MessageGroupId?: string | undefined;
}

/** A message that has passed all checks. */
export interface MessageContent {
  readonly subject: string | undefined;
  /** For every protocol that has no text of its own. */
  readonly text: string;
  /** Texts by protocol or push platform, of a message with `MessageStructure` `json`. */
  readonly texts: ReadonlyMap<string, string> | undefined;
  readonly attributes: MessageAttributes | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** Bytes of message and attributes. */
  readonly size: number;
}

/** A message that has been published to a topic. */
export interface PublishedMessage extends MessageContent {
  readonly id: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly publishedAt: number;
  /** On FIFO topics. */
  readonly sequenceNumber: string | undefined;
}

/** The most bytes of a message, unless its topic says otherwise: 256 KiB. */
export const defaultMaximumSize = 262_144;

/** Letters, digits and punctuation: all of ASCII from `!` to `~`. */
const identifier = /^[!-~]{1,128}$/;

/** Checks what a message is by itself; what its topic asks of it is checked there. */
export function checkMessage(
  given: GivenMessage,
  maximumSize: number,
  needsDefault = true,
): MessageContent {
  const { Message: body = '', Subject: subject, MessageStructure: structure } = given;
  if (subject !== undefined && !isSubject(subject)) throw invalidParameter('Subject');
  if (body === '') throw invalidParameter('Empty message');
  if (structure !== undefined && structure !== 'json' && structure !== '')
    throw invalidParameter('MessageStructure');
  const attributes = checkMessageAttributes(given.MessageAttributes);
  const size = Buffer.byteLength(body) + attributesSize(attributes);
  if (size > maximumSize) throw invalidParameter('Message too long');
  const texts = structure === 'json' ? readTexts(body, needsDefault) : undefined;
  return {
    subject,
    text: texts ? (texts.get('default') ?? '') : body,
    texts,
    attributes,
    groupId: given.MessageGroupId,
    deduplicationId: given.MessageDeduplicationId,
    size,
  };
}

/** What the subscribers of a protocol, or of a push platform, get. */
export function textFor(message: MessageContent, protocol: string): string {
  return message.texts?.get(protocol) ?? message.text;
}

/**
 * Checks a message's group and deduplication id against the kind of its topic, and makes a deduplication id
 * where the topic makes them of the content.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function deduplicationIdOf(
  message: MessageContent,
  body: string,
  fifo: boolean,
  contentBased: boolean,
): string | undefined {
  const { groupId, deduplicationId } = message;
  if (!fifo) {
    if (deduplicationId !== undefined) {
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    // On a standard topic a group is for fair queues.
    checkIdentifier('MessageGroupId', groupId);
    return undefined;
  }
  if (groupId === undefined || groupId === '') {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (deduplicationId === undefined && !contentBased) {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  checkIdentifier('MessageGroupId', groupId);
  checkIdentifier('MessageDeduplicationId', deduplicationId);
  return deduplicationId ?? createHash('sha256').update(body).digest('hex');
}

/** The `sequence`-th number of a FIFO topic: 20 digits, growing, with gaps. */
export function sequenceNumber(sequence: number): string {
  return (10_000_000_000_000_000_000n + BigInt(sequence) * 1000n).toString();
}

function checkIdentifier(parameter: string, value: string | undefined): void {
  if (value === undefined || identifier.test(value)) return;
  throw invalidParameter(
    `${parameter} Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
  );
}

/** No line breaks or control characters, and at most 100 characters. */
function isSubject(subject: string): boolean {
  return subject.length > 0 && subject.length <= 100 && !/\p{Cc}|\u2028|\u2029/u.test(subject);
}

/** Texts by protocol; values that are no text are passed over. */
function readTexts(body: string, needsDefault: boolean): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  const texts = new Map<string, string>();
  for (const [protocol, text] of Object.entries(value))
    if (typeof text === 'string') texts.set(protocol, text);
  if (needsDefault && !texts.has('default'))
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  return texts;
}
