import type { ResourceProvider } from '../../../cloudformation/provider';
import type { DynamoDbState } from '../state';
import { globalTableProvider } from './global-table-resource';
import { tableProvider } from './table-resource';

/** The CloudFormation types of DynamoDB. */
export function dynamoDbResources(state: DynamoDbState): ResourceProvider[] {
  return [tableProvider(state), globalTableProvider(state)];
}
