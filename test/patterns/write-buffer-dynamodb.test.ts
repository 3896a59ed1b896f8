import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  type ITable,
  Table,
  TableEncryption,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Attribute } from 'cdk-decouple';
import { everyRunAlike } from './every-run-alike';
import { Shop, type ShopOptions, testOrders } from './shop';

const key = { name: 'order_id', type: AttributeType.STRING };
const removalPolicy = RemovalPolicy.DESTROY;

let shop: Shop | undefined;
afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

const open = async (options: ShopOptions): Promise<Shop> => {
  shop = await Shop.open({ ...options, store: 'dynamodb' });
  return shop;
};

everyRunAlike(
  'a table that throttles for ten minutes gets every order when it has recovered',
  { store: 'dynamodb' },
  async (throttled) => {
    await throttled.store.stop();
    await throttled.sendOrders(testOrders(100));
    await throttled.aws.clock.advance(Duration.minutes(10));
    expect(await throttled.store.rowCount()).toBe(0);
    await throttled.store.start();
    await throttled.drain();
    expect(await throttled.store.rowCount()).toBe(100);
    expect(await throttled.depth(throttled.deadLetterQueueUrl())).toBe(0);
  },
);

test('a table that throttles half of the calls gets every order all the same', async () => {
  const half = await open({});
  const end = half.aws.faults.throttleTable({ operations: ['PutItem'], probability: 0.5 });
  await half.sendOrders(testOrders(100));
  await half.aws.clock.advance(Duration.minutes(10));
  end();
  await half.drain();
  expect(await half.store.rowCount()).toBe(100);
  expect(await half.depth(half.deadLetterQueueUrl())).toBe(0);
});

test.each<[string, (stack: Stack) => ITable]>([
  ['a table', (stack) => new Table(stack, 'Table', { partitionKey: key, removalPolicy })],
  [
    'a table of version 2',
    (stack) => new TableV2(stack, 'Table', { partitionKey: key, removalPolicy }),
  ],
  [
    'a table with a key of its own',
    (stack) =>
      new Table(stack, 'Table', {
        partitionKey: key,
        removalPolicy,
        encryption: TableEncryption.CUSTOMER_MANAGED,
      }),
  ],
  [
    'a table that is imported',
    (stack) =>
      TableV2.fromTableAttributes(stack, 'Imported', {
        tableName: new Table(stack, 'Theirs', { partitionKey: key, removalPolicy }).tableName,
      }),
  ],
])('orders are written to %s', async (_name, make) => {
  const one = await open({
    items: (stack) => ({ table: make(stack), partitionKey: 'order_id' }),
  });
  // The first batch has each of its orders twice.
  await one.sendOrders([...testOrders(5), ...testOrders(25)]);
  await one.drain();

  expect(await one.store.rowCount()).toBe(25);
  expect(await one.depth(one.deadLetterQueueUrl())).toBe(0);
});

/** More than any floating-point number holds. */
const DIGITS = '12345678901234567890.12345';

test('every kind of attribute arrives as it was sent', async () => {
  const values = await open({
    items: (stack) => ({
      table: new TableV2(stack, 'Values', {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        sortKey: { name: 'total', type: AttributeType.NUMBER },
        timeToLiveAttribute: 'expires',
        removalPolicy,
      }),
      attributes: {
        id: Attribute.messageId(),
        total: '$.total',
        body: Attribute.path('$'),
        text: Attribute.body(),
        tenant: Attribute.messageAttribute('tenant'),
        sent: Attribute.sentTimestamp(),
        expires: Attribute.expiresAfter(Duration.days(1)),
        quoted: Attribute.number('$.quoted'),
        paid: Attribute.boolean('$.paid'),
        image: Attribute.binary('$.image'),
        note: Attribute.string(Attribute.optionalPath('$.note')),
        'strange name': "$['strange key']",
      },
    }),
  });
  const { aws, dynamoDb } = values;
  await aws.clock.advance(1_234);
  const sentAt = aws.clock.now();
  const body = `{"total": ${DIGITS}, "quoted": "0.10", "paid": true, "image": "AP8H", "strange key": [null]}`;
  const { MessageId } = await values.sqs.send(
    new SendMessageCommand({
      QueueUrl: values.queueUrl(),
      MessageBody: body,
      MessageAttributes: { tenant: { DataType: 'String', StringValue: 'Köln' } },
    }),
  );
  await values.drain();

  expect(await dynamoDb.items()).toEqual([
    {
      id: { S: MessageId },
      total: { N: DIGITS },
      body: {
        M: {
          total: { N: DIGITS },
          quoted: { S: '0.10' },
          paid: { BOOL: true },
          image: { S: 'AP8H' },
          'strange key': { L: [{ NULL: true }] },
        },
      },
      text: { S: body },
      tenant: { S: 'Köln' },
      sent: { S: new Date(sentAt).toISOString() },
      expires: { N: String(Math.floor(sentAt / 1_000) + 86_400) },
      quoted: { N: '0.1' },
      paid: { BOOL: true },
      image: { B: Uint8Array.from([0, 255, 7]) },
      'strange name': { L: [{ NULL: true }] },
    },
  ]);
  // Time to live, and up to ten minutes.
  await aws.clock.advance(Duration.hours(25));
  expect(await dynamoDb.items()).toEqual([]);
});

test('with a version the newest message of a key is the one that stays', async () => {
  const stock = await open({
    items: (stack) => ({
      table: new TableV2(stack, 'Stock', {
        partitionKey: { name: 'sku', type: AttributeType.STRING },
        removalPolicy,
      }),
      attributes: ['sku', 'level', 'as_of'],
      versionAttribute: 'as_of',
    }),
  });
  const levels = [3, 1, 4, 2];
  for (const asOf of [...levels, ...levels]) {
    await stock.sendBodies([JSON.stringify({ sku: 'a', level: asOf * 10, as_of: asOf })]);
    await stock.drain();
  }

  expect(await stock.dynamoDb.items()).toEqual([
    { sku: { S: 'a' }, level: { N: '40' }, as_of: { N: '4' } },
  ]);
  expect(await stock.depth(stock.deadLetterQueueUrl())).toBe(0);
});

test('without a version the first message of a key is the one that stays', async () => {
  const first = await open({});
  for (const amount of ['1', '2']) {
    await first.sendOrders([{ orderId: 'a', position: 1, amount }]);
    await first.drain();
  }

  expect(await first.store.orders()).toEqual([{ orderId: 'a', position: 1, amount: '1' }]);
});
