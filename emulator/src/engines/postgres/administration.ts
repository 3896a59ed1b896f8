import { superuser, tlsRequiredRole } from './data-template';

/** Where the superuser reaches a server. */
export interface AdministrationAddress {
  readonly socketDirectory: string;
  readonly port: number;
}

/**
 * A superuser's connection, as far as it is used here. Not pg's own type: it would be in the declarations of this
 * package, whose users need not have pg's.
 */
export interface AdministrationClient {
  query(text: string): Promise<unknown>;
  escapeIdentifier(name: string): string;
  escapeLiteral(text: string): string;
}

/** A database with the user who owns it, as RDS makes them for a new instance. */
export interface DatabaseDefinition {
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** Runs `work` with a superuser's connection. */
export async function asSuperuser<T>(
  address: AdministrationAddress,
  work: (client: AdministrationClient) => Promise<T>,
): Promise<T> {
  const pg = require('pg') as typeof import('pg');
  const client = new pg.Client({
    host: address.socketDirectory,
    port: address.port,
    user: superuser,
    database: 'postgres',
  });
  // A server that goes away while nothing is asked of it ends the connection; a query reports it anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the master user and the first database of an instance that has a server to itself.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
 */
export async function createMaster(
  client: AdministrationClient,
  definition: DatabaseDefinition,
): Promise<void> {
  const user = client.escapeIdentifier(definition.username);
  const database = client.escapeIdentifier(definition.database);
  await client.query(
    `CREATE ROLE ${user} LOGIN CREATEDB CREATEROLE PASSWORD ${client.escapeLiteral(definition.password)}`,
  );
  await client.query(`GRANT rds_superuser TO ${user} WITH ADMIN OPTION`);
  if (definition.database === 'postgres')
    await client.query(`ALTER DATABASE postgres OWNER TO ${user}`);
  else await client.query(`CREATE DATABASE ${database} OWNER ${user}`);
}

/** What a database may take of a server that others use too. */
export interface TenantLimits {
  readonly connections: number;
  readonly forceSsl: boolean;
}

/**
 * Makes a user and its database on a server that others use too: neither sees the others' data.
 *
 * @returns false if user or database of that name are there already.
 */
export async function createTenant(
  client: AdministrationClient,
  definition: DatabaseDefinition,
  limits: TenantLimits,
): Promise<boolean> {
  const user = client.escapeIdentifier(definition.username);
  const database = client.escapeIdentifier(definition.database);
  const password = client.escapeLiteral(definition.password);
  try {
    await client.query(`CREATE ROLE ${user} LOGIN PASSWORD ${password}`);
  } catch (error) {
    if (hasCode(error, duplicateObject)) return false;
    throw error;
  }
  try {
    await client.query(`CREATE DATABASE ${database} OWNER ${user}`);
  } catch (error) {
    await client.query(`DROP ROLE ${user}`);
    if (hasCode(error, duplicateDatabase)) return false;
    throw error;
  }
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
  await limitTenant(client, definition, limits);
  return true;
}

/** Sets how many connections a tenant may have, and whether they need TLS. */
export async function limitTenant(
  client: AdministrationClient,
  definition: DatabaseDefinition,
  { connections, forceSsl }: TenantLimits,
): Promise<void> {
  const user = client.escapeIdentifier(definition.username);
  const database = client.escapeIdentifier(definition.database);
  await client.query(`ALTER ROLE ${user} CONNECTION LIMIT ${connections}`);
  await client.query(`ALTER DATABASE ${database} CONNECTION LIMIT ${connections}`);
  await client.query(
    forceSsl ? `GRANT ${tlsRequiredRole} TO ${user}` : `REVOKE ${tlsRequiredRole} FROM ${user}`,
  );
}

/** Removes what {@link createTenant} has made, ending its sessions. */
export async function dropTenant(
  client: AdministrationClient,
  definition: DatabaseDefinition,
): Promise<void> {
  const user = client.escapeIdentifier(definition.username);
  await client.query(
    `DROP DATABASE IF EXISTS ${client.escapeIdentifier(definition.database)} WITH (FORCE)`,
  );
  await client.query(`DROP OWNED BY ${user} CASCADE`);
  await client.query(`DROP ROLE ${user}`);
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const duplicateObject = '42710';
const duplicateDatabase = '42P04';

function hasCode(error: unknown, code: string): boolean {
  return Object(error).code === code;
}
