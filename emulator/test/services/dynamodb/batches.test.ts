import { createTable, orders, plain, surroundings } from './support';

const here = surroundings();
const id = (n: number | string) => ({ id: { S: String(n) } });
const puts = (count: number, rest: object = {}) =>
  Array.from({ length: count }, (_, n) => ({ PutRequest: { Item: { ...id(n), ...rest } } }));
const keys = (count: number) => Array.from({ length: count }, (_, n) => id(n));

beforeEach(() => createTable(here));

describe('BatchWriteItem', () => {
  test('puts and deletes in several tables', async () => {
    await createTable(here, orders);
    await here.dynamodb.putItem({ TableName: 'plain', Item: id('old') });
    const answer = await here.dynamodb.batchWriteItem({
      RequestItems: {
        plain: [...puts(2), { DeleteRequest: { Key: id('old') } }],
        orders: [{ PutRequest: { Item: { customer: { S: 'ann' }, number: { N: '1' } } } }],
      },
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(answer).toMatchObject({
      UnprocessedItems: {},
      ConsumedCapacity: [
        { TableName: 'plain', CapacityUnits: 3 },
        { TableName: 'orders', CapacityUnits: 1 },
      ],
    });
    expect(await here.dynamodb.scan({ TableName: 'plain' })).toMatchObject({ Count: 2 });
  });

  test('takes 25 items, and not one more', async () => {
    await here.dynamodb.batchWriteItem({ RequestItems: { plain: puts(25) } });
    await expect(
      here.dynamodb.batchWriteItem({ RequestItems: { plain: puts(26) } }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Member must have length less than or equal to 25'),
    });
  });

  test('writes nothing if any of its items is not valid', async () => {
    const bad = [...puts(1), { PutRequest: { Item: { other: { S: 'x' } } } }];
    await expect(
      here.dynamodb.batchWriteItem({ RequestItems: { plain: bad } }),
    ).rejects.toMatchObject({ message: 'The provided key element does not match the schema' });
    await expect(
      here.dynamodb.batchWriteItem({ RequestItems: { plain: [...puts(1), ...puts(1)] } }),
    ).rejects.toMatchObject({ message: 'Provided list of item keys contains duplicates' });
    expect(await here.dynamodb.scan({ TableName: 'plain' })).toMatchObject({ Count: 0 });
  });
});

describe('BatchGetItem', () => {
  test('finds what is there of 100 keys, and takes no more', async () => {
    await here.dynamodb.batchWriteItem({ RequestItems: { plain: puts(3, { n: { N: '1' } }) } });
    const { Responses, UnprocessedKeys } = await here.dynamodb.batchGetItem({
      RequestItems: { plain: { Keys: keys(100), ProjectionExpression: 'id' } },
    });
    expect(Responses).toEqual({ plain: keys(3) });
    expect(UnprocessedKeys).toEqual({});
    await expect(
      here.dynamodb.batchGetItem({ RequestItems: { plain: { Keys: keys(101) } } }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('leaves what exceeds 16 MB to another call', async () => {
    for (let batch = 0; batch < 50; batch++)
      await here.dynamodb.putItem({
        TableName: 'plain',
        Item: { ...id(batch), text: { S: 'x'.repeat(400_000) } },
      });
    const { Responses, UnprocessedKeys } = await here.dynamodb.batchGetItem({
      RequestItems: { plain: { Keys: keys(50) } },
    });
    expect(Responses?.plain).toHaveLength(41);
    expect(UnprocessedKeys).toEqual({ plain: { Keys: keys(50).slice(41) } });
  });
});

describe('a throttled table', () => {
  test('fails single calls, in the words of AWS, until the fault ends', async () => {
    const end = here.aws.faults.throttleTable({ table: 'plain', operations: ['PutItem'] });
    const put = () => here.dynamodb.putItem({ TableName: 'plain', Item: id(1) });
    await expect(put()).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message:
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    });
    await here.dynamodb.getItem({ TableName: 'plain', Key: id(1) });
    end();
    await put();
  });

  test('returns part of a batch as unprocessed, the same part for the same seed', async () => {
    here.aws.faults.throttleTable({ probability: 0.5 });
    const { UnprocessedItems } = await here.dynamodb.batchWriteItem({
      RequestItems: { plain: puts(10) },
    });
    const left = UnprocessedItems?.plain?.map(({ PutRequest }) => PutRequest?.Item?.id?.S);
    expect(left).toMatchInlineSnapshot(`
[
  "2",
  "6",
  "7",
  "8",
  "9",
]
`);
  });

  test('fails a batch of which nothing is left', async () => {
    here.aws.faults.throttleTable({ table: 'plain' });
    await expect(
      here.dynamodb.batchWriteItem({ RequestItems: { plain: puts(2) } }),
    ).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    await expect(
      here.dynamodb.batchGetItem({ RequestItems: { plain: { Keys: keys(2) } } }),
    ).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  });

  test('must have a probability that is one', () => {
    expect(() => here.aws.faults.throttleTable({ probability: 2 })).toThrow(
      'probability must be from 0 to 1, got 2',
    );
  });
});

test('calls to a slow table take emulated time', async () => {
  const end = here.aws.faults.tableLatency({ table: 'plain', milliseconds: 2_000, jitter: 500 });
  const start = here.aws.clock.now();
  await here.aws.clock.until(here.dynamodb.putItem({ TableName: 'plain', Item: id(1) }));
  const took = here.aws.clock.now() - start;
  expect(took).toBeGreaterThanOrEqual(2_000);
  expect(took).toBeLessThanOrEqual(2_500);
  end();
  await here.dynamodb.getItem({ TableName: 'plain', Key: id(1) });
  expect(() => here.aws.faults.tableLatency({ milliseconds: -1 })).toThrow(RangeError);
});

test('a table of another name is left alone by a fault', async () => {
  await createTable(here, { ...plain, TableName: 'other' });
  here.aws.faults.throttleTable({ table: 'other' });
  await here.dynamodb.putItem({ TableName: 'plain', Item: id(1) });
});
