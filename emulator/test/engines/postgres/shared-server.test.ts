import { Client } from 'pg';
import { certificateHosts, PostgresEngine, startSharedServer } from '../../../src/engines/postgres';
import { throwawayAuthority } from './throwaway-authority';

const settings = { maxConnections: 8, forceSsl: true, parameters: {} };
const orders = { username: 'app', password: 'one', databaseName: 'orders', ...settings };
const invoices = { username: 'billing', password: 'two', databaseName: 'invoices', ...settings };

let authority: Awaited<ReturnType<typeof throwawayAuthority>>;
let engine: PostgresEngine;
let stopShared: () => Promise<void>;

beforeAll(async () => {
  authority = await throwawayAuthority();
  stopShared = await startSharedServer(await authority.issueCertificate(certificateHosts));
  engine = new PostgresEngine({ ...authority, mode: 'shared' });
});

afterAll(async () => {
  await engine.stop();
  await stopShared();
});

async function connect(port: number, who: typeof orders, database = who.databaseName, tls = true) {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: who.username,
    password: who.password,
    database,
    ssl: tls && { ca: authority.certificate },
  });
  await client.connect();
  return client;
}

test('gives each database its own name and user on one server, closed to the others', async () => {
  const first = await engine.provision(orders);
  const second = await engine.provision(invoices);
  expect(second.port).toBe(first.port);
  await (await connect(first.port, orders)).end();
  await (await connect(first.port, invoices)).end();
  await expect(connect(first.port, invoices, 'orders')).rejects.toMatchObject({ code: '42501' });
  await first.drop();
  await second.drop();
});

test('uses a server of its own where the names are taken, and the shared one again once they are free', async () => {
  const first = await engine.provision(orders);
  const second = await engine.provision(orders);
  expect(second.port).not.toBe(first.port);
  await first.drop();
  const third = await engine.provision(orders);
  expect(third.port).toBe(first.port);
  await second.drop();
  await third.drop();
});

test('drops its data, ending open sessions', async () => {
  const first = await engine.provision(orders);
  const client = await connect(first.port, orders);
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await client.query('CREATE TABLE lines (id int)');
  await first.drop();
  await ended;
  const again = await engine.provision(orders);
  const other = await connect(again.port, orders);
  await expect(other.query('SELECT * FROM lines')).rejects.toMatchObject({ code: '42P01' });
  await other.end();
  await again.drop();
});

test('refuses connections above its limit with 53300', async () => {
  const database = await engine.provision(orders);
  const clients = await Promise.all([1, 2, 3, 4, 5].map(() => connect(database.port, orders)));
  await expect(connect(database.port, orders)).rejects.toMatchObject({ code: '53300' });
  await database.restart({ ...settings, maxConnections: 9 });
  await (await connect(database.port, orders)).end();
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

test.each(['stop', 'kill', 'restart'] as const)(
  'fails to %s it, saying what to do',
  async (fault) => {
    const database = await engine.provision(orders);
    await expect(database[fault]()).rejects.toThrow(
      /shares its PostgreSQL server.*databases: 'own'/,
    );
    await database.drop();
  },
);

test('uses a server of its own where a parameter is set', async () => {
  const shared = await engine.provision(invoices);
  const database = await engine.provision({
    ...orders,
    parameters: { statement_timeout: '1000' },
  });
  expect(database.port).not.toBe(shared.port);
  await database.drop();
  await shared.drop();
});

test('requires TLS of each user as its settings say', async () => {
  const strict = await engine.provision(orders);
  const lenient = await engine.provision({ ...invoices, forceSsl: false });
  expect(lenient.port).toBe(strict.port);
  await (await connect(lenient.port, invoices, 'invoices', false)).end();
  await expect(connect(strict.port, orders, 'orders', false)).rejects.toMatchObject({
    code: '28000',
  });
  await strict.restart({ ...settings, forceSsl: false });
  await (await connect(strict.port, orders, 'orders', false)).end();
  await strict.drop();
  await lenient.drop();
});
