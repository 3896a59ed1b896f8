import { createTable, orders, surroundings } from './support';

const here = surroundings();
const TableName = 'orders';
const key = (customer: string, number: number) => ({
  customer: { S: customer },
  number: { N: String(number) },
});
const put = (customer: string, number: number, rest: object = {}) =>
  here.dynamodb.putItem({ TableName, Item: { ...key(customer, number), ...rest } });
const get = async (customer: string, number: number) =>
  (await here.dynamodb.getItem({ TableName, Key: key(customer, number) })).Item;

beforeEach(() => createTable(here, orders));

describe('an item', () => {
  test('comes back as it was put, numbers to the last digit', async () => {
    const rest = {
      text: { S: 'ä€😀' },
      exact: { N: '12345678901234567890.12345678901234567' },
      bytes: { B: Buffer.from([0, 255, 7]) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      words: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2.5'] },
      blobs: { BS: [Buffer.from('x')] },
      list: { L: [{ S: '' }, { M: { deep: { N: '-0.5' } } }] },
    };
    await put('ann', 1, rest);
    const item = await get('ann', 1);
    expect(item).toEqual({
      ...key('ann', 1),
      ...rest,
      bytes: { B: Uint8Array.from([0, 255, 7]) },
      blobs: { BS: [Uint8Array.from(Buffer.from('x'))] },
    });
  });

  test('is replaced as a whole by another of its key, which can be had back', async () => {
    await put('ann', 1, { note: { S: 'old' } });
    const { Attributes } = await here.dynamodb.putItem({
      TableName,
      Item: { ...key('ann', 1), state: { S: 'new' } },
      ReturnValues: 'ALL_OLD',
    });
    expect(Attributes).toEqual({ ...key('ann', 1), note: { S: 'old' } });
    expect(await get('ann', 1)).toEqual({ ...key('ann', 1), state: { S: 'new' } });
  });

  test('that was read is not changed by writes that come later', async () => {
    await put('ann', 1, { list: { L: [{ N: '1' }] } });
    const before = await get('ann', 1);
    await here.dynamodb.updateItem({
      TableName,
      Key: key('ann', 1),
      UpdateExpression: 'SET #l[0] = :two',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: { ':two': { N: '2' } },
    });
    expect(before?.list).toEqual({ L: [{ N: '1' }] });
  });

  test('is counted in the description of its table', async () => {
    await put('ann', 1, { note: { S: 'ä' } });
    const { Table } = await here.dynamodb.describeTable({ TableName });
    // customer 8 + 3, number 6 + 2, note 4 + 2
    expect(Table).toMatchObject({ ItemCount: 1, TableSizeBytes: 25 });
  });
});

describe('a condition', () => {
  test('that does not hold keeps a write from happening, and shows the item if asked to', async () => {
    await put('ann', 1, { note: { S: 'first' } });
    const again = here.dynamodb.putItem({
      TableName,
      Item: { ...key('ann', 1), note: { S: 'second' } },
      ConditionExpression: 'attribute_not_exists(customer)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(again).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { ...key('ann', 1), note: { S: 'first' } },
    });
    expect((await get('ann', 1))?.note).toEqual({ S: 'first' });
  });

  test.each([
    ['amount > :a AND begins_with(note, :n)', true],
    ['amount > :a AND NOT begins_with(note, :n)', false],
    ['size(note) = :five', true],
    ['contains(tags, :red) OR attribute_type(amount, :s)', true],
    ['amount BETWEEN :a AND :five', false],
    ['#state IN (:n, :open)', true],
    ['absent <> :a', true],
    ['amount > :a AND absent = nowhere', false],
    ['doc = :document', true],
    ['doc <> :document', false],
    ['doc = :other', false],
    ['doc IN (:other, :document)', true],
    ['doc.parts = :list', true],
    ['doc.parts = :reversed', false],
    ['tags = :sameTags', true],
  ])('%s is %s', async (ConditionExpression, holds) => {
    await put('ann', 1, {
      amount: { N: '30' },
      note: { S: 'hello' },
      tags: { SS: ['red', 'blue'] },
      state: { S: 'open' },
      doc: { M: { parts: { L: [{ N: '1' }, { S: 'two' }] }, numbers: { NS: ['1', '2'] } } },
    });
    const document = (list: object[]) => ({
      M: { parts: { L: list }, numbers: { NS: ['2', '1.0'] } },
    });
    const all: Record<string, object> = {
      ':a': { N: '3' },
      ':n': { S: 'hel' },
      ':five': { N: '5' },
      ':red': { S: 'red' },
      ':s': { S: 'S' },
      ':open': { S: 'open' },
      ':document': document([{ N: '1.00' }, { S: 'two' }]),
      ':other': document([{ N: '1' }, { S: 'three' }]),
      ':list': { L: [{ N: '1' }, { S: 'two' }] },
      ':reversed': { L: [{ S: 'two' }, { N: '1' }] },
      ':sameTags': { SS: ['blue', 'red'] },
    };
    const used = Object.entries(all).filter(([name]) =>
      new RegExp(`${name}\\b`).test(ConditionExpression),
    );
    const write = here.dynamodb.deleteItem({
      TableName,
      Key: key('ann', 1),
      ConditionExpression,
      ExpressionAttributeNames: ConditionExpression.includes('#state')
        ? { '#state': 'state' }
        : undefined,
      ExpressionAttributeValues: Object.assign({}, ...used.map(([n, v]) => ({ [n]: v }))),
    });
    if (holds) await write;
    else await expect(write).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('an update', () => {
  test('counts, appends, removes and returns what it has changed', async () => {
    await put('ann', 1, { count: { N: '0.1' }, list: { L: [{ N: '1' }] }, old: { S: 'x' } });
    const { Attributes } = await here.dynamodb.updateItem({
      TableName,
      Key: key('ann', 1),
      UpdateExpression:
        'SET #c = #c + :tenth, #l = list_append(#l, :more), born = if_not_exists(born, :now) REMOVE #o ADD words :words',
      ExpressionAttributeNames: { '#c': 'count', '#l': 'list', '#o': 'old' },
      ExpressionAttributeValues: {
        ':tenth': { N: '0.2' },
        ':more': { L: [{ N: '2' }] },
        ':now': { N: '1' },
        ':words': { SS: ['a'] },
      },
      ReturnValues: 'ALL_NEW',
    });
    expect(Attributes).toEqual({
      ...key('ann', 1),
      count: { N: '0.3' },
      list: { L: [{ N: '1' }, { N: '2' }] },
      born: { N: '1' },
      words: { SS: ['a'] },
    });
  });

  test('creates what is not there', async () => {
    await here.dynamodb.updateItem({
      TableName,
      Key: key('bob', 1),
      UpdateExpression: 'SET note = :n',
      ExpressionAttributeValues: { ':n': { S: 'new' } },
    });
    expect(await get('bob', 1)).toEqual({ ...key('bob', 1), note: { S: 'new' } });
  });

  test('removes elements of a list by their places before the update', async () => {
    await put('ann', 1, { list: { L: [{ N: '0' }, { N: '1' }, { N: '2' }, { N: '3' }] } });
    await here.dynamodb.updateItem({
      TableName,
      Key: key('ann', 1),
      UpdateExpression: 'REMOVE #l[0], #l[2]',
      ExpressionAttributeNames: { '#l': 'list' },
    });
    expect((await get('ann', 1))?.list).toEqual({ L: [{ N: '1' }, { N: '3' }] });
  });

  test('that makes an item too large changes nothing', async () => {
    await put('ann', 1, { note: { S: 'x' } });
    const grow = here.dynamodb.updateItem({
      TableName,
      Key: key('ann', 1),
      UpdateExpression: 'SET note = :n, #s = :n',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':n': { S: 'ä'.repeat(110_000) } },
    });
    await expect(grow).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size to update has exceeded the maximum allowed size',
    });
    expect(await get('ann', 1)).toEqual({ ...key('ann', 1), note: { S: 'x' } });
  });
});

describe('what can never be written is refused', () => {
  const large = (bytes: number) => ({ ...key('ann', 1), note: { S: 'x'.repeat(bytes - 23) } });

  test('an item of more than 400 KB; one of exactly that is not', async () => {
    const limit = 400 * 1024;
    await here.dynamodb.putItem({ TableName, Item: large(limit) });
    await expect(
      here.dynamodb.putItem({ TableName, Item: large(limit + 1) }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });

  test.each([
    [
      'without its sort key',
      { customer: { S: 'ann' } },
      'One or more parameter values were invalid: Missing the key number in the item',
    ],
    [
      'with a key of another type',
      { customer: { S: 'ann' }, number: { S: '1' } },
      'One or more parameter values were invalid: Type mismatch for key number expected: N actual: S',
    ],
    [
      'with an empty key',
      { customer: { S: '' }, number: { N: '1' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: customer',
    ],
    [
      'with a key of an index of another type',
      { ...key('ann', 1), amount: { S: 'much' } },
      'One or more parameter values were invalid: Type mismatch for Index Key amount Expected: N Actual: S IndexName: by-amount',
    ],
    [
      'with a number of 39 digits',
      { ...key('ann', 1), n: { N: '1'.repeat(39) } },
      'Attempting to store more than 38 significant digits in a Number',
    ],
    [
      'with an empty set',
      { ...key('ann', 1), s: { SS: [] } },
      'One or more parameter values were invalid: An string set  may not be empty',
    ],
  ])('an item %s', async (_what, Item, message) => {
    await expect(here.dynamodb.putItem({ TableName, Item })).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  test('a value that an expression does not use', async () => {
    await expect(
      here.dynamodb.putItem({
        TableName,
        Item: key('ann', 1),
        ConditionExpression: 'attribute_not_exists(customer)',
        ExpressionAttributeValues: { ':spare': { S: 'x' } },
      }),
    ).rejects.toMatchObject({
      message: 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:spare}',
    });
  });

  test('a reserved word', async () => {
    await expect(
      here.dynamodb.updateItem({
        TableName,
        Key: key('ann', 1),
        UpdateExpression: 'SET #n = :v, status = :v',
        ExpressionAttributeNames: { '#n': 'note' },
        ExpressionAttributeValues: { ':v': { S: 'x' } },
      }),
    ).rejects.toMatchObject({
      message:
        'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
    });
  });
});

describe('consumed capacity', () => {
  test('of a write counts the table and each index that changes', async () => {
    const capacity = async (rest: object) =>
      (
        await here.dynamodb.putItem({
          TableName,
          Item: { ...key('ann', 1), ...rest },
          ReturnConsumedCapacity: 'INDEXES',
        })
      ).ConsumedCapacity;
    expect(await capacity({})).toMatchObject({ CapacityUnits: 1, Table: { CapacityUnits: 1 } });
    expect(await capacity({ state: { S: 'open' }, amount: { N: '1' } })).toEqual({
      TableName,
      CapacityUnits: 3,
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { 'by-state': { CapacityUnits: 1 } },
      LocalSecondaryIndexes: { 'by-amount': { CapacityUnits: 1 } },
    });
    // Another key in one index: an entry goes, another comes. The other does not hold the state.
    expect(await capacity({ state: { S: 'paid' }, amount: { N: '1' } })).toMatchObject({
      CapacityUnits: 3,
      GlobalSecondaryIndexes: { 'by-state': { CapacityUnits: 2 } },
    });
  });

  test('of a read is half a unit for 4 KB, twice that if it is consistent', async () => {
    await put('ann', 1, { note: { S: 'x'.repeat(5_000) } });
    const read = async (ConsistentRead: boolean) =>
      (
        await here.dynamodb.getItem({
          TableName,
          Key: key('ann', 1),
          ConsistentRead,
          ReturnConsumedCapacity: 'TOTAL',
        })
      ).ConsumedCapacity?.CapacityUnits;
    expect(await read(false)).toBe(1);
    expect(await read(true)).toBe(2);
  });
});

test('item collections are reported for tables with local indexes', async () => {
  const { ItemCollectionMetrics } = await here.dynamodb.putItem({
    TableName,
    Item: key('ann', 1),
    ReturnItemCollectionMetrics: 'SIZE',
  });
  expect(ItemCollectionMetrics).toEqual({
    ItemCollectionKey: { customer: { S: 'ann' } },
    SizeEstimateRangeGB: [0, 1],
  });
});
