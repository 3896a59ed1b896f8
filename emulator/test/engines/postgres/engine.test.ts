import { Client, type ClientConfig } from 'pg';
import { type PostgresDatabase, PostgresEngine } from '../../../src/engines/postgres';
import { throwawayAuthority } from './throwaway-authority';

const credentials = { username: 'app', password: "it's secret", databaseName: 'orders' };
const settings = { maxConnections: 10, forceSsl: true, parameters: {} };

let authority: Awaited<ReturnType<typeof throwawayAuthority>>;
let engine: PostgresEngine;
let database: PostgresDatabase;

beforeAll(async () => {
  authority = await throwawayAuthority();
  engine = new PostgresEngine(authority);
  database = await engine.provision({ ...credentials, ...settings });
});

afterAll(() => engine.stop());

async function connect(overrides: ClientConfig = {}): Promise<Client> {
  const client = new Client({
    host: database.host,
    port: database.port,
    user: credentials.username,
    password: credentials.password,
    database: credentials.databaseName,
    ssl: { ca: authority.certificate },
    ...overrides,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query<Row extends object>(text: string): Promise<Row[]> {
  const client = await connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

test('serves the database to its user, over TLS that the CA vouches for', async () => {
  const [row] = await query<{ user: string; database: string; ssl: boolean }>(
    'SELECT current_user AS user, current_database() AS database, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  );
  expect(row).toEqual({ user: 'app', database: 'orders', ssl: true });
});

test('listens below the ports that the system gives to outgoing connections', () => {
  expect(database.port).toBeGreaterThanOrEqual(1024);
  expect(database.port).toBeLessThan(32_768);
});

test('fails verification by a client that trusts another authority', async () => {
  const other = await throwawayAuthority();
  await expect(connect({ ssl: { ca: other.certificate } })).rejects.toThrow(
    /certificate|self-signed|signature/,
  );
});

test('turns away connections without TLS as rds.force_ssl does', async () => {
  await expect(connect({ ssl: false })).rejects.toMatchObject({
    code: '28000',
    message: expect.stringContaining('no pg_hba.conf entry'),
  });
});

test('turns away a wrong password', async () => {
  await expect(connect({ password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
});

test('lets nobody in as the superuser', async () => {
  await expect(connect({ user: 'rdsadmin', password: '' })).rejects.toThrow(
    /rejects connection|password/,
  );
});

test('gives its master user the right to make databases, roles and trusted extensions', async () => {
  await query('CREATE ROLE reader LOGIN');
  await query('CREATE DATABASE other OWNER app');
  await query('CREATE EXTENSION IF NOT EXISTS pgcrypto');
});

test('refuses with 53300 what exceeds max_connections, three of which are reserved', async () => {
  const clients = await Promise.all(Array.from({ length: 7 }, () => connect()));
  try {
    await expect(connect()).rejects.toMatchObject({ code: '53300' });
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
});

test('keeps its rows and its port over stop and start, and refuses connections between', async () => {
  await query('CREATE TABLE kept (id int)');
  await query('INSERT INTO kept SELECT generate_series(1, 100)');
  const { port } = database;
  await database.stop();
  await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await database.start();
  expect(database.port).toBe(port);
  expect(await query('SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 100 }]);
});

test('loses nothing committed when it is killed in the midst of writing', async () => {
  await query('CREATE TABLE written (id bigint PRIMARY KEY)');
  const acknowledged: number[] = [];
  let firstHundred: () => void = () => undefined;
  const busy = new Promise<void>((resolve) => {
    firstHundred = resolve;
  });
  const write = async (writer: number) => {
    const client = await connect();
    for (let id = writer; ; id += 4) {
      try {
        await client.query('INSERT INTO written VALUES ($1)', [id]);
      } catch {
        return;
      }
      acknowledged.push(id);
      if (acknowledged.length === 100) firstHundred();
    }
  };
  const writers = [0, 1, 2, 3].map(write);
  await busy;
  await database.kill();
  await Promise.all(writers);
  await database.start();
  const rows = await query<{ id: string }>('SELECT id FROM written');
  const present = new Set(rows.map(({ id }) => Number(id)));
  expect(acknowledged.filter((id) => !present.has(id))).toEqual([]);
});

test('takes other settings at a restart', async () => {
  await database.restart({
    maxConnections: 21,
    forceSsl: false,
    parameters: { statement_timeout: '12345' },
  });
  expect(await query('SHOW max_connections')).toEqual([{ max_connections: '21' }]);
  expect(await query('SHOW statement_timeout')).toEqual([{ statement_timeout: '12345ms' }]);
  await (await connect({ ssl: false })).end();
});

test('makes several databases at once, each on a server of its own', async () => {
  const made = await Promise.all(
    [1, 2, 3].map(() => engine.provision({ ...credentials, ...settings })),
  );
  expect(new Set(made.map(({ port }) => port)).size).toBe(3);
  await Promise.all(made.map((one) => one.drop()));
  expect(engine.count).toBe(1);
});
