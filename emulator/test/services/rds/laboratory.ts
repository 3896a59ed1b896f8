import { RDS } from '@aws-sdk/client-rds';
import { Client } from 'pg';
import { PostgresEngine, type PostgresMode } from '../../../src/engines/postgres';
import { createRds } from '../../../src/services/rds';
import { createSecretsManager } from '../../../src/services/secrets-manager';
import { throwawayAuthority } from '../../engines/postgres/throwaway-authority';
import { clientOf, environment, resources } from '../../support/service-harness';

/** What {@link laboratory} makes. */
export type Lab = Awaited<ReturnType<typeof laboratory>>;

/** RDS with its engine, and with clients of it. */
export async function laboratory(mode: PostgresMode = 'own') {
  const authority = await throwawayAuthority();
  const { env, clock, asked } = environment();
  const postgres = new PostgresEngine({ ...authority, mode });
  const secrets = createSecretsManager(env, {
    keys: { usableKeyArn: (keyId) => keyId },
    describeDatabase: (target) => rds.describeDatabase(target),
  });
  const rds = createRds(env, { postgres, secrets });
  return {
    certificate: authority.certificate,
    clock,
    asked,
    rds,
    secrets,
    postgres,
    stack: resources(rds),
    secretsStack: resources(secrets),
    api: new RDS(clientOf(env, [rds])),
    async connect(port: unknown, user: string, password: string, database = 'postgres') {
      const client = new Client({
        host: '127.0.0.1',
        port: Number(port),
        user,
        password,
        database,
        ssl: { ca: authority.certificate },
      });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
  };
}
