import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { Column } from 'cdk-decouple';
import { Shop, type ShopOptions } from './shop';

let shop: Shop;
afterEach(() => shop.close());

const open = async (options: ShopOptions): Promise<void> => {
  shop = await Shop.open(options);
};

/** Wider than any floating-point number. */
const DIGITS = '123456789012345678901234567890.12345';

describe('every kind of column', () => {
  beforeEach(() =>
    open({
      table:
        'id uuid PRIMARY KEY, body jsonb, tenant text, sent timestamptz, total numeric, tags text[], lines json, paid boolean, note text, "select ""x""" text',
      sink: {
        columns: {
          id: Column.messageId(),
          body: Column.body(),
          tenant: Column.messageAttribute('tenant'),
          sent: Column.sentTimestamp(),
          total: '$.total',
          tags: '$.tags',
          lines: '$.lines',
          paid: '$.paid',
          note: Column.optionalPath('$.note'),
          'select "x"': "$['strange key']",
        },
        conflictKey: 'id',
      },
    }),
  );

  const body = (strange: string, tags = '"{a,b}"') =>
    `{"total": ${DIGITS}, "tags": ${tags}, "lines": [{"n": 1.50}], "paid": true, "strange key": ${JSON.stringify(strange)}}`;

  test('arrives as it was sent', async () => {
    await shop.aws.clock.advance(1_234);
    const sentAt = shop.aws.clock.now();
    const { MessageId } = await shop.sqs.send(
      new SendMessageCommand({
        QueueUrl: shop.queueUrl(),
        MessageBody: body("'); DROP TABLE orders; --"),
        MessageAttributes: { tenant: { DataType: 'String', StringValue: 'Köln' } },
      }),
    );
    await shop.drain();

    const rows = await shop.postgres.query(
      `SELECT id, body->>'total' AS body_total, tenant, sent, total::text, tags, lines::text, paid, note, "select ""x""" AS strange FROM orders`,
    );
    expect(rows).toEqual([
      {
        id: MessageId,
        body_total: DIGITS,
        tenant: 'Köln',
        sent: new Date(sentAt),
        total: DIGITS,
        tags: ['a', 'b'],
        lines: '[{"n": 1.50}]',
        paid: true,
        note: null,
        strange: "'); DROP TABLE orders; --",
      },
    ]);
  });

  test('what PostgreSQL cannot hold is dead-lettered, and the rest of the batch written', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const bodies = {
      good: body('x'),
      'a zero byte': body('\u0000'),
      'no array': body('x', '["a"]'),
      'nested too deep': body('x').replace('"paid"', `"deep": ${deep}, "paid"`),
    };
    await shop.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: shop.queueUrl(),
        Entries: [
          ...Object.values(bodies).map((MessageBody, i) => ({ Id: String(i), MessageBody })),
          {
            Id: 'binary',
            MessageBody: body('y'),
            MessageAttributes: {
              tenant: { DataType: 'Binary', BinaryValue: Uint8Array.from([1]) },
            },
          },
        ],
      }),
    );
    await shop.aws.clock.settle();

    expect(await shop.depth()).toBe(0);
    expect(await shop.store.rowCount()).toBe(1);
    const letters = await shop.receiveAll(shop.deadLetterQueueUrl());
    expect(letters.map((letter) => letter.MessageAttributes?.FailureReason?.StringValue)).toEqual(
      Array(4).fill('InvalidValue'),
    );
  });
});

test('a message without a conflict key is dead-lettered, not written twice', async () => {
  await open({ table: 'order_id text UNIQUE, position int, amount numeric' });
  await shop.sendBodies(['{"orderId": null, "position": 1, "amount": 1}']);
  await shop.aws.clock.settle();

  expect(await shop.store.rowCount()).toBe(0);
  const [letter] = await shop.receiveAll(shop.deadLetterQueueUrl());
  expect(letter?.MessageAttributes?.ErrorMessage?.StringValue).toBe(
    'the conflict key has no value: order_id',
  );
});

test('a statement of one’s own is run for each message, in their order', async () => {
  await open({
    fifo: true,
    table: 'sku text PRIMARY KEY, level int NOT NULL, changes int NOT NULL DEFAULT 1',
    sink: {
      table: undefined,
      columns: undefined,
      conflictKey: undefined,
      statement: `INSERT INTO orders AS o (sku, level) VALUES (:sku, :level::int)
        ON CONFLICT (sku) DO UPDATE SET level = excluded.level, changes = o.changes + 1 -- :last wins`,
      parameters: { level: '$.level', sku: '$.sku' },
    },
  });
  await shop.sendBodies([
    '{"sku": "a", "level": 3}',
    '{"sku": "b", "level": 7}',
    '{"sku": "a", "level": "many"}',
    '{"sku": "a", "level": 5}',
  ]);
  await shop.drain();

  expect(await shop.postgres.query('SELECT * FROM orders ORDER BY sku')).toEqual([
    { sku: 'a', level: 5, changes: 2 },
    { sku: 'b', level: 7, changes: 1 },
  ]);
  expect(await shop.depth(shop.deadLetterQueueUrl())).toBe(1);
});
