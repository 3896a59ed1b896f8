import type { BrokerMessage } from './consumer';

/** Bytes of an event: a synchronous invocation's limit. */
const eventLimit = 6 * 1024 * 1024;

/** What frames the messages of an event. */
export interface EventFrame {
  readonly engine: 'ACTIVEMQ' | 'RABBITMQ';
  readonly sourceArn: string;
  readonly queue: string;
  readonly virtualHost: string;
}

/**
 * The event that a function receives, as JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 */
export function eventOf(
  { engine, queue, sourceArn, virtualHost }: EventFrame,
  records: readonly string[],
): string {
  const list = `[${records.join(',')}]`;
  const arn = JSON.stringify(sourceArn);
  return engine === 'ACTIVEMQ'
    ? `{"eventSource":"aws:mq","eventSourceArn":${arn},"messages":${list}}`
    : `{"eventSource":"aws:rmq","eventSourceArn":${arn},"rmqMessagesByQueue":{${JSON.stringify(`${queue}::${virtualHost}`)}:${list}}}`;
}

/** Whether a message is no larger than an event may be. */
export function fitsAlone(frame: EventFrame, message: BrokerMessage): boolean {
  return fitting(frame, [message], 1) === 1;
}

/** How many of some messages, and no more than `most`, fit into one event. */
export function fitting(
  frame: EventFrame,
  messages: readonly BrokerMessage[],
  most: number,
): number {
  let bytes = Buffer.byteLength(eventOf(frame, []));
  let count = 0;
  for (const message of messages) {
    if (count === most) break;
    bytes += message.size + (count > 0 ? 1 : 0);
    if (bytes > eventLimit) break;
    count++;
  }
  return count;
}
