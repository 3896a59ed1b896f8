import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { createTable, orders, surroundings } from './support';

const here = surroundings();
const TableName = 'orders';
const order = (customer: string, number: number, rest: object = {}) =>
  here.dynamodb.putItem({
    TableName,
    Item: { customer: { S: customer }, number: { N: String(number) }, ...rest },
  });
const numbers = (items: readonly { number?: { N?: string } }[] | undefined) =>
  items?.map(({ number }) => Number(number?.N));

beforeEach(async () => {
  await createTable(here, orders);
  for (const number of [10, -2, 9, 100, 0.5])
    await order('ann', number, {
      amount: { N: String(number * 2) },
      state: { S: number > 9 ? 'open' : 'paid' },
      note: { S: `order ${number}` },
    });
  await order('bob', 1, { state: { S: 'open' } });
});

const ofAnn = {
  TableName,
  KeyConditionExpression: 'customer = :c',
  ExpressionAttributeValues: { ':c': { S: 'ann' } },
};

describe('a query', () => {
  test('returns a partition in the order of its sort key, and backwards', async () => {
    const { Items, Count, ScannedCount } = await here.dynamodb.query(ofAnn);
    expect(numbers(Items)).toEqual([-2, 0.5, 9, 10, 100]);
    expect({ Count, ScannedCount }).toEqual({ Count: 5, ScannedCount: 5 });
    const backwards = await here.dynamodb.query({ ...ofAnn, ScanIndexForward: false });
    expect(numbers(backwards.Items)).toEqual([100, 10, 9, 0.5, -2]);
  });

  test.each([
    ['#n > :a', [10, 100]],
    ['#n >= :a', [9, 10, 100]],
    ['#n < :a', [-2, 0.5]],
    ['#n <= :a', [-2, 0.5, 9]],
    ['#n = :a', [9]],
    ['#n BETWEEN :zero AND :a', [0.5, 9]],
  ])('with %s', async (condition, expected) => {
    const { Items } = await here.dynamodb.query({
      TableName,
      KeyConditionExpression: `customer = :c AND ${condition}`,
      ExpressionAttributeNames: { '#n': 'number' },
      ExpressionAttributeValues: {
        ':c': { S: 'ann' },
        ':a': { N: '9' },
        ...(condition.includes(':zero') && { ':zero': { N: '0' } }),
      },
    });
    expect(numbers(Items)).toEqual(expected);
  });

  test('filters after it has counted, and projects', async () => {
    const answer = await here.dynamodb.query({
      ...ofAnn,
      FilterExpression: '#s = :open',
      ProjectionExpression: '#n',
      ExpressionAttributeNames: { '#s': 'state', '#n': 'number' },
      ExpressionAttributeValues: { ...ofAnn.ExpressionAttributeValues, ':open': { S: 'open' } },
    });
    expect(answer).toMatchObject({
      Items: [{ number: { N: '10' } }, { number: { N: '100' } }],
      Count: 2,
      ScannedCount: 5,
    });
    expect(Object.keys(answer.Items?.[0] ?? {})).toEqual(['number']);
  });

  test('filters by whole lists and maps, and counts what it has found', async () => {
    const address = { M: { city: { S: 'Köln' }, lines: { L: [{ S: 'a' }] } } };
    await order('cid', 1, { address });
    await order('cid', 2, { address: { M: { city: { S: 'Köln' } } } });
    const found = {
      TableName,
      KeyConditionExpression: 'customer = :c',
      FilterExpression: 'address = :a',
      ExpressionAttributeValues: { ':c': { S: 'cid' }, ':a': address },
    };
    expect(
      await here.dynamodb.query({ ...found, ProjectionExpression: 'address.city' }),
    ).toMatchObject({ Items: [{ address: { M: { city: { S: 'Köln' } } } }], ScannedCount: 2 });
    const counted = await here.dynamodb.query({ ...found, Select: 'COUNT' });
    expect(counted).toMatchObject({ Count: 1, ScannedCount: 2 });
    expect(counted.Items).toBeUndefined();
  });

  test('goes on where the page before ended', async () => {
    const pages = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await here.dynamodb.query({ ...ofAnn, Limit: 2, ExclusiveStartKey });
      pages.push(numbers(page.Items));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(pages).toEqual([[-2, 0.5], [9, 10], [100]]);
  });

  test('reads a global index, which holds only items with its keys', async () => {
    const open = {
      TableName,
      IndexName: 'by-state',
      KeyConditionExpression: '#s = :open',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':open': { S: 'open' } },
    };
    const { Items } = await here.dynamodb.query(open);
    expect(numbers(Items)).toEqual([1, 10, 100]);
    await here.dynamodb.updateItem({
      TableName,
      Key: { customer: { S: 'ann' }, number: { N: '10' } },
      UpdateExpression: 'REMOVE #s',
      ExpressionAttributeNames: { '#s': 'state' },
    });
    expect(numbers((await here.dynamodb.query(open)).Items)).toEqual([1, 100]);
    await expect(here.dynamodb.query({ ...open, ConsistentRead: true })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Consistent reads are not supported on global secondary indexes',
    });
  });

  test('reads a local index, with what it projects or, at more cost, with all', async () => {
    const byAmount = { ...ofAnn, IndexName: 'by-amount', Limit: 1 };
    const projected = await here.dynamodb.query(byAmount);
    expect(projected.Items).toEqual([
      {
        customer: { S: 'ann' },
        number: { N: '-2' },
        amount: { N: '-4' },
        note: { S: 'order -2' },
      },
    ]);
    const all = await here.dynamodb.query({ ...byAmount, Select: 'ALL_ATTRIBUTES' });
    expect(all.Items?.[0]).toMatchObject({ state: { S: 'paid' } });
  });

  test('counts without items, and consumes at least half a unit', async () => {
    const answer = await here.dynamodb.query({
      ...ofAnn,
      ExpressionAttributeValues: { ':c': { S: 'nobody' } },
      Select: 'COUNT',
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(answer).toMatchObject({ Count: 0, ConsumedCapacity: { CapacityUnits: 0.5 } });
    expect(answer.Items).toBeUndefined();
  });

  test.each([
    [
      'without its partition key',
      { KeyConditionExpression: '#n = :c', ExpressionAttributeNames: { '#n': 'note' } },
      'Query condition missed key schema element: customer',
    ],
    [
      'on an index that is not there',
      { IndexName: 'by-colour' },
      'The table does not have the specified index: by-colour',
    ],
    [
      'that filters by its key',
      { FilterExpression: 'customer = :c' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: customer',
    ],
  ])('%s is refused', async (_what, change, message) => {
    await expect(here.dynamodb.query({ ...ofAnn, ...change })).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });
});

describe('a scan', () => {
  test('returns everything once, in pages and in segments', async () => {
    const all = await here.dynamodb.scan({ TableName });
    expect(numbers(all.Items)?.sort()).toEqual([-2, 0.5, 1, 10, 100, 9]);

    const paged: number[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await here.dynamodb.scan({ TableName, Limit: 4, ExclusiveStartKey });
      paged.push(...(numbers(page.Items) ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(paged).toEqual(numbers(all.Items));

    const segments = await Promise.all(
      [0, 1, 2].map((Segment) => here.dynamodb.scan({ TableName, Segment, TotalSegments: 3 })),
    );
    expect(segments.flatMap(({ Items }) => numbers(Items) ?? []).sort()).toEqual(
      numbers(all.Items)?.sort(),
    );
  });

  test('stops after 1 MB', async () => {
    for (let i = 0; i < 5; i++) await order('cid', i, { note: { S: 'x'.repeat(300_000) } });
    const page = await here.dynamodb.query({
      ...ofAnn,
      ExpressionAttributeValues: { ':c': { S: 'cid' } },
    });
    expect(numbers(page.Items)).toEqual([0, 1, 2, 3]);
    expect(page.LastEvaluatedKey).toEqual({ customer: { S: 'cid' }, number: { N: '3' } });
  });
});
