import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { VARIABLES } from '../../mapping/settings';
import { clientSettings } from '../client-settings';
import { commonSettingsOf, required } from '../settings';
import { shippedHandler } from '../shipped-handler';
import { itemWriter } from './item-writer';

const settings = commonSettingsOf(process.env);

/** The entry point of the function that writes to DynamoDB. */
export const handler = shippedHandler(
  itemWriter({
    client: new DynamoDBClient({
      ...clientSettings(settings.timeouts),
      // What is still throttled then comes back after the visibility timeout. So few writers need no jitter among them.
      retryStrategy: new ConfiguredRetryStrategy(3, (attempt) => 100 * 2 ** attempt),
    }),
    tableName: required(process.env, VARIABLES.tableName),
    plan: JSON.parse(required(process.env, VARIABLES.plan)),
    concurrency: Number(required(process.env, VARIABLES.writeConcurrency)),
  }),
  settings,
);
