import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { VARIABLES } from '../../mapping/settings';
import { clientSettings } from '../client-settings';
import { commonSettingsOf, required } from '../settings';
import { shippedHandler } from '../shipped-handler';
import { itemWriter } from './item-writer';

const settings = commonSettingsOf(process.env);

/** The entry point of the function that writes to DynamoDB. */
export const handler = shippedHandler(
  itemWriter({
    // One more than elsewhere: a table that has just been scaled up throttles for moments.
    client: new DynamoDBClient({ ...clientSettings(settings.timeouts), maxAttempts: 3 }),
    tableName: required(process.env, VARIABLES.tableName),
    plan: JSON.parse(required(process.env, VARIABLES.plan)),
    concurrency: Number(required(process.env, VARIABLES.writeConcurrency)),
  }),
  settings,
);
