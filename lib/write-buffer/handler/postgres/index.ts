import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../client-settings';
import { shippedHandler } from '../shipped-handler';
import { trustedAuthorities } from './certificates';
import { Connection } from './connection';
import { LoginSecret } from './login';
import { postgresConnections } from './postgres-client';
import { postgresWriter } from './postgres-writer';
import { settingsOf } from './settings';

const settings = settingsOf(process.env);

/** The entry point of the function that writes to PostgreSQL. */
export const handler = shippedHandler(
  postgresWriter(
    settings.plan,
    new Connection(
      postgresConnections(settings, trustedAuthorities(process.env.NODE_EXTRA_CA_CERTS)),
      new LoginSecret(
        new SecretsManagerClient(clientSettings(settings.timeouts)),
        settings.secretArn,
      ),
    ),
  ),
  settings,
);
