import { readFile } from 'node:fs/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulator, ManualClock } from 'cdk-decouple-emulator';
import { Client } from 'pg';
import type { BlockedWriters, ShopStore, StoredOrder } from './shop-store';

/** The columns of a table of orders, if a test says nothing else. */
const ORDERS =
  'order_id text PRIMARY KEY, position int NOT NULL, amount numeric NOT NULL CHECK (amount >= 0), written serial';

/** How to connect to the shop's database. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dbname: string;
}

/** A shop's PostgreSQL database. */
export class PostgresStore implements ShopStore {
  readonly knowsOrder = true;
  readonly volume = 10_000;
  readonly poison = [
    'not JSON at all',
    JSON.stringify({ orderId: 'no-amount', position: 1 }),
    JSON.stringify({ orderId: 'negative', position: 2, amount: '-1' }),
    JSON.stringify({ orderId: 'no-number', position: 3, amount: 'a lot' }),
  ];
  readonly repairable = JSON.stringify({ orderId: 'refund', position: 1, amount: '-1' });

  private constructor(
    private readonly aws: Emulator<ManualClock>,
    /** ARN of the secret with the login. */
    readonly secretArn: string,
    /** What that secret held when the shop was opened. */
    readonly login: Login,
    private readonly ca: string,
  ) {}

  /** Connects to the database and makes its tables. */
  static async open(
    aws: Emulator<ManualClock>,
    secretArn: string,
    tables: readonly string[],
    columns = ORDERS,
  ): Promise<PostgresStore> {
    const { SecretString = '' } = await aws
      .client(SecretsManagerClient)
      .send(new GetSecretValueCommand({ SecretId: secretArn }));
    const ca = await readFile(await aws.certificateAuthorityFile(), 'utf8');
    const store = new PostgresStore(aws, secretArn, JSON.parse(SecretString) as Login, ca);
    for (const table of tables) await store.query(`CREATE TABLE ${table} (${columns})`);
    return store;
  }

  orders(table = 'orders'): Promise<StoredOrder[]> {
    return this.query<StoredOrder>(
      `SELECT order_id AS "orderId", position, amount FROM ${table} ORDER BY written`,
    );
  }

  async rowCount(table = 'orders'): Promise<number> {
    const [row] = await this.query<{ rows: string }>(`SELECT count(*) AS rows FROM ${table}`);
    return Number(row?.rows);
  }

  stop(): Promise<void> {
    return this.aws.faults.database().stop();
  }

  start(): Promise<void> {
    return this.aws.faults.database().start();
  }

  async repair(): Promise<void> {
    await this.query('ALTER TABLE orders DROP CONSTRAINT orders_amount_check');
  }

  async blockWriters(writers: number): Promise<BlockedWriters> {
    const client = await this.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE orders IN EXCLUSIVE MODE');
    const count = async (): Promise<number> => {
      const { rows } = await client.query<{ waiting: string }>(
        "SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass",
      );
      return Number(rows[0]?.waiting);
    };
    const allWaiting = async (): Promise<void> => {
      while ((await count()) < writers);
    };
    return {
      // The clock does not settle before: a statement is under way.
      waiting: () => allWaiting(),
      release: async () => {
        await client.query('ROLLBACK').catch(() => undefined);
        await client.end();
      },
    };
  }

  async query<T extends object>(text: string): Promise<T[]> {
    const client = await this.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection of one's own, as a writer without a buffer would open. */
  async connect(): Promise<Client> {
    const { dbname, host, password, port, username } = this.login;
    const client = new Client({
      host,
      port,
      user: username,
      password,
      database: dbname,
      ssl: { ca: this.ca },
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}
