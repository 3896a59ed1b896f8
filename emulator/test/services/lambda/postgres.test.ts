import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresDatabase, PostgresEngine } from '../../../src/engines/postgres';
import { throwawayAuthority } from '../../engines/postgres/throwaway-authority';
import { LambdaHarness } from './harness';

const second = 1000;
const folder = mkdtempSync(join(tmpdir(), 'lambda-postgres-'));
const caFile = join(folder, 'ca.pem');
let engine: PostgresEngine;
let database: PostgresDatabase;
let aws: LambdaHarness;

beforeAll(async () => {
  const authority = await throwawayAuthority();
  writeFileSync(caFile, authority.certificate);
  engine = new PostgresEngine({ issueCertificate: authority.issueCertificate });
  database = await engine.provision({
    username: 'app',
    password: 'secret',
    databaseName: 'orders',
    maxConnections: 10,
    forceSsl: true,
    parameters: {},
  });
  aws = LambdaHarness.manual({ caFile: async () => caFile });
});
afterAll(async () => {
  await aws.stop();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

/** Runs code with a connected `client` in a function, and returns how much emulated time it saw pass. */
async function elapsedIn(name: string, code: string): Promise<unknown> {
  await aws.createFunction(
    name,
    `const { Client } = require(${JSON.stringify(require.resolve('pg'))});
    exports.handler = async (connection) => {
      const start = Date.now();
      const client = new Client({ ...connection, user: 'app', password: 'secret', database: 'orders', ssl: true, connectionTimeoutMillis: 2000, query_timeout: 5000 });
      await client.connect();
      ${code}
      await client.end();
      return Date.now() - start;
    };`,
    { Timeout: 60 },
  );
  const { host, port } = database;
  const invocation = aws.invoke(name, { host, port });
  await aws.clock.advance(60 * second);
  const { result } = await invocation;
  return result;
}

test('time stands still during queries over TLS, which trust the local authority', async () => {
  const elapsed = await elapsedIn(
    'queries',
    `await client.query('SELECT pg_sleep(0.2)');
    await client.query('SELECT $1::int, pg_sleep(0.1)', [1]);
    await Promise.all([1, 2, 3].map(() => client.query('SELECT pg_sleep(0.05)')));
    await client.query('SELECT 1 / 0').catch(() => undefined);`,
  );
  expect(elapsed).toBe(0);
});

test('time passes while a function with an idle connection waits for something else', async () => {
  const elapsed = await elapsedIn(
    'idle',
    `await client.query('SELECT 1');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await client.query('SELECT pg_sleep(0.1)');`,
  );
  expect(elapsed).toBe(3 * second);
});
