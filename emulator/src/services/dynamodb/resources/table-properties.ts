import { isDeepStrictEqual } from 'node:util';
import type { PropertyReader } from '../../../cloudformation/provider';
import { ServiceError } from '../../../protocol/errors';
import type { TableRequest } from '../table-definition';
import { type TableDefinition, tableDefinition } from '../table-definition';
import type { SettingsRequest } from '../table-settings';

/** Reads and writes a second of a table or an index that is paid for them. */
export interface Units {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** Where a type of table says its throughput. */
export interface ThroughputReader {
  table(properties: PropertyReader): Units | undefined;
  index(index: PropertyReader, properties: PropertyReader): Units | undefined;
}

/** The parts of a template that make a table. */
export function tableRequest(
  properties: PropertyReader,
  name: string,
  throughput: ThroughputReader,
): TableRequest {
  return {
    TableName: name,
    AttributeDefinitions: properties.objects('AttributeDefinitions')?.map((attribute) => ({
      AttributeName: attribute.requiredString('AttributeName'),
      AttributeType: attribute.requiredString('AttributeType'),
    })),
    KeySchema: keySchema(properties),
    LocalSecondaryIndexes: properties.objects('LocalSecondaryIndexes')?.map(indexRequest),
    GlobalSecondaryIndexes: emptyAsAbsent(
      properties.objects('GlobalSecondaryIndexes')?.map((index) => ({
        ...indexRequest(index),
        ...present('ProvisionedThroughput', throughput.index(index, properties)),
      })),
    ),
    BillingMode: properties.string('BillingMode'),
    ProvisionedThroughput: throughput.table(properties),
  };
}

/** `ProvisionedThroughput` as CloudFormation writes it. */
export function unitsOf(reader: PropertyReader | undefined): Units | undefined {
  const read = reader?.number('ReadCapacityUnits');
  const write = reader?.number('WriteCapacityUnits');
  return read === undefined || write === undefined
    ? undefined
    : { ReadCapacityUnits: read, WriteCapacityUnits: write };
}

/** The settings of a template: what it leaves out is as by default. */
export function settingsRequest(properties: PropertyReader, keyId?: string): SettingsRequest {
  const encryption = properties.object('SSESpecification');
  const onDemand = properties.object('OnDemandThroughput');
  const tableClass = properties.string('TableClass');
  return {
    SSESpecification: {
      Enabled: encryption?.boolean('SSEEnabled') ?? false,
      KMSMasterKeyId: keyId ?? encryption?.string('KMSMasterKeyId'),
    },
    TableClass:
      tableClass === 'STANDARD' || tableClass === 'STANDARD_INFREQUENT_ACCESS'
        ? tableClass
        : undefined,
    DeletionProtectionEnabled: properties.boolean('DeletionProtectionEnabled') ?? false,
    OnDemandThroughput: onDemand && {
      MaxReadRequestUnits: onDemand.number('MaxReadRequestUnits'),
      MaxWriteRequestUnits: onDemand.number('MaxWriteRequestUnits'),
    },
  };
}

/**
 * What becomes of the indexes when a template changes: one at a time, as CloudFormation has it.
 *
 * @throws ServiceError in CloudFormation's words.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
export function changedIndexes(
  before: TableDefinition,
  after: TableDefinition,
): Map<string, 'CREATING' | 'DELETING' | 'UPDATING'> {
  const changes = new Map<string, 'CREATING' | 'DELETING' | 'UPDATING'>();
  const old = new Map(before.globalIndexes.map((index) => [index.IndexName, index]));
  for (const index of after.globalIndexes) {
    const { IndexName: name } = index;
    const existing = old.get(name);
    old.delete(name);
    if (!existing) changes.set(name, 'CREATING');
    else if (differsInKind(existing, index))
      throw new ServiceError(
        'InvalidRequest',
        "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. You can create a new GSI with a different name.",
      );
    else if (!isDeepStrictEqual({ ...existing.throughput }, { ...index.throughput }))
      changes.set(name, 'UPDATING');
  }
  for (const name of old.keys()) changes.set(name, 'DELETING');
  const online = [...changes.values()].filter((change) => change !== 'UPDATING');
  if (online.length > 1)
    throw new ServiceError(
      'InvalidRequest',
      'Cannot perform more than one GSI creation or deletion in a single update',
    );
  return changes;
}

/** A template's definition. @throws ServiceError ValidationException */
export function definitionOf(
  properties: PropertyReader,
  name: string,
  throughput: ThroughputReader,
): TableDefinition {
  return tableDefinition(tableRequest(properties, name, throughput));
}

function differsInKind(
  before: TableDefinition['globalIndexes'][number],
  after: TableDefinition['globalIndexes'][number],
): boolean {
  const { throughput: _before, ...old } = before;
  const { throughput: _after, ...now } = after;
  return JSON.stringify(old) !== JSON.stringify(now);
}

function indexRequest(index: PropertyReader): object {
  const projection = index.object('Projection');
  return {
    IndexName: index.requiredString('IndexName'),
    KeySchema: keySchema(index),
    Projection: {
      ...present('ProjectionType', projection?.string('ProjectionType')),
      ...present('NonKeyAttributes', projection?.strings('NonKeyAttributes')),
    },
  };
}

function keySchema(reader: PropertyReader): object[] | undefined {
  return reader.objects('KeySchema')?.map((key) => ({
    AttributeName: key.requiredString('AttributeName'),
    KeyType: key.requiredString('KeyType'),
  }));
}

function present(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}

function emptyAsAbsent<T>(list: T[] | undefined): T[] | undefined {
  return list?.length === 0 ? undefined : list;
}
