import type { Service, ServiceEnvironment } from '../service';
import { batchOperations } from './batch-operations';
import type { DynamoDbFaults } from './faults';
import { itemOperations } from './item-operations';
import { dynamoDbResources } from './resources';
import { settingsOperations } from './settings-operations';
import { DynamoDbState, type TableKeys } from './state';
import { parseTableArn } from './table-address';
import { tableOperations } from './table-operations';
import { transactionOperations } from './transaction-operations';

export type { TableLatencyFault, TableThrottleFault } from './faults';
export type { TableKeys } from './state';

type DynamoDbClientModule = typeof import('@aws-sdk/client-dynamodb');

/** Amazon DynamoDB. */
export interface DynamoDbService extends Service<DynamoDbClientModule> {
  readonly faults: DynamoDbFaults;
}

/** Makes DynamoDB. */
export function createDynamoDb(environment: ServiceEnvironment, keys: TableKeys): DynamoDbService {
  const state = new DynamoDbState(environment, keys);
  return {
    signingName: 'dynamodb',
    loadClient: (): DynamoDbClientModule => require('@aws-sdk/client-dynamodb'),
    handlers: {
      ...tableOperations(state),
      ...itemOperations(state),
      ...batchOperations(state),
      ...transactionOperations(state),
      ...settingsOperations(state),
    },
    resourceProviders: dynamoDbResources(state),
    faults: state.faults,
    // A table's policy is about its indexes too.
    resourceRights(arn) {
      const address = parseTableArn(arn.split('/index/')[0] ?? '');
      const table = address && state.in(address).find(address.name);
      const policy = table?.resourcePolicy;
      return table && { account: address.account, policies: policy ? [policy.document] : [] };
    },
    leaks: () =>
      state
        .all()
        .flatMap((tables) => tables.all())
        .map((table) => `DynamoDB table ${table.arn}`),
    async stop() {
      for (const tables of state.all()) tables.stop();
    },
  };
}
