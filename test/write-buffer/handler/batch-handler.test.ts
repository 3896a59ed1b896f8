import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { batchHandler } from '../../../lib/write-buffer/handler/batch-handler';
import { DeadLetters } from '../../../lib/write-buffer/handler/dead-letters';
import { postgresWriter } from '../../../lib/write-buffer/handler/postgres/postgres-writer';
import type { WritePlan } from '../../../lib/write-buffer/mapping/settings';
import { context, databaseError, event, FakeDatabase, record, STATEMENT, TABLE } from './fixtures';

const sqs = mockClient(SQSClient);
let database: FakeDatabase;

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  database = new FakeDatabase();
});

const silence = { addContext: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
const metrics = { addMetric: jest.fn(), publishStoredMetrics: jest.fn() };

function handle(records: SQSRecord[], plan: WritePlan = TABLE, remaining?: () => number) {
  const handler = batchHandler({
    writer: postgresWriter(plan, database.connection),
    deadLetters: new DeadLetters(new SQSClient({}), 'https://queue'),
    logger: silence,
    metrics,
    reserve: 1_000,
  });
  return handler(event(...records), context(remaining));
}

/** Bodies of what the dead-letter queue was sent, with the reasons. */
function deadLetters(): Array<[string | undefined, string | undefined]> {
  return sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map((entry) => [entry.MessageBody, entry.MessageAttributes?.FailureReason?.StringValue]);
}

const orders = (...ids: string[]) => ids.map((id) => record({ id }, { messageId: id }));
const grouped = (group: string, ...ids: string[]) =>
  ids.map((id) => record({ id }, { messageId: id, group }));
const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});
const bad =
  (...ids: string[]) =>
  (id: string) =>
    ids.includes(id) ? databaseError('23514', 'check', 'amount_positive') : undefined;

describe('a good batch', () => {
  test('is written in one statement', async () => {
    expect(await handle(orders('a', 'b', 'c'))).toEqual(failures());

    expect(database.rows).toEqual(['a', 'b', 'c']);
    expect(database.log).toEqual(['INSERT INTO']);
  });

  test('keeps its connection for the next one', async () => {
    await handle(orders('a'));
    await handle(orders('b'));

    expect(database.connections).toBe(1);
  });

  test('may hold messages that were written before', async () => {
    await handle(orders('a', 'b'));

    expect(await handle(orders('b', 'c'))).toEqual(failures());
    expect(database.rows).toEqual(['a', 'b', 'c']);
    expect(metrics.addMetric).toHaveBeenCalledWith('DuplicatesAbsorbed', 'Count', 1);
  });

  test('with a statement is written message by message in one transaction', async () => {
    expect(await handle(orders('a', 'b'), STATEMENT)).toEqual(failures());

    expect(database.rows).toEqual(['a', 'b']);
    expect(database.log.filter((line) => line === 'BEGIN' || line === 'COMMIT')).toHaveLength(2);
  });
});

describe('a message that can never be written', () => {
  test.each<[string, unknown, string]>([
    ['is not JSON', 'nope', 'InvalidJson'],
    ['lacks a value', { identity: 'a' }, 'MissingValue'],
    ['has null for the conflict key', { id: null }, 'MissingValue'],
  ])('goes to the dead-letter queue at once if it %s', async (_name, body, reason) => {
    const poison = record(body, { messageId: 'poison' });

    expect(await handle([poison, ...orders('b')])).toEqual(failures());
    expect(deadLetters()).toEqual([[poison.body, reason]]);
    expect(database.rows).toEqual(['b']);
  });

  test.each([
    ['22P02', 'InvalidValue'],
    ['22001', 'InvalidValue'],
    ['54000', 'InvalidValue'],
    ['54001', 'InvalidValue'],
    ['23502', 'ConstraintViolation'],
    ['23503', 'ConstraintViolation'],
    ['23505', 'ConstraintViolation'],
    ['P0001', 'ConstraintViolation'],
  ])('fails alone if the database refuses it with %s', async (code, reason) => {
    database.refuse = (id) => (id === 'b' ? databaseError(code) : undefined);

    expect(await handle(orders('a', 'b', 'c'))).toEqual(failures());
    expect(database.rows).toEqual(['a', 'c']);
    expect(deadLetters()).toEqual([['{"id":"b"}', reason]]);
  });

  test('needs no database', async () => {
    database.unreachable = new Error('ECONNREFUSED');

    expect(await handle([record('nope')])).toEqual(failures());
    expect(deadLetters()).toHaveLength(1);
  });

  test('comes back if the dead-letter queue does not take it', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
    database.refuse = bad('b');

    expect(await handle(orders('a', 'b'))).toEqual(failures('b'));
    expect(database.rows).toEqual(['a']);
  });

  test('comes back alone if the dead-letter queue takes the others', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError' }],
    });
    database.refuse = bad('a', 'b');

    expect(await handle(orders('a', 'b'))).toEqual(failures('b'));
  });

  test('is found though its constraint is checked at the end of the transaction only', async () => {
    database.refuseAtCommit = bad('b');

    expect(await handle(orders('a', 'b', 'c'))).toEqual(failures());
    expect(database.rows).toEqual(['a', 'c']);
    expect(deadLetters().map(([body]) => body)).toEqual(['{"id":"b"}']);
  });

  test('is logged without its values', async () => {
    database.refuse = () => databaseError('22P02', 'invalid input: "secret"');
    await handle(orders('a'));

    expect(JSON.stringify(silence.warn.mock.calls)).not.toContain('secret');
    expect(silence.warn).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({ messageId: 'a', sqlState: '22P02', reason: 'InvalidValue' }),
    );
  });
});

describe('a sink that cannot take the batch', () => {
  test.each([
    ['is not there', 'ECONNREFUSED'],
    ['has no connections left', '53300'],
    ['is shutting down', '57P01'],
    ['is starting up', '57P03'],
    ['cancels the statement', '57014'],
    ['has a deadlock', '40P01'],
    ['has lost the table', '42P01'],
    ['has lost the column', '42703'],
    ['refuses the login', '28P01'],
  ])('gets all of it again if it %s', async (_name, code) => {
    database.failOn = { statement: 'INSERT INTO', error: databaseError(code) };

    expect(await handle(orders('a', 'b'))).toEqual(failures('a', 'b'));
    expect(deadLetters()).toEqual([]);
    expect(metrics.addMetric).toHaveBeenCalledWith('SinkErrors', 'Count', 1);
  });

  test('gets all of it again if it cannot be connected to', async () => {
    database.unreachable = new Error('timeout expired');

    expect(await handle(orders('a', 'b'))).toEqual(failures('a', 'b'));
  });

  test('is connected to anew for the next batch', async () => {
    database.failOn = { statement: 'INSERT INTO', error: databaseError('57P01') };
    await handle(orders('a'));
    await handle(orders('a'));

    expect(database.connections).toBe(2);
    expect(database.rows).toEqual(['a']);
  });

  test('is tried once more if the connection was an old one', async () => {
    await handle(orders('a'));
    database.failOn = {
      statement: 'INSERT INTO',
      error: new Error('Connection terminated unexpectedly'),
    };

    expect(await handle(orders('b'))).toEqual(failures());
    expect(database.rows).toEqual(['a', 'b']);
  });

  test('does not keep messages from the dead-letter queue that cannot be read', async () => {
    database.unreachable = new Error('timeout expired');

    expect(await handle([record('nope'), ...orders('b')])).toEqual(failures('b'));
    expect(deadLetters()).toHaveLength(1);
  });

  test('does not get a rejected message again after a failed commit', async () => {
    database.refuse = bad('b');
    database.failOn = { statement: 'COMMIT', error: databaseError('08006') };

    expect(await handle(orders('a', 'b'))).toEqual(failures('a'));
    expect(deadLetters()).toHaveLength(1);
    expect(database.rows).toEqual([]);
  });
});

test('no row is begun when time runs out: the rest comes back', async () => {
  let calls = 0;
  const remaining = () => (++calls > 2 ? 900 : 5_000);

  expect(await handle(orders('a', 'b', 'c'), STATEMENT, remaining)).toEqual(failures('c'));
  expect(database.rows).toEqual(['a', 'b']);
});

test('there is time for dead letters after the rows', async () => {
  database.refuse = bad('a');
  const left = [5_000, 900, 900];

  expect(await handle(orders('a', 'b'), TABLE, () => left.shift() ?? 600)).toEqual(failures('b'));
  expect(deadLetters()).toHaveLength(1);
});

test('dead letters that there is no time for come back', async () => {
  database.refuse = bad('a');
  const left = [5_000, 5_000];

  expect(await handle(orders('a', 'b'), TABLE, () => left.shift() ?? 400)).toEqual(failures('a'));
  expect(deadLetters()).toEqual([]);
});

describe('a FIFO queue', () => {
  test('has its order kept', async () => {
    expect(await handle(grouped('g', 'c', 'a', 'b'))).toEqual(failures());
    expect(database.rows).toEqual(['c', 'a', 'b']);
  });

  test('goes on after a message that has gone to the dead-letter queue', async () => {
    database.refuse = bad('b');

    expect(await handle(grouped('g', 'a', 'b', 'c'))).toEqual(failures());
    expect(database.rows).toEqual(['a', 'c']);
    expect(deadLetters().map(([body]) => body)).toEqual(['{"id":"b"}']);
  });

  test('gets the rest of a group back, unprocessed, and has the other groups written', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
    database.refuse = bad('b');
    const batch = [
      ...grouped('g', 'a', 'b'),
      ...grouped('h', 'x'),
      ...grouped('g', 'c'),
      ...grouped('h', 'y'),
    ];

    expect(await handle(batch)).toEqual(failures('b', 'c'));
    expect(database.rows).toEqual(['a', 'x', 'y']);
  });

  test('gets the rest of a group back behind a message that cannot be read', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
    const poison = record('nope', { messageId: 'poison', group: 'g' });

    expect(await handle([poison, ...grouped('g', 'a'), ...grouped('h', 'x')])).toEqual(
      failures('poison', 'a'),
    );
    expect(database.rows).toEqual(['x']);
  });

  test('gets everything back if the sink is away', async () => {
    database.unreachable = new Error('timeout expired');
    const poison = record('nope', { messageId: 'poison', group: 'g' });

    expect(await handle([...grouped('g', 'a'), poison])).toEqual(failures('a', 'poison'));
  });
});
