import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { batchHandler } from '../../../lib/write-buffer/handler/batch-handler';
import { DeadLetters } from '../../../lib/write-buffer/handler/dead-letters';
import { itemWriter } from '../../../lib/write-buffer/handler/dynamodb/item-writer';
import type { ItemPlan } from '../../../lib/write-buffer/mapping/settings';
import { context, event, record } from './fixtures';

const dynamodb = mockClient(DynamoDBClient);
const sqs = mockClient(SQSClient);
const silence = { addContext: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
const metrics = { addMetric: jest.fn(), publishStoredMetrics: jest.fn() };

const PLAN: ItemPlan = {
  attributes: [{ name: 'id', source: { kind: 'path', path: ['id'] } }],
  key: ['id'],
};

beforeEach(() => {
  dynamodb.reset();
  sqs.reset();
  dynamodb.on(PutItemCommand).resolves({});
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

function handle(
  records: SQSRecord[],
  { plan = PLAN, concurrency = 4, remaining }: Partial<Options> = {},
) {
  const handler = batchHandler({
    writer: itemWriter({ client: new DynamoDBClient({}), tableName: 'orders', plan, concurrency }),
    deadLetters: new DeadLetters(new SQSClient({}), 'https://queue'),
    logger: silence,
    metrics,
    reserve: 1_000,
  });
  return handler(event(...records), context(remaining));
}

interface Options {
  readonly plan: ItemPlan;
  readonly concurrency: number;
  readonly remaining: () => number;
}

const orders = (...ids: string[]) => ids.map((id) => record({ id }, { messageId: id }));
const grouped = (group: string, ...ids: string[]) =>
  ids.map((id) => record({ id }, { messageId: id, group }));
const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const put = () => dynamodb.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
const putIds = () => put().map(({ Item }) => Item?.id?.S);

function deadLetters(): Array<[string | undefined, string | undefined]> {
  return sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map((entry) => [entry.MessageBody, entry.MessageAttributes?.FailureReason?.StringValue]);
}

/** An error as the SDK throws it. */
function serviceError(name: string, message = 'refused', $fault: 'client' | 'server' = 'client') {
  return new DynamoDBServiceException({ name, message, $fault, $metadata: {} });
}

/** Fails the put of one item. */
function refuse(id: string, error: Error): void {
  dynamodb.on(PutItemCommand, { Item: { id: { S: id } } }).rejects(error);
}

describe('a good batch', () => {
  test('is put item by item, on the condition that its key is new', async () => {
    expect(await handle(orders('a', 'b'))).toEqual(failures());

    expect(put()).toEqual(
      ['a', 'b'].map((id) => ({
        TableName: 'orders',
        Item: { id: { S: id } },
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': 'id' },
      })),
    );
    expect(metrics.addMetric).toHaveBeenCalledWith('RowsWritten', 'Count', 2);
  });

  test('may hold messages that were written before', async () => {
    refuse('a', new ConditionalCheckFailedException({ message: 'failed', $metadata: {} }));

    expect(await handle(orders('a', 'b'))).toEqual(failures());
    expect(deadLetters()).toEqual([]);
    expect(metrics.addMetric).toHaveBeenCalledWith('DuplicatesAbsorbed', 'Count', 1);
    expect(metrics.addMetric).toHaveBeenCalledWith('RowsWritten', 'Count', 1);
  });

  test('with a version replaces what is older', async () => {
    const plan: ItemPlan = {
      attributes: [...PLAN.attributes, { name: 'v', source: { kind: 'path', path: ['v'] } }],
      key: ['id'],
      version: 'v',
    };
    await handle([record({ id: 'a', v: 7 })], { plan });

    expect(put()).toEqual([
      expect.objectContaining({
        ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
        ExpressionAttributeNames: { '#version': 'v' },
        ExpressionAttributeValues: { ':version': { N: '7' } },
      }),
    ]);
  });

  test('is written by so many at a time, and no more', async () => {
    let now = 0;
    let most = 0;
    dynamodb.on(PutItemCommand).callsFake(async () => {
      now++;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return {};
    });
    await handle(orders(...'abcdefghij'), { concurrency: 3 });

    expect(putIds()).toHaveLength(10);
    expect(most).toBe(3);
  });
});

describe('a message that can never be written', () => {
  test.each([
    ['is not JSON', 'nope', 'InvalidJson'],
    ['lacks a value', { identity: 'a' }, 'MissingValue'],
    ['has null for its key', { id: null }, 'MissingValue'],
  ])('goes to the dead-letter queue at once if it %s', async (_name, body, reason) => {
    const poison = record(body, { messageId: 'poison' });

    expect(await handle([poison, ...orders('b')])).toEqual(failures());
    expect(deadLetters()).toEqual([[poison.body, reason]]);
    expect(putIds()).toEqual(['b']);
  });

  test.each([
    ['ValidationException', 'Item size has exceeded the maximum allowed size', 'ItemTooLarge'],
    [
      'ValidationException',
      'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
      'InvalidValue',
    ],
    ['ItemCollectionSizeLimitExceededException', 'Collection size exceeded', 'ConstraintViolation'],
  ])('fails alone if DynamoDB refuses it with %s: %s', async (name, message, reason) => {
    refuse('b', serviceError(name, message));

    expect(await handle(orders('a', 'b', 'c'))).toEqual(failures());
    expect(putIds()).toEqual(['a', 'b', 'c']);
    expect(deadLetters()).toEqual([['{"id":"b"}', reason]]);
    expect(silence.warn).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({ messageId: 'b', errorName: name, reason }),
    );
  });

  test('comes back if the dead-letter queue does not take it', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
    refuse('b', serviceError('ValidationException'));

    expect(await handle(orders('a', 'b'))).toEqual(failures('b'));
  });
});

describe('a table that cannot take an item', () => {
  test.each([
    ['throttles', serviceError('ProvisionedThroughputExceededException')],
    ['throttles by request', serviceError('ThrottlingException')],
    ['fails', serviceError('InternalServerError', 'oops', 'server')],
    ['is not there', serviceError('ResourceNotFoundException')],
    ['may not be written to', serviceError('AccessDeniedException')],
    ['has another key', serviceError('ValidationException', 'Missing the key pk in the item')],
    ['does not answer', Object.assign(new Error('timeout'), { name: 'TimeoutError' })],
  ])('gets it again, and all that has not been begun, if it %s', async (_name, error) => {
    refuse('b', error);

    expect(await handle(orders('a', 'b', 'c'), { concurrency: 1 })).toEqual(failures('b', 'c'));
    expect(putIds()).toEqual(['a', 'b']);
    expect(deadLetters()).toEqual([]);
    expect(metrics.addMetric).toHaveBeenCalledWith('RowsWritten', 'Count', 1);
    expect(metrics.addMetric).toHaveBeenCalledWith('SinkErrors', 'Count', 1);
  });

  test('does not keep messages from the dead-letter queue that cannot be read', async () => {
    dynamodb.on(PutItemCommand).rejects(serviceError('ThrottlingException'));

    expect(await handle([record('nope'), ...orders('b')])).toEqual(failures('b'));
    expect(deadLetters()).toHaveLength(1);
  });
});

test('no item is begun when time runs out: the rest comes back', async () => {
  let calls = 0;
  const remaining = () => (++calls > 2 ? 900 : 5_000);

  expect(await handle(orders('a', 'b', 'c'), { concurrency: 1, remaining })).toEqual(failures('c'));
  expect(putIds()).toEqual(['a', 'b']);
});

describe('a FIFO queue', () => {
  test('has the order of each group kept', async () => {
    await handle([...grouped('g', 'c', 'a'), ...grouped('h', 'x'), ...grouped('g', 'b')]);

    expect(putIds().filter((id) => id !== 'x')).toEqual(['c', 'a', 'b']);
  });

  test('goes on after a message that has gone to the dead-letter queue', async () => {
    refuse('b', serviceError('ValidationException'));

    expect(await handle(grouped('g', 'a', 'b', 'c'))).toEqual(failures());
    expect(putIds()).toEqual(['a', 'b', 'c']);
    expect(deadLetters().map(([body]) => body)).toEqual(['{"id":"b"}']);
  });

  test('gets the rest of a group back, unprocessed, and has the other groups written', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
    refuse('b', serviceError('ValidationException'));
    const batch = [...grouped('g', 'a', 'b'), ...grouped('h', 'x', 'y'), ...grouped('g', 'c')];

    expect(await handle(batch)).toEqual(failures('b', 'c'));
    expect(putIds().sort()).toEqual(['a', 'b', 'x', 'y']);
  });

  test('gets the rest of a group back behind one that the table did not take', async () => {
    refuse('a', serviceError('ThrottlingException'));

    expect(await handle(grouped('g', 'a', 'b'))).toEqual(failures('a', 'b'));
    expect(putIds()).toEqual(['a']);
  });
});
