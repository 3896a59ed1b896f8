import type { BillingMode } from '@aws-sdk/client-dynamodb';
import {
  type AttributeDefinition,
  type CapacityUnits,
  type IndexSchema,
  indexesOf,
  type KeySchemaElement,
  prepareTable,
  type TableSchema,
} from '../../engines/dynamodb';
import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { invalidParameter } from './errors';

/** What makes a table, as a request or a template says it; its form is checked here. */
export interface TableRequest {
  readonly TableName?: string;
  readonly AttributeDefinitions?: readonly object[];
  readonly KeySchema?: readonly object[];
  readonly LocalSecondaryIndexes?: readonly object[];
  readonly GlobalSecondaryIndexes?: readonly object[];
  readonly BillingMode?: string;
  readonly ProvisionedThroughput?: object;
}

/** A global secondary index as it was asked for. */
export interface GlobalIndexDefinition extends IndexSchema {
  /** Zeros for a table that is paid by request. */
  readonly throughput: CapacityUnits;
}

/** A table as it was asked for, in valid form. */
export interface TableDefinition {
  readonly name: string;
  readonly attributes: readonly AttributeDefinition[];
  readonly keySchema: readonly KeySchemaElement[];
  readonly localIndexes: readonly IndexSchema[];
  readonly globalIndexes: readonly GlobalIndexDefinition[];
  readonly billingMode: BillingMode;
  /** Zeros for a table that is paid by request. */
  readonly throughput: CapacityUnits;
}

const none: CapacityUnits = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

/**
 * Reads what a table is to be.
 *
 * @throws ServiceError ValidationException in DynamoDB's words, NotImplemented for a setting of an index that is not there.
 */
export function tableDefinition(request: TableRequest): TableDefinition {
  for (const index of request.GlobalSecondaryIndexes ?? []) checkIndexMembers(index);
  const {
    TableName,
    AttributeDefinitions,
    BillingMode,
    GlobalSecondaryIndexes,
    KeySchema,
    LocalSecondaryIndexes,
    ProvisionedThroughput,
  } = prepareTable(request);
  const billingMode = BillingMode ?? 'PROVISIONED';
  const definition: TableDefinition = {
    name: TableName,
    attributes: AttributeDefinitions,
    keySchema: KeySchema,
    localIndexes: LocalSecondaryIndexes ?? [],
    globalIndexes: (GlobalSecondaryIndexes ?? []).map(
      ({ IndexName, KeySchema, Projection, ProvisionedThroughput: units }) => {
        if (billingMode === 'PROVISIONED' && units === undefined)
          throw invalidParameter(`ProvisionedThroughput must be specified for index: ${IndexName}`);
        return { IndexName, KeySchema, Projection, throughput: units ?? none };
      },
    ),
    billingMode,
    throughput: ProvisionedThroughput ?? none,
  };
  checkAttributesAreUsed(definition);
  return definition;
}

/** A definition as the engine takes it. */
export function schemaOf(definition: TableDefinition): TableSchema {
  const { attributes, globalIndexes, keySchema, localIndexes, name } = definition;
  return {
    TableName: name,
    AttributeDefinitions: attributes,
    KeySchema: keySchema,
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
    ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
  };
}

/** A definition as a request would say it, to be changed and read again. */
export function requestOf(definition: TableDefinition): TableRequest {
  const { billingMode, globalIndexes, throughput } = definition;
  const provisioned = billingMode === 'PROVISIONED';
  return {
    ...schemaOf(definition),
    BillingMode: billingMode,
    ...(provisioned && { ProvisionedThroughput: throughput }),
    ...(globalIndexes.length > 0 && {
      GlobalSecondaryIndexes: globalIndexes.map(({ throughput: units, ...index }) => ({
        ...index,
        ...(provisioned && { ProvisionedThroughput: units }),
      })),
    }),
  };
}

/** Streams are not there: a request that turns them on is refused by name. */
export function refuseStream(
  operation: string,
  specification: { readonly StreamEnabled?: boolean } | undefined,
): void {
  if (specification?.StreamEnabled)
    throw new NotImplementedError(`DynamoDB Streams (StreamSpecification of ${operation})`);
}

/** What dynalite would leave out without a word. */
function checkIndexMembers(index: object): void {
  const members: Record<string, unknown> = { ...index };
  acceptOnly('a global secondary index', members, [
    'IndexName',
    'KeySchema',
    'Projection',
    'ProvisionedThroughput',
  ]);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html: every attribute is of some key. */
function checkAttributesAreUsed(definition: TableDefinition): void {
  const indexes = indexesOf(schemaOf(definition));
  const used = new Set(
    [definition.keySchema, ...indexes.map(({ KeySchema }) => KeySchema)]
      .flat()
      .map(({ AttributeName }) => AttributeName),
  );
  const defined = definition.attributes.map(({ AttributeName }) => AttributeName);
  if (defined.some((name) => !used.has(name)))
    throw invalidParameter(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
}
