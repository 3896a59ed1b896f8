import type { Message } from 'rhea';

/** A message of ActiveMQ as a client of JMS sees it, apart from its body. */
export interface JmsMessage {
  readonly messageId: string;
  readonly kind: 'bytes' | 'text';
  readonly data: Uint8Array;
  readonly durable: boolean;
  readonly priority: number;
  readonly replyTo: string | undefined;
  readonly type: string | undefined;
  readonly correlationId: string | undefined;
  /** Milliseconds since the epoch, of the real clock that brokers and their clients have; 0 for never. */
  readonly expiration: number;
  /** When it was sent; 0 if it does not say. */
  readonly timestamp: number;
  /** When it was delivered. */
  readonly delivered: number;
  readonly properties: Readonly<Record<string, string>>;
}

/** JMS's priority of a message that has none. */
const defaultPriority = 4;

/**
 * Reads a message of AMQP 1.0 as JMS does: a text is a TextMessage, binary data a BytesMessage.
 *
 * @see https://activemq.apache.org/components/classic/documentation/amqp
 * @param delivered - real milliseconds since the epoch
 * @param fallbackId - of a message whose sender gave it none
 * @returns undefined for a message of any other kind, such as a map
 */
export function jmsMessage(
  message: Message,
  delivered: number,
  fallbackId: string,
): JmsMessage | undefined {
  const body = bodyOf(message.body);
  if (!body) return undefined;
  const timestamp = milliseconds(message.creation_time);
  return {
    ...body,
    messageId: textOf(message.message_id) ?? fallbackId,
    durable: message.durable === true,
    priority: message.priority ?? defaultPriority,
    replyTo: textOf(message.reply_to),
    type: textOf(message.subject),
    correlationId: textOf(message.correlation_id),
    expiration:
      milliseconds(message.absolute_expiry_time) ||
      (message.ttl ? (timestamp || delivered) + message.ttl : 0),
    timestamp,
    delivered,
    properties: propertiesOf(message),
  };
}

/**
 * A message as a record of the event that a function receives, as JSON.
 *
 * The example in AWS's documentation has `correlationId` and an expiration that is text. Events that people have logged, and AWS's own
 * types for Java and Go, have `correlationID`, numbers, and `"null"` for no address to reply to.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 *
 * @param redelivered - whether it was delivered, or tried, before
 */
export function jmsRecord(message: JmsMessage, queue: string, redelivered: boolean): string {
  return JSON.stringify({
    messageID: message.messageId,
    messageType: message.kind === 'text' ? 'jms/text-message' : 'jms/bytes-message',
    timestamp: message.timestamp,
    deliveryMode: message.durable ? 2 : 1,
    correlationID: message.correlationId ?? null,
    replyTo: message.replyTo ?? 'null',
    destination: { physicalName: queue },
    redelivered,
    type: message.type ?? null,
    expiration: message.expiration,
    priority: message.priority,
    data: Buffer.from(message.data).toString('base64'),
    // AMQP does not tell when the broker got it.
    brokerInTime: message.timestamp || message.delivered,
    brokerOutTime: message.delivered,
    properties: message.properties,
  });
}

function bodyOf(body: unknown): Pick<JmsMessage, 'data' | 'kind'> | undefined {
  if (typeof body === 'string') return { kind: 'text', data: Buffer.from(body) };
  if (Buffer.isBuffer(body)) return { kind: 'bytes', data: body };
  // rhea's form of a body that is a data section.
  if (typeof body !== 'object' || body === null || !('content' in body)) return undefined;
  const { content } = body;
  if (Buffer.isBuffer(content)) return { kind: 'bytes', data: content };
  if (Array.isArray(content) && content.every((part) => Buffer.isBuffer(part)))
    return { kind: 'bytes', data: Buffer.concat(content) };
  return undefined;
}

/** All values are text, also numbers and truths. */
function propertiesOf(message: Message): Record<string, string> {
  const own = Object.entries(message.application_properties ?? {});
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
    ...(message.group_id && { JMSXGroupID: message.group_id }),
    ...(message.group_id && { JMSXGroupSeq: String(message.group_sequence ?? 0) }),
  };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

function milliseconds(time: Date | number | undefined): number {
  return time === undefined || time === null ? 0 : Number(time);
}
