import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { batchHandler } from './batch-handler';
import { trustedAuthorities } from './certificates';
import { Connection } from './connection';
import { DeadLetters } from './dead-letters';
import { LoginSecret } from './login';
import { postgresConnections } from './postgres-client';
import { settingsOf } from './settings';

const settings = settingsOf(process.env);
/** Subnets without a way to an AWS service shall be an error in the logs, not a function that times out. */
const clientSettings = {
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: settings.timeouts.connect,
    // Else the timeout is a warning only.
    throwOnRequestTimeout: true,
  },
  maxAttempts: 2,
};

/** The entry point of the function that writes to PostgreSQL. */
export const handler = batchHandler({
  plan: settings.plan,
  connection: new Connection(
    postgresConnections(settings, trustedAuthorities(process.env.NODE_EXTRA_CA_CERTS)),
    new LoginSecret(new SecretsManagerClient(clientSettings), settings.secretArn),
  ),
  deadLetters: new DeadLetters(
    // Else the host in the queue's URL would win over AWS_ENDPOINT_URL.
    new SQSClient({ ...clientSettings, useQueueUrlAsEndpoint: false }),
    settings.deadLetterQueueUrl,
  ),
  logger: new Logger(),
  metrics: new Metrics(),
  reserve: settings.timeouts.reserve,
});
