import type { OnDemandThroughput, SSESpecification, TableClass } from '@aws-sdk/client-dynamodb';
import { invalidParameter } from './errors';
import type { TableKeys } from './state';
import type { TableSettings } from './table';
import type { TableAddress } from './table-address';

/** The parameters of CreateTable and UpdateTable that are settings. */
export interface SettingsRequest {
  readonly DeletionProtectionEnabled?: boolean;
  readonly OnDemandThroughput?: OnDemandThroughput;
  readonly SSESpecification?: SSESpecification;
  readonly TableClass?: TableClass;
}

/** The key that DynamoDB uses where none is named. */
const managedKey = 'alias/aws/dynamodb';

/**
 * A table's settings after a request; what it does not mention stays.
 *
 * @throws ServiceError ValidationException, or KMS's errors for a key that cannot be used.
 */
export function applySettings(
  settings: TableSettings,
  request: SettingsRequest,
  address: TableAddress,
  keys: TableKeys,
): TableSettings {
  return {
    ...settings,
    ...encryption(request.SSESpecification, address, keys),
    deletionProtection: request.DeletionProtectionEnabled ?? settings.deletionProtection,
    tableClass: request.TableClass ?? settings.tableClass,
    onDemandThroughput: request.OnDemandThroughput ?? settings.onDemandThroughput,
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html */
function encryption(
  specification: SSESpecification | undefined,
  { account, region }: TableAddress,
  keys: TableKeys,
): Pick<TableSettings, 'keyArn' | 'customerManagedKey'> {
  if (specification === undefined) return {};
  const { Enabled: enabled, KMSMasterKeyId: keyId, SSEType: type } = specification;
  if (type === 'AES256') throw invalidParameter('SSEType AES256 is not supported');
  if (!enabled) {
    if (keyId !== undefined)
      throw invalidParameter('KMSMasterKeyId cannot be specified when SSE is disabled');
    return { keyArn: undefined, customerManagedKey: false };
  }
  const key = keyId ?? managedKey;
  return {
    keyArn: keys.usableKeyArn(key, account, region),
    customerManagedKey: !key.endsWith(managedKey),
  };
}
