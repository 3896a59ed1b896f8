import { PropertyReader, type ResourceProvider } from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState, unchangeable } from '../../resource-updates';
import type { DynamoDbState } from '../state';
import { liveTable } from './live-table';
import { type DescribedTable, TableLifecycle } from './table-lifecycle';
import { definitionOf, settingsRequest, type ThroughputReader, unitsOf } from './table-properties';
import { unsupportedIndexSettings, unsupportedStream } from './unsupported';

const type = 'AWS::DynamoDB::Table';

const throughput: ThroughputReader = {
  table: (properties) => unitsOf(properties.object('ProvisionedThroughput')),
  index: (index) => unitsOf(index.object('ProvisionedThroughput')),
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export function tableProvider(state: DynamoDbState): ResourceProvider {
  const lifecycle = new TableLifecycle(state);
  return {
    type,
    level: 'emulated',
    recordedProperties: [
      'OnDemandThroughput',
      'PointInTimeRecoverySpecification',
      'ProvisionedThroughput',
      'SSESpecification',
      'TableClass',
    ],
    unsupported: (properties) => [
      ...unsupportedStream(type, properties),
      ...unsupportedProperties(type, properties, [
        'AttributeDefinitions',
        'BillingMode',
        'DeletionProtectionEnabled',
        'GlobalSecondaryIndexes',
        'KeySchema',
        'LocalSecondaryIndexes',
        'OnDemandThroughput',
        'PointInTimeRecoverySpecification',
        'ProvisionedThroughput',
        'ResourcePolicy',
        'SSESpecification',
        'StreamSpecification',
        'TableClass',
        'TableName',
        'Tags',
        'TimeToLiveSpecification',
      ]),
      ...unsupportedIndexSettings(type, properties, ['ProvisionedThroughput']),
    ],
    unsupportedUpdate: unchangeable(type, ['LocalSecondaryIndexes']),
    async create(request) {
      const properties = new PropertyReader(request.properties);
      const name = properties.string('TableName') ?? request.generateName(255);
      const table = lifecycle.create(request, described(properties, name));
      return { physicalId: name, attributes: { Arn: table.arn } };
    },
    async find(request) {
      const table = state.in(request).find(request.identifier.TableName ?? '');
      return table && { physicalId: table.name, attributes: { Arn: table.arn } };
    },
    async update(request) {
      const { physicalId } = request;
      lifecycle.update(
        request,
        described(new PropertyReader(request.previous.properties), physicalId),
        described(new PropertyReader(request.properties), physicalId),
      );
      return sameState(request);
    },
    delete: (request) => lifecycle.delete(request),
    async read(request) {
      const table = lifecycle.read(request);
      return table && liveTable(table, request);
    },
    unorderedProperties: [
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
    ],
  };
}

function described(properties: PropertyReader, name: string): DescribedTable {
  return {
    definition: definitionOf(properties, name, throughput),
    settings: settingsRequest(properties),
    timeToLive: properties.object('TimeToLiveSpecification'),
    replica: properties,
  };
}
