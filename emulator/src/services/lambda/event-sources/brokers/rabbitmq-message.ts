import type { MessageProperties } from 'amqplib';

/** A message of RabbitMQ as amqplib has it. */
export interface RabbitMqMessage {
  readonly content: Buffer;
  readonly fields: { readonly redelivered: boolean };
  readonly properties: Partial<MessageProperties>;
}

/**
 * A message of RabbitMQ as a record of the event that a function receives, as JSON: what Lambda's client for Java makes of it. A text in a header
 * is the list of its bytes, which are signed.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 */
export function rabbitMqRecord({ content, fields, properties }: RabbitMqMessage): string {
  const { headers = {} } = properties;
  return JSON.stringify({
    basicProperties: {
      contentType: properties.contentType ?? null,
      contentEncoding: properties.contentEncoding ?? null,
      headers: Object.keys(headers).length > 0 ? headerValue(headers) : null,
      deliveryMode: properties.deliveryMode ?? null,
      priority: properties.priority ?? null,
      correlationId: properties.correlationId ?? null,
      replyTo: properties.replyTo ?? null,
      expiration: properties.expiration ?? null,
      messageId: properties.messageId ?? null,
      timestamp: properties.timestamp === undefined ? null : javaDate(properties.timestamp),
      type: properties.type ?? null,
      userId: properties.userId ?? null,
      appId: properties.appId ?? null,
      clusterId: properties.clusterId ?? null,
      bodySize: content.length,
    },
    redelivered: fields.redelivered,
    data: content.toString('base64'),
  });
}

function headerValue(value: unknown): unknown {
  if (typeof value === 'string') return { bytes: signedBytes(Buffer.from(value)) };
  if (Buffer.isBuffer(value)) return signedBytes(value);
  if (Array.isArray(value)) return value.map(headerValue);
  if (typeof value !== 'object' || value === null) return value;
  // amqplib's form of a value with a type of its own.
  if ('!' in value && 'value' in value)
    return value['!'] === 'timestamp' ? javaDate(Number(value.value)) : value.value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, headerValue(one)]));
}

function signedBytes(bytes: Buffer): number[] {
  return [...new Int8Array(bytes)];
}

/**
 * A time as Java writes one: `Jan 1, 1970, 12:33:41 AM`.
 *
 * @param seconds - since the epoch
 */
function javaDate(seconds: number): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  })
    .format(seconds * 1000)
    .replaceAll('\u202f', ' ');
}
