import { isDeepStrictEqual } from 'node:util';
import type { InputOf } from '../../protocol/handlers';
import { invalidParameter, limitExceeded, notFound, validation } from './errors';
import { requestOf, type TableDefinition, tableDefinition } from './table-definition';

type UpdateInput = InputOf<typeof import('@aws-sdk/client-dynamodb'), 'UpdateTable'>;

/** What becomes of a table. */
export interface TableChange {
  readonly definition: TableDefinition;
  /** Global indexes that come, go or change. */
  readonly indexes: ReadonlyMap<string, 'CREATING' | 'DELETING' | 'UPDATING'>;
}

/**
 * A table's definition after UpdateTable.
 *
 * @throws ServiceError ValidationException, LimitExceededException, ResourceNotFoundException
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
 */
export function changedTable(before: TableDefinition, input: UpdateInput): TableChange {
  const {
    AttributeDefinitions,
    BillingMode,
    DeletionProtectionEnabled,
    GlobalSecondaryIndexUpdates: updates = [],
    OnDemandThroughput,
    ProvisionedThroughput,
    SSESpecification,
    TableClass,
  } = input;
  const asked = [
    BillingMode,
    DeletionProtectionEnabled,
    OnDemandThroughput,
    ProvisionedThroughput,
    SSESpecification,
    TableClass,
    updates[0],
  ];
  if (asked.every((value) => value === undefined))
    throw validation(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  const request = requestOf(before);
  const billingMode = BillingMode ?? before.billingMode;
  const provisioned = billingMode === 'PROVISIONED';
  if (BillingMode === 'PROVISIONED' && !ProvisionedThroughput && before.billingMode !== BillingMode)
    throw invalidParameter(
      'ProvisionedThroughput must be specified when BillingMode is PROVISIONED',
    );
  requireChange(before, ProvisionedThroughput);
  const { indexes, definitions } = changedIndexes(request.GlobalSecondaryIndexes ?? [], updates);
  return {
    definition: tableDefinition({
      ...request,
      AttributeDefinitions: attributesOf(before, AttributeDefinitions, definitions),
      BillingMode: billingMode,
      ProvisionedThroughput:
        ProvisionedThroughput ?? (provisioned ? request.ProvisionedThroughput : undefined),
      GlobalSecondaryIndexes:
        definitions.length === 0
          ? undefined
          : provisioned
            ? definitions
            : definitions.map(withoutThroughput),
    }),
    indexes,
  };
}

interface IndexRequest {
  readonly IndexName?: string;
  readonly KeySchema?: readonly { readonly AttributeName?: string }[];
}

function changedIndexes(
  existing: readonly object[],
  updates: NonNullable<UpdateInput['GlobalSecondaryIndexUpdates']>,
): { readonly definitions: IndexRequest[]; readonly indexes: TableChange['indexes'] } {
  const onlineChanges = updates.filter(({ Create, Delete }) => Create ?? Delete);
  if (onlineChanges.length > 1)
    throw limitExceeded(
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  const indexes = new Map<string, 'CREATING' | 'DELETING' | 'UPDATING'>();
  let definitions: IndexRequest[] = [...existing];
  const take = (name: string, change: 'CREATING' | 'DELETING' | 'UPDATING') => {
    if (indexes.has(name))
      throw invalidParameter(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      );
    indexes.set(name, change);
    return definitions.find(({ IndexName }) => IndexName === name);
  };
  for (const { Create, Delete, Update } of updates) {
    if (Create) {
      if (take(Create.IndexName, 'CREATING'))
        throw validation('Attempting to create an index which already exists');
      definitions.push(Create);
    } else if (Delete) {
      const index = take(Delete.IndexName, 'DELETING');
      if (!index) throw notFound();
      definitions = definitions.filter((other) => other !== index);
    } else if (Update) {
      const index = take(Update.IndexName, 'UPDATING');
      if (!index) throw notFound();
      const { IndexName, ...settings } = Update;
      definitions = definitions.map((other) =>
        other === index ? { ...index, ...settings } : other,
      );
    } else {
      throw invalidParameter(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
  }
  return { definitions, indexes };
}

/** Those that are given take the place of those before; attributes of keys that have gone are forgotten. */
function attributesOf(
  { attributes, keySchema, localIndexes }: TableDefinition,
  given: readonly { readonly AttributeName?: string }[] | undefined,
  globalIndexes: readonly IndexRequest[],
): readonly object[] {
  const names = new Set(
    [keySchema, ...[...localIndexes, ...globalIndexes].map(({ KeySchema = [] }) => KeySchema)]
      .flat()
      .map(({ AttributeName }) => AttributeName),
  );
  const all = new Map(
    [...attributes, ...(given ?? [])].map((attribute) => [attribute.AttributeName, attribute]),
  );
  return [...all.values()].filter(({ AttributeName }) => names.has(AttributeName));
}

function requireChange(
  { billingMode, throughput }: TableDefinition,
  units: UpdateInput['ProvisionedThroughput'],
): void {
  if (
    !units ||
    billingMode !== 'PROVISIONED' ||
    !isDeepStrictEqual({ ...units }, { ...throughput })
  )
    return;
  throw validation(
    `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${throughput.ReadCapacityUnits}. Requested ReadCapacityUnits: ${units.ReadCapacityUnits}. Current WriteCapacityUnits provisioned for the table: ${throughput.WriteCapacityUnits}. Requested WriteCapacityUnits: ${units.WriteCapacityUnits}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
}

function withoutThroughput(index: object): object {
  const { ProvisionedThroughput, ...rest }: { ProvisionedThroughput?: unknown } = index;
  return rest;
}
