import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState } from '../../resource-updates';
import type { DynamoDbState } from '../state';
import { liveGlobalTable } from './live-table';
import { type DescribedTable, TableLifecycle } from './table-lifecycle';
import {
  definitionOf,
  settingsRequest,
  type ThroughputReader,
  type Units,
} from './table-properties';
import { listOf, unsupportedIndexSettings, unsupportedStream } from './unsupported';

const type = 'AWS::DynamoDB::GlobalTable';

/**
 * Global tables with one replica, in the stack's own Region: what aws-cdk-lib makes of a `TableV2`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
 */
export function globalTableProvider(state: DynamoDbState): ResourceProvider {
  const lifecycle = new TableLifecycle(state);
  return {
    type,
    level: 'emulated',
    recordedProperties: [
      'ReadOnDemandThroughputSettings',
      'ReadProvisionedThroughputSettings',
      'SSESpecification',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ],
    unsupported: (properties) => [
      ...unsupportedStream(type, properties),
      ...unsupportedProperties(type, properties, [
        'AttributeDefinitions',
        'BillingMode',
        'GlobalSecondaryIndexes',
        'KeySchema',
        'LocalSecondaryIndexes',
        'ReadOnDemandThroughputSettings',
        'ReadProvisionedThroughputSettings',
        'Replicas',
        'SSESpecification',
        'StreamSpecification',
        'TableName',
        'TimeToLiveSpecification',
        'WriteOnDemandThroughputSettings',
        'WriteProvisionedThroughputSettings',
      ]),
      ...unsupportedIndexSettings(type, properties, [
        'ReadProvisionedThroughputSettings',
        'WriteProvisionedThroughputSettings',
      ]),
      ...unsupportedReplicas(properties),
    ],
    async create(request) {
      const properties = new PropertyReader(request.properties);
      const name = properties.string('TableName') ?? request.generateName(255);
      const table = lifecycle.create(request, described(properties, name, request.region));
      return { physicalId: name, attributes: { Arn: table.arn, TableId: table.id } };
    },
    async update(request) {
      const { physicalId, region } = request;
      lifecycle.update(
        request,
        described(new PropertyReader(request.previous.properties), physicalId, region),
        described(new PropertyReader(request.properties), physicalId, region),
      );
      return sameState(request);
    },
    delete: (request) => lifecycle.delete(request),
    async read(request) {
      const table = lifecycle.read(request);
      return table && liveGlobalTable(table, request);
    },
    unorderedProperties: [
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
    ],
  };
}

function unsupportedReplicas({ Replicas: value }: ResourceProperties): string[] {
  const replicas = listOf(value);
  if (replicas.length > 1)
    return [`${type} does not support more than the replica of the stack's own Region`];
  return replicas.flatMap((replica) =>
    unsupportedProperties(`A replica of ${type}`, replica, [
      'DeletionProtectionEnabled',
      'GlobalSecondaryIndexes',
      'PointInTimeRecoverySpecification',
      'ReadOnDemandThroughputSettings',
      'ReadProvisionedThroughputSettings',
      'Region',
      'ResourcePolicy',
      'SSESpecification',
      'TableClass',
      'Tags',
    ]),
  );
}

function described(properties: PropertyReader, name: string, region: string): DescribedTable {
  const replica = replicaOf(properties);
  const where = replica.requiredString('Region');
  if (where !== region)
    throw new Error(`${type} needs a replica in the stack's own Region ${region}, got ${where}`);
  const encryption = settingsRequest(
    properties,
    replica.object('SSESpecification')?.string('KMSMasterKeyId'),
  ).SSESpecification;
  return {
    definition: definitionOf(properties, name, throughput),
    settings: { ...settingsRequest(replica), SSESpecification: encryption },
    timeToLive: properties.object('TimeToLiveSpecification'),
    replica,
  };
}

function replicaOf(properties: PropertyReader): PropertyReader {
  return properties.objects('Replicas')?.[0] ?? new PropertyReader({});
}

/** A capacity that scales is recorded as its least. */
const throughput: ThroughputReader = {
  table: (properties) => units(properties, replicaOf(properties), properties),
  index: (index, properties) =>
    units(
      index,
      replicaOf(properties)
        .objects('GlobalSecondaryIndexes')
        ?.find((other) => other.string('IndexName') === index.string('IndexName')),
      properties,
    ),
};

function units(
  writes: PropertyReader,
  reads: PropertyReader | undefined,
  properties: PropertyReader,
): Units | undefined {
  if (properties.string('BillingMode') === 'PAY_PER_REQUEST') return undefined;
  const write = capacity(writes.object('WriteProvisionedThroughputSettings'), 'Write');
  const read =
    capacity(reads?.object('ReadProvisionedThroughputSettings'), 'Read') ??
    capacity(writes.object('ReadProvisionedThroughputSettings'), 'Read');
  return read === undefined || write === undefined
    ? undefined
    : { ReadCapacityUnits: read, WriteCapacityUnits: write };
}

function capacity(
  settings: PropertyReader | undefined,
  kind: 'Read' | 'Write',
): number | undefined {
  return (
    settings?.number(`${kind}CapacityUnits`) ??
    settings?.object(`${kind}CapacityAutoScalingSettings`)?.number('MinCapacity')
  );
}
