import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Connection, SqlClient } from '../../../lib/write-buffer/handler/postgres/connection';
import type { RowValues } from '../../../lib/write-buffer/handler/postgres/row';
import type { StatementPlan, TablePlan } from '../../../lib/write-buffer/mapping/settings';

const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:123456789012:orders';

/** A message with its defaults. FIFO if it has a group. */
export function record(
  body: unknown,
  changes: Partial<SQSRecord> & { group?: string } = {},
): SQSRecord {
  const { group, ...rest } = changes;
  return {
    messageId: `id-of-${JSON.stringify(body)}`,
    receiptHandle: 'handle',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '2051222400123',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '2051222401000',
      ...(group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: 'theirs' }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: group === undefined ? QUEUE_ARN : `${QUEUE_ARN}.fifo`,
    awsRegion: 'eu-west-1',
    ...rest,
  };
}

export function event(...Records: SQSRecord[]): SQSEvent {
  return { Records };
}

/** A context of a function that has `remaining` milliseconds left. */
export function context(remaining: () => number = () => 30_000): Context {
  return {
    awsRequestId: 'request',
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'writer',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:writer',
    logGroupName: 'group',
    logStreamName: 'stream',
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: remaining,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

export const TABLE: TablePlan = {
  kind: 'table',
  table: ['orders'],
  columns: [{ name: 'id', source: { kind: 'path', path: ['id'] } }],
  conflictKey: ['id'],
};

export const STATEMENT: StatementPlan = {
  kind: 'statement',
  text: 'SELECT write($1)',
  parameters: [{ kind: 'path', path: ['id'] }],
};

/** An error as pg throws it for what the server says. */
export function databaseError(code: string, message = 'refused', constraint?: string): Error {
  return Object.assign(new Error(message), { code, severity: 'ERROR', constraint });
}

/** What the fake database does with a row's key. */
export type Behaviour = (id: string) => Error | undefined;

/**
 * A database with one table, `orders (id)`, that knows transactions and savepoints.
 */
export class FakeDatabase {
  /** Keys of committed rows, in the order of their writing. */
  public readonly rows: string[] = [];
  /** The statements, shortened to their first words. */
  public readonly log: string[] = [];
  /** Connections made. */
  public connections = 0;
  /** Refuses a row. */
  public refuse: Behaviour = () => undefined;
  /** Refuses a row as its transaction ends. */
  public refuseAtCommit: Behaviour = () => undefined;
  /** Thrown by the next statement whose first words these are, once. */
  public failOn: { readonly statement: string; readonly error: Error } | undefined;
  /** Thrown by the next attempt to connect. */
  public unreachable: Error | undefined;

  /** The connection that the handler uses. */
  public readonly connection: Pick<Connection, 'get' | 'discard'> = {
    get: async () => {
      if (this.unreachable !== undefined) {
        throw this.unreachable;
      }
      const reused = this.client !== undefined;
      this.client ??= this.open();
      return { client: this.client, reused };
    },
    discard: () => {
      this.client = undefined;
    },
  };

  private client: SqlClient | undefined;

  private open(): SqlClient {
    this.connections++;
    let pending: string[] | undefined;
    let savepoint = 0;
    const check = (behaviour: Behaviour, keys: readonly string[]): void => {
      for (const key of keys) {
        const error = behaviour(key);
        if (error !== undefined) {
          throw error;
        }
      }
    };
    const insert = (keys: readonly string[]): number => {
      check(this.refuse, keys);
      if (pending === undefined) {
        check(this.refuseAtCommit, keys);
      }
      const known = [...this.rows, ...(pending ?? [])];
      const fresh = [...new Set(keys)].filter((key) => !known.includes(key));
      (pending ?? this.rows).push(...fresh);
      return fresh.length;
    };
    const run = (text: string, values: RowValues): number => {
      const statement = text.split(' ').slice(0, 2).join(' ');
      this.log.push(statement);
      if (this.failOn?.statement === statement) {
        const { error } = this.failOn;
        this.failOn = undefined;
        throw error;
      }
      switch (statement) {
        case 'BEGIN':
          pending = [];
          return 0;
        case 'COMMIT': {
          const keys = pending ?? [];
          pending = undefined;
          check(this.refuseAtCommit, keys);
          this.rows.push(...keys);
          return 0;
        }
        case 'SAVEPOINT message':
          savepoint = pending?.length ?? 0;
          return 0;
        case 'ROLLBACK TO':
          pending?.splice(savepoint);
          return 0;
        case 'RELEASE SAVEPOINT':
          return 0;
        default:
          return insert(values.map(String));
      }
    };
    return {
      broken: false,
      query: async (text, values = []) => ({ rowCount: run(text, values) }),
      close: () => undefined,
    };
  }
}
