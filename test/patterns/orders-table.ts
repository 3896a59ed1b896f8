import { readFile } from 'node:fs/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulator } from 'cdk-decouple-emulator';
import { Client } from 'pg';

/** A session with the database of a secret, as its owner. */
export async function connect(aws: Emulator, secretArn: string): Promise<Client> {
  const { SecretString = '' } = await aws
    .client(SecretsManagerClient)
    .send(new GetSecretValueCommand({ SecretId: secretArn }));
  const { dbname, host, password, port, username } = JSON.parse(SecretString);
  const ca = await readFile(await aws.certificateAuthorityFile(), 'utf8');
  const client = new Client({
    host,
    port,
    database: dbname,
    user: username,
    password,
    ssl: { ca },
  });
  // The database ends sessions when it stops.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Makes the table, which tells of each row that is written. */
export async function createOrders(client: Client, columns: string): Promise<void> {
  await client.query(`CREATE TABLE orders (${columns})`);
  await client.query(
    `CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY written; RETURN NULL; END $$`,
  );
  await client.query(
    'CREATE TRIGGER told AFTER INSERT ON orders FOR EACH STATEMENT EXECUTE FUNCTION tell()',
  );
}

/** Resolves when the table has so many rows. */
export async function written(client: Client, count: number): Promise<void> {
  const counted = async () =>
    (await client.query('SELECT count(*)::int FROM orders')).rows[0].count;
  await client.query('LISTEN written');
  await new Promise<void>((resolve, reject) => {
    const look = () => counted().then((rows) => (rows >= count ? resolve() : undefined), reject);
    client.on('notification', look);
    void look();
  });
}
