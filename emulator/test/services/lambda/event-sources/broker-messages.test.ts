import type { MessageProperties } from 'amqplib';
import { message as amqp, type Message } from 'rhea';
import {
  eventOf,
  fitting,
} from '../../../../src/services/lambda/event-sources/brokers/broker-event';
import {
  jmsMessage,
  jmsRecord,
} from '../../../../src/services/lambda/event-sources/brokers/jms-message';
import { rabbitMqRecord } from '../../../../src/services/lambda/event-sources/brokers/rabbitmq-message';

const delivered = Date.UTC(2026, 0, 1);

/** What a function gets of a message of AMQP 1.0; undefined if it gets none. */
function jms(message: Message, redelivered = false) {
  const read = jmsMessage(message, delivered, 'ID:mapping-1');
  return read && JSON.parse(jmsRecord(read, 'orders', redelivered));
}

/** What a function gets of a message of RabbitMQ. */
function rabbit(properties: Partial<MessageProperties>) {
  const content = Buffer.from('parcel');
  return JSON.parse(rabbitMqRecord({ content, fields: { redelivered: true }, properties }));
}

describe('a message of ActiveMQ', () => {
  test('has the times that it was sent and expires at', () => {
    const sent = new Date(delivered - 5000);
    expect(jms({ body: 'text', creation_time: sent, ttl: 60_000 })).toMatchObject({
      timestamp: delivered - 5000,
      expiration: delivered + 55_000,
      brokerInTime: delivered - 5000,
      brokerOutTime: delivered,
    });
    const expiry = new Date(delivered + 1000);
    expect(jms({ body: 'text', absolute_expiry_time: expiry }).expiration).toBe(delivered + 1000);
  });

  test('without an id has one of the mapping, and says that it was delivered before', () => {
    expect(jms({ body: 'text' }, true)).toMatchObject({
      messageID: 'ID:mapping-1',
      redelivered: true,
    });
  });

  test('of a message group names it as JMS does', () => {
    expect(jms({ body: 'text', group_id: 'EU', group_sequence: 3 }).properties).toEqual({
      JMSXGroupID: 'EU',
      JMSXGroupSeq: '3',
    });
  });

  test.each([
    ['a data section', amqp.data_section(Buffer.from([1]))],
    ['several', amqp.data_sections([Buffer.from([1]), Buffer.from([2])])],
    ['a binary value', Buffer.from([1])],
  ])('with %s is bytes', (_, body) => {
    expect(jms({ body }).messageType).toBe('jms/bytes-message');
  });

  test.each([
    ['a map', { order: 1 }],
    ['a list', [1, 2]],
    ['nothing', null],
  ])('with %s is none that Lambda takes', (_, body) => expect(jms({ body })).toBeUndefined());
});

describe('a message of RabbitMQ', () => {
  test('has null for what it does not have, also for headers', () => {
    const { basicProperties, redelivered } = rabbit({ headers: {}, deliveryMode: 2 });
    expect(basicProperties).toMatchObject({ headers: null, deliveryMode: 2, priority: null });
    expect(basicProperties.bodySize).toBe(6);
    expect(redelivered).toBe(true);
  });

  test('has the bytes of texts in its headers as Java has them, also further down', () => {
    const headers = { name: 'é', route: [{ queue: 'a', count: 2 }], yes: true };
    expect(rabbit({ headers }).basicProperties.headers).toEqual({
      name: { bytes: [-61, -87] },
      route: [{ queue: { bytes: [97] }, count: 2 }],
      yes: true,
    });
  });

  test('has its time as Java writes it', () => {
    const { timestamp } = rabbit({
      timestamp: Date.UTC(2026, 10, 27, 15, 4, 5) / 1000,
    }).basicProperties;
    expect(timestamp).toBe('Nov 27, 2026, 3:04:05 PM');
  });
});

test('an event takes as many messages as 6 MB have room for', () => {
  const frame = { engine: 'RABBITMQ', sourceArn: 'arn', queue: 'a', virtualHost: '/' } as const;
  const size = 2 * 1024 * 1024;
  const text = 'x'.repeat(size);
  const message = { id: '1', data: Buffer.alloc(0), size, text: () => text };
  expect(fitting(frame, [message, message, message], 3)).toBe(2);
  expect(fitting(frame, [message, message, message], 1)).toBe(1);
  expect(eventOf(frame, ['1', '2'])).toBe(
    '{"eventSource":"aws:rmq","eventSourceArn":"arn","rmqMessagesByQueue":{"a::/":[1,2]}}',
  );
});
