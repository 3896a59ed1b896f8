import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { createTable, plain, surroundings } from './support';

const here = surroundings();
const TableName = 'plain';
const id = (n: number | string) => ({ id: { S: String(n) } });
const put = (n: number | string, rest: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: { ...id(n), ...rest } },
});
const exists = 'attribute_exists(id)';
const write = (...TransactItems: TransactWriteItem[]) =>
  here.dynamodb.transactWriteItems({ TransactItems });
const all = async () =>
  (await here.dynamodb.scan({ TableName })).Items?.map(({ id: key }) => key?.S).sort();

beforeEach(() => createTable(here));

describe('a transaction', () => {
  test('does all that it is made of', async () => {
    await here.dynamodb.putItem({ TableName, Item: id('old') });
    await here.dynamodb.putItem({ TableName, Item: id('checked') });
    await write(
      put('new'),
      { Delete: { TableName, Key: id('old') } },
      {
        Update: {
          TableName,
          Key: id('updated'),
          UpdateExpression: 'SET n = :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { ConditionCheck: { TableName, Key: id('checked'), ConditionExpression: exists } },
    );
    expect(await all()).toEqual(['checked', 'new', 'updated']);
  });

  test('does nothing if one condition fails, and says which', async () => {
    await here.dynamodb.putItem({ TableName, Item: { ...id('old'), n: { N: '7' } } });
    const failing = write(
      put('new'),
      {
        Put: {
          TableName,
          Item: id('old'),
          ConditionExpression: 'attribute_not_exists(id)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { ConditionCheck: { TableName, Key: id('missing'), ConditionExpression: exists } },
    );
    await expect(failing).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { ...id('old'), n: { N: '7' } },
        },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    });
    expect(await all()).toEqual(['old']);
  });

  test('undoes what it has done before an update that cannot be made', async () => {
    await here.dynamodb.putItem({ TableName, Item: { ...id('text'), n: { S: 'x' } } });
    await here.dynamodb.putItem({ TableName, Item: { ...id('gone'), n: { S: 'kept' } } });
    const failing = write(
      put('new'),
      { Delete: { TableName, Key: id('gone') } },
      {
        Update: {
          TableName,
          Key: id('text'),
          UpdateExpression: 'SET n = n + :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
    );
    await expect(failing).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'None' },
        {
          Code: 'ValidationError',
          Message: 'An operand in the update expression has an incorrect data type',
        },
      ],
    });
    expect(await all()).toEqual(['gone', 'text']);
  });

  test('is not done twice within ten minutes of its token', async () => {
    const count = {
      ClientRequestToken: 'token-1',
      ReturnConsumedCapacity: 'TOTAL' as const,
      TransactItems: [
        {
          Update: {
            TableName,
            Key: id('counter'),
            UpdateExpression: 'ADD n :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    };
    const n = async () =>
      (await here.dynamodb.getItem({ TableName, Key: id('counter') })).Item?.n?.N;
    const first = await here.dynamodb.transactWriteItems(count);
    expect(first.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2 }]);
    await here.aws.clock.advance(9 * 60_000);
    await here.dynamodb.transactWriteItems(count);
    expect(await n()).toBe('1');
    await expect(
      here.dynamodb.transactWriteItems({ ...count, TransactItems: [put('other')] }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    await here.aws.clock.advance(60_000);
    await here.dynamodb.transactWriteItems(count);
    expect(await n()).toBe('2');
  });

  test('that is throttled is cancelled as a whole', async () => {
    here.aws.faults.throttleTable({ table: TableName });
    await expect(write(put(1))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ProvisionedThroughputExceeded' }],
    });
    expect(await here.dynamodb.describeTable({ TableName })).toMatchObject({
      Table: { ItemCount: 0 },
    });
  });

  test.each([
    [
      'two steps for one item',
      [put(1), put(1)],
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'more than 100 steps',
      Array.from({ length: 101 }, (_, n) => put(n)),
      expect.stringContaining('Member must have length less than or equal to 100'),
    ],
    [
      'a step of two kinds',
      [{ ...put(1), Delete: { TableName, Key: id(1) } }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
  ])('of %s is refused', async (_what, items, message) => {
    await expect(write(...items)).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  test('of 100 steps in two tables is done', async () => {
    await createTable(here, { ...plain, TableName: 'other' });
    const items = Array.from({ length: 100 }, (_, n) => ({
      Put: { TableName: n % 2 ? 'other' : TableName, Item: id(n) },
    }));
    await write(...items);
    for (const name of [TableName, 'other'])
      expect(await here.dynamodb.scan({ TableName: name })).toMatchObject({ Count: 50 });
  });
});

test('TransactGetItems reads items of one moment, in order, twice as dear', async () => {
  await here.dynamodb.putItem({ TableName, Item: { ...id(1), n: { N: '1' } } });
  const answer = await here.dynamodb.transactGetItems({
    TransactItems: [
      { Get: { TableName, Key: id(2) } },
      { Get: { TableName, Key: id(1), ProjectionExpression: 'n' } },
    ],
    ReturnConsumedCapacity: 'TOTAL',
  });
  expect(answer.Responses).toEqual([{}, { Item: { n: { N: '1' } } }]);
  expect(answer.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4 }]);
});
