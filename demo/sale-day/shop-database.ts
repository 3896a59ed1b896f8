import { readFile } from 'node:fs/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulator } from 'cdk-decouple-emulator';
import { Client } from 'pg';
import { parseAmount } from '../shop/order';

/** What RDS writes into a database's secret. */
interface DatabaseSecret {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dbname: string;
}

/** What the database holds after a sale. */
export interface WrittenOrders {
  readonly ids: ReadonlySet<string>;
  /** Sum of the amounts, in pennies. */
  readonly pennies: bigint;
}

/**
 * The migration of the shop's application, and the load that makes its database a small one: each row
 * takes it 1.5 milliseconds, about eleven rows per connection and emulated second at 60 times real time.
 */
const migration = `
  CREATE TABLE orders (
    order_id text PRIMARY KEY,
    placed_at date NOT NULL,
    customer_id text NOT NULL,
    amount numeric(14, 2) NOT NULL CHECK (amount >= 0),
    accepted_at timestamptz NOT NULL
  );
  CREATE FUNCTION be_a_small_database() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.0015); RETURN NEW; END $$;
  CREATE TRIGGER be_a_small_database BEFORE INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION be_a_small_database();
`;

/** The shop's database, seen from the outside: set up before the sale, watched during it, counted after it. */
export class ShopDatabase {
  private watcher: Client | undefined;
  private lastCount = 0;

  private constructor(
    private readonly secret: DatabaseSecret,
    private readonly ca: string,
  ) {}

  static async open(aws: Emulator, secretArn: string): Promise<ShopDatabase> {
    const { SecretString = '' } = await aws
      .client(SecretsManagerClient)
      .send(new GetSecretValueCommand({ SecretId: secretArn }));
    const ca = await readFile(await aws.certificateAuthorityFile(), 'utf8');
    return new ShopDatabase(JSON.parse(SecretString) as DatabaseSecret, ca);
  }

  async migrate(): Promise<void> {
    await this.withClient((client) => client.query(migration));
  }

  /** Rows written so far; while the database is stopped, the number before. */
  async count(): Promise<number> {
    try {
      this.watcher ??= await this.connect();
      const { rows } = await this.watcher.query<{ rows: string }>(
        'SELECT count(*) AS rows FROM orders',
      );
      this.lastCount = Number(rows[0]?.rows ?? 0);
    } catch {
      this.watcher = undefined;
    }
    return this.lastCount;
  }

  async written(): Promise<WrittenOrders> {
    return this.withClient(async (client) => {
      const { rows } = await client.query<{ order_id: string; amount: string }>(
        'SELECT order_id, amount::text AS amount FROM orders',
      );
      return {
        ids: new Set(rows.map((row) => row.order_id)),
        pennies: rows.reduce((sum, row) => sum + (parseAmount(row.amount) ?? 0n), 0n),
      };
    });
  }

  /** How a person connects to it, for `--keep`. */
  get connectionString(): string {
    const { username, password, host, port, dbname } = this.secret;
    return `postgresql://${username}:${encodeURIComponent(password)}@${host}:${port}/${dbname}?sslmode=require`;
  }

  async close(): Promise<void> {
    await this.watcher?.end().catch(() => undefined);
  }

  private async withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  private async connect(): Promise<Client> {
    const { host, port, username, password, dbname } = this.secret;
    const client = new Client({
      host,
      port,
      user: username,
      password,
      database: dbname,
      ssl: { ca: this.ca },
    });
    // A connection that the outage cuts reports it here as well as to its query.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}
