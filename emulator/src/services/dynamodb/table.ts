import type {
  GlobalSecondaryIndexDescription,
  OnDemandThroughput,
  ProvisionedThroughputDescription,
  SSEDescription,
  TableClass,
  TableDescription,
  TableStatus,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../clock/clock';
import { type CapacityUnits, TableItems } from '../../engines/dynamodb';
import { notFound, validation } from './errors';
import { type TableAddress, tableArn } from './table-address';
import { schemaOf, type TableDefinition } from './table-definition';
import { TimeToLive } from './time-to-live';

/** Settings of a table that do not make another table of it. */
export interface TableSettings {
  readonly tableClass?: TableClass;
  readonly deletionProtection: boolean;
  /** ARN of the key behind `SSEType` KMS; undefined for DynamoDB's own key. */
  readonly keyArn?: string;
  /** Whether the key is the user's own, so that callers need rights to it. */
  readonly customerManagedKey?: boolean;
  readonly onDemandThroughput?: OnDemandThroughput;
}

/** Point-in-time recovery, as it is described: nothing is ever restored. */
export interface PointInTimeRecovery {
  readonly enabledAt: number;
  readonly recoveryPeriodInDays: number;
}

/** A table with its items. */
export class Table {
  readonly arn: string;
  readonly items: TableItems;
  readonly timeToLive: TimeToLive;
  readonly tags = new Map<string, string>();
  status: TableStatus = 'CREATING';
  pointInTimeRecovery: PointInTimeRecovery | undefined;
  resourcePolicy: { readonly document: string; readonly revision: string } | undefined;
  /** When it was last turned to payment by request. */
  paidByRequestSince: number | undefined;
  /** Names of the global indexes that are on their way, and where to. */
  readonly changingIndexes = new Map<string, 'CREATING' | 'DELETING' | 'UPDATING'>();
  private readonly created: number;

  constructor(
    readonly address: TableAddress,
    readonly id: string,
    public definition: TableDefinition,
    public settings: TableSettings,
    private readonly clock: Clock,
  ) {
    this.arn = tableArn(address);
    this.created = clock.now();
    this.items = new TableItems(schemaOf(definition));
    this.timeToLive = new TimeToLive(address.name, clock, this.items);
    if (definition.billingMode === 'PAY_PER_REQUEST') this.paidByRequestSince = this.created;
  }

  get name(): string {
    return this.address.name;
  }

  /** Gives it other indexes, billing or throughput; new indexes are filled. */
  redefine(definition: TableDefinition): void {
    if (definition.billingMode !== this.definition.billingMode)
      this.paidByRequestSince =
        definition.billingMode === 'PAY_PER_REQUEST' ? this.clock.now() : this.paidByRequestSince;
    this.definition = definition;
    this.items.changeIndexes(schemaOf(definition));
  }

  /**
   * @throws ServiceError ResourceNotFoundException while it is not there for readers and writers.
   */
  requireUsable(): void {
    if (this.status === 'CREATING' || this.status === 'DELETING') throw notFound();
  }

  /** @throws ServiceError ValidationException for an index that is still being filled. */
  requireReadableIndex(name: string | undefined): void {
    if (name !== undefined && this.changingIndexes.get(name) === 'CREATING')
      throw validation(`Cannot read from backfilling global secondary index: ${name}`);
  }

  /** As DescribeTable has it. Counts are those of this moment; AWS brings them up to date every six hours. */
  describe(): TableDescription {
    const { attributes, billingMode, globalIndexes, keySchema, localIndexes } = this.definition;
    const { deletionProtection, onDemandThroughput, tableClass } = this.settings;
    return {
      AttributeDefinitions: [...attributes],
      TableName: this.name,
      KeySchema: [...keySchema],
      TableStatus: this.status,
      CreationDateTime: new Date(this.created),
      ProvisionedThroughput: throughput(this.definition.throughput),
      TableSizeBytes: this.items.bytes,
      ItemCount: this.items.count,
      TableArn: this.arn,
      TableId: this.id,
      BillingModeSummary:
        this.paidByRequestSince === undefined
          ? undefined
          : {
              BillingMode: billingMode,
              LastUpdateToPayPerRequestDateTime: new Date(this.paidByRequestSince),
            },
      LocalSecondaryIndexes:
        localIndexes.length === 0
          ? undefined
          : localIndexes.map(({ IndexName, KeySchema, Projection }) => ({
              IndexName,
              KeySchema: [...KeySchema],
              Projection: projection(Projection),
              ...this.indexSize(IndexName),
            })),
      GlobalSecondaryIndexes:
        globalIndexes.length === 0
          ? undefined
          : globalIndexes.map(({ IndexName, KeySchema, Projection, throughput: units }) => ({
              IndexName,
              KeySchema: [...KeySchema],
              Projection: projection(Projection),
              ...this.indexStatus(IndexName),
              ProvisionedThroughput: throughput(units),
              ...this.indexSize(IndexName),
            })),
      SSEDescription: this.encryption(),
      TableClassSummary: tableClass && { TableClass: tableClass },
      DeletionProtectionEnabled: deletionProtection,
      OnDemandThroughput: onDemandThroughput,
    };
  }

  private encryption(): SSEDescription | undefined {
    const { keyArn } = this.settings;
    return keyArn === undefined
      ? undefined
      : { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: keyArn };
  }

  private indexStatus(
    name: string,
  ): Pick<GlobalSecondaryIndexDescription, 'IndexStatus' | 'Backfilling'> {
    const change = this.status === 'CREATING' ? 'CREATING' : this.changingIndexes.get(name);
    return {
      IndexStatus: change ?? 'ACTIVE',
      Backfilling: change === 'CREATING' && this.status !== 'CREATING' ? true : undefined,
    };
  }

  private indexSize(name: string) {
    const { bytes, count } = this.items.indexSize(name);
    return { IndexSizeBytes: bytes, ItemCount: count, IndexArn: `${this.arn}/index/${name}` };
  }
}

function throughput(units: CapacityUnits): ProvisionedThroughputDescription {
  return { NumberOfDecreasesToday: 0, ...units };
}

function projection({
  ProjectionType,
  NonKeyAttributes,
}: TableDefinition['localIndexes'][number]['Projection']) {
  return {
    ProjectionType,
    NonKeyAttributes: NonKeyAttributes && [...NonKeyAttributes],
  };
}
