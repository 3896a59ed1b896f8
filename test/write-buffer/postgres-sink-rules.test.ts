import { Duration, Lazy, type Stack } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Database } from '../constructs/fixtures';
import { bufferWith, type Changes } from './postgres-support';

describe('fails when', () => {
  const NO_TABLE = { table: undefined, columns: undefined, conflictKey: undefined };

  test.each<[string, Changes | ((stack: Stack, database: Database) => Changes)]>([
    ['give exactly one of cluster, instance and proxy, got none', { cluster: undefined }],
    ['give either table', { statement: 'SELECT 1', columns: undefined, conflictKey: undefined }],
    ['give either table', NO_TABLE],
    ['parameters belong to a statement', { parameters: {} }],
    ['columns must name at least one', { columns: [], conflictKey: [] }],
    ['conflictKey is required', { conflictKey: undefined }],
    ["conflictKey must be among the columns, got 'id'", { conflictKey: ['order_id', 'id'] }],
    [
      "conflictKey must be in every message, got optional 'note'",
      { conflictKey: ['order_id', 'note'] },
    ],
    ['table and statement must be known', { table: Lazy.string({ produce: () => 'orders' }) }],
    [
      'table and statement must be known',
      { ...NO_TABLE, statement: Lazy.string({ produce: () => 'SELECT 1' }) },
    ],
    ['too long for a function', { ...NO_TABLE, statement: `SELECT '${'x'.repeat(2_800)}'` }],
    [
      'too long for a function',
      {
        databaseName: 'shop',
        columns: [
          `id${'\u00e9'.repeat(20)}`,
          ...Array.from({ length: 38 }, (_, i) => `${'\u00e9'.repeat(8)}${i}`),
        ],
        conflictKey: `id${'\u00e9'.repeat(20)}`,
      },
    ],
    [
      'the imported database must be given its endpoint',
      (stack) => ({
        cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Other', {
          clusterIdentifier: 'c',
        }),
        secret: new secretsmanager.Secret(stack, 'Login'),
      }),
    ],
    ['1 to 63 bytes', { table: 'x'.repeat(64) }],
    ['1 to 63 bytes', { table: 'sales.' }],
    ['a name or schema.name', { table: 'a.b.c' }],
    ["'$.a[*]' is not a path", { columns: { id: '$.a[*]' }, conflictKey: 'id' }],
    ["'id' is not a path", { columns: { id: 'id' }, conflictKey: 'id' }],
    [':id, :n come from', { ...NO_TABLE, statement: 'CALL f(:id, :n)' }],
    [
      'does not use the parameters :x',
      { ...NO_TABLE, statement: 'SELECT 1', parameters: { x: '$.x' } },
    ],
    ['must be one statement', { ...NO_TABLE, statement: 'SELECT 1; SELECT 2' }],
    [
      'too long for a function',
      { columns: Array.from({ length: 100 }, (_, i) => `column_${i}`), conflictKey: 'column_0' },
    ],
    ['connectionBudget must be', { connectionBudget: 1_001 }],
    ['timeout must be a whole number', { timeout: Duration.seconds(4) }],
    ['memorySize must be', { memorySize: 64 }],
    [
      "must be PostgreSQL, got engine 'mysql'",
      (stack, { vpc }) => ({
        cluster: undefined,
        instance: new rds.DatabaseInstance(stack, 'Other', {
          engine: rds.DatabaseInstanceEngine.MYSQL,
          vpc,
        }),
      }),
    ],
    [
      'secret is required',
      (stack) => ({
        cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Other', {
          clusterIdentifier: 'c',
        }),
      }),
    ],
  ])('%s', (message, changes) => {
    expect(() => bufferWith(changes)).toThrow(message);
  });

  test('the connection budget is below 2', () => {
    expect(() => bufferWith({ connectionBudget: 1 })).toThrow(
      /connectionBudget must be a whole number between 2 and 1,000, got 1/,
    );
  });

  test('not with a semicolon at the end, in a string or in a comment', () => {
    expect(() =>
      bufferWith({ ...NO_TABLE, statement: "INSERT INTO t VALUES (';') ; -- done" }),
    ).not.toThrow();
  });
});
