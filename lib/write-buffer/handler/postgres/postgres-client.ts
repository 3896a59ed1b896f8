import type { SecureContext } from 'node:tls';
import { Client } from 'pg';
import type { OpenConnection } from './connection';
import type { Settings } from './settings';

/** How much longer than the database the client waits before it gives a statement up. */
const CLIENT_GRACE_MILLISECONDS = 1_000;
const DEFAULT_DATABASE = 'postgres';

/**
 * Opens TLS connections to the database, whose certificate has to be valid for its host name.
 */
export function postgresConnections(settings: Settings, trusted: SecureContext): OpenConnection {
  const { host, port, timeouts, throughProxy } = settings;
  return async (login) => {
    const client = new Client({
      host,
      port,
      user: login.username,
      password: login.password,
      database: settings.database ?? login.database ?? DEFAULT_DATABASE,
      application_name: process.env.AWS_LAMBDA_FUNCTION_NAME,
      // `host` is for the comparison with the certificate, which would else be with 'localhost' where the host is an IP address.
      ssl: { secureContext: trusted, rejectUnauthorized: true, host },
      connectionTimeoutMillis: timeouts.connect,
      query_timeout: timeouts.statement + CLIENT_GRACE_MILLISECONDS,
      keepAlive: true,
      ...(throughProxy
        ? {}
        : {
            statement_timeout: timeouts.statement,
            // A function that is killed in mid-transaction must not hold its locks for long.
            idle_in_transaction_session_timeout: timeouts.statement,
          }),
    });
    let broken = false;
    const markBroken = (): void => {
      broken = true;
    };
    client.on('error', markBroken);
    client.on('end', markBroken);
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(markBroken);
      throw error;
    }
    return {
      get broken() {
        return broken;
      },
      query: (text, values) => client.query(text, values === undefined ? undefined : [...values]),
      close: () => {
        markBroken();
        client.end().catch(markBroken);
      },
    };
  };
}
