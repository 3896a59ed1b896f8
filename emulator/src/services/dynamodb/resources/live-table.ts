import type {
  LiveProperties,
  ReadRequest,
  ResourceProperties,
  TemplateValue,
} from '../../../cloudformation/provider';
import { documentOf, tagList } from '../../live-properties';
import type { Table } from '../table';
import { requestOf } from '../table-definition';
import { listOf } from './unsupported';

/** What a table has come to. */
export function liveTable(table: Table, { properties }: ReadRequest): LiveProperties {
  const request = requestOf(table.definition);
  return {
    ...liveKeys(table),
    ...liveSettings(table, properties),
    GlobalSecondaryIndexes: plain(request.GlobalSecondaryIndexes),
    OnDemandThroughput: plain(table.settings.onDemandThroughput),
    ProvisionedThroughput: plain(request.ProvisionedThroughput),
    SSESpecification: encryptionOf(table, properties.SSESpecification),
    Tags: tagList(table.tags),
    TimeToLiveSpecification: timeToLiveOf(table, properties.TimeToLiveSpecification),
  };
}

/**
 * What a global table with one replica has come to. How its capacity scales is the template's: there is nobody else
 * who could change it.
 */
export function liveGlobalTable(
  table: Table,
  { properties, stackTags }: ReadRequest,
): LiveProperties {
  const [replica = {}] = listOf(properties.Replicas);
  const indexes = listOf(properties.GlobalSecondaryIndexes);
  return {
    ...liveKeys(table),
    GlobalSecondaryIndexes: table.definition.globalIndexes.map(({ throughput: _, ...index }) => ({
      ...indexes.find(({ IndexName: name }) => name === index.IndexName),
      ...withoutUndefined(index),
    })),
    Replicas: [
      {
        ...replica,
        ...withoutUndefined(liveSettings(table, replica)),
        Region: table.address.region,
        Tags: tagsOfReplica(table, replica, stackTags),
      },
    ],
    SSESpecification: encryptionOf(table, properties.SSESpecification),
    TimeToLiveSpecification: timeToLiveOf(table, properties.TimeToLiveSpecification),
  };
}

function liveKeys({ definition, name }: Table): LiveProperties {
  const { AttributeDefinitions, BillingMode, KeySchema, LocalSecondaryIndexes } =
    requestOf(definition);
  return {
    AttributeDefinitions: plain(AttributeDefinitions),
    BillingMode,
    KeySchema: plain(KeySchema),
    LocalSecondaryIndexes: plain(LocalSecondaryIndexes),
    TableName: name,
  };
}

function liveSettings(table: Table, declared: ResourceProperties): LiveProperties {
  const { pointInTimeRecovery: recovery, resourcePolicy: policy, settings } = table;
  return {
    DeletionProtectionEnabled: settings.deletionProtection,
    PointInTimeRecoverySpecification: recovery
      ? { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: recovery.recoveryPeriodInDays }
      : {
          ...membersOf(declared.PointInTimeRecoverySpecification),
          PointInTimeRecoveryEnabled: false,
        },
    ResourcePolicy: policy && { PolicyDocument: documentOf(policy.document) ?? null },
    TableClass: settings.tableClass ?? 'STANDARD',
  };
}

/** A key has many names: which of them it is, is the template's. */
function encryptionOf({ settings }: Table, declared: TemplateValue | undefined): TemplateValue {
  return { ...membersOf(declared), SSEEnabled: settings.keyArn !== undefined };
}

function timeToLiveOf({ timeToLive }: Table, declared: TemplateValue | undefined): TemplateValue {
  const { AttributeName: attribute, TimeToLiveStatus: status } = timeToLive.describe();
  return status === 'ENABLED' || status === 'ENABLING'
    ? { AttributeName: attribute ?? null, Enabled: true }
    : { ...membersOf(declared), Enabled: false };
}

/** Those of the template first and in its order; the stack's are not the replica's own. */
function tagsOfReplica(
  { tags }: Table,
  replica: ResourceProperties,
  stackTags: ReadRequest['stackTags'],
): TemplateValue[] {
  const declared = listOf(replica.Tags).map(({ Key: key }) => String(key));
  const others = [...tags.keys()].filter((key) => !declared.includes(key) && !(key in stackTags));
  return [...declared, ...others].flatMap((key) => {
    const value = tags.get(key);
    return value === undefined ? [] : [{ Key: key, Value: value }];
  });
}

function membersOf(value: TemplateValue | undefined): ResourceProperties {
  return listOf([value ?? null])[0] ?? {};
}

/** In the form of a template. */
function plain(value: object | undefined): TemplateValue | undefined {
  return value && JSON.parse(JSON.stringify(value));
}

function withoutUndefined(value: object): ResourceProperties {
  return JSON.parse(JSON.stringify(value));
}
