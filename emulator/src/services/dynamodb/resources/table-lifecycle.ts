import type {
  ExistingResourceRequest,
  PropertyReader,
  ResourceRequest,
  UpdateRequest,
} from '../../../cloudformation/provider';
import { updateTags } from '../../resource-updates';
import { validation } from '../errors';
import { checkPolicy } from '../resource-policy';
import type { DynamoDbState } from '../state';
import type { Table } from '../table';
import { tableArn } from '../table-address';
import type { TableDefinition } from '../table-definition';
import { applySettings, type SettingsRequest } from '../table-settings';
import { changedIndexes } from './table-properties';

/** A table as a template describes it, whichever of the two types of table it is. */
export interface DescribedTable {
  readonly definition: TableDefinition;
  readonly settings: SettingsRequest;
  /** `TimeToLiveSpecification`, `PointInTimeRecoverySpecification`, `ResourcePolicy` and `Tags` are read from here. */
  readonly timeToLive: PropertyReader | undefined;
  readonly replica: PropertyReader;
}

/** Makes, changes and deletes tables for templates. No emulated time passes meanwhile: a table is active when the stack says so. */
export class TableLifecycle {
  constructor(private readonly state: DynamoDbState) {}

  create(request: ResourceRequest, described: DescribedTable): Table {
    const { account, region } = request;
    const { definition, replica, settings, timeToLive } = described;
    const address = { account, region, name: definition.name };
    this.permit(request, 'CreateTable', definition.name);
    const table = this.state
      .in(address)
      .create(
        definition,
        applySettings({ deletionProtection: false }, settings, address, this.state.keys),
        'at once',
      );
    for (const [key, value] of Object.entries({ ...request.stackTags, ...replica.tags() }))
      table.tags.set(key, value);
    this.applyBackups(table, replica);
    this.applyPolicy(table, replica);
    if (timeToLive?.boolean('Enabled'))
      table.timeToLive.set(timeToLive.requiredString('AttributeName'), true);
    return table;
  }

  update(request: UpdateRequest, before: DescribedTable, after: DescribedTable): void {
    const { account, region } = request;
    const tables = this.state.in({ account, region });
    this.permit(request, 'UpdateTable', request.physicalId);
    const table = tables.changeable(request.physicalId);
    const indexes = changedIndexes(before.definition, after.definition);
    const settings = applySettings(table.settings, after.settings, table.address, this.state.keys);
    this.updateTimeToLive(table, before.timeToLive, after.timeToLive);
    tables.change(table, after.definition, settings, indexes, 'at once');
    updateTags(
      table.tags,
      { ...request.previous.stackTags, ...before.replica.tags() },
      { ...request.stackTags, ...after.replica.tags() },
    );
    this.applyBackups(table, after.replica);
    this.applyPolicy(table, after.replica);
  }

  async delete(request: ExistingResourceRequest): Promise<void> {
    const { account, physicalId, region } = request;
    const tables = this.state.in({ account, region });
    const table = tables.find(physicalId);
    if (!table) return;
    this.permit(request, 'DeleteTable', physicalId);
    tables.delete(table, 'at once');
  }

  /** Undefined if it is gone. */
  read(request: ExistingResourceRequest): Table | undefined {
    const { account, physicalId, region } = request;
    for (const action of [
      'DescribeTable',
      'DescribeContinuousBackups',
      'DescribeTimeToLive',
      'GetResourcePolicy',
      'ListTagsOfResource',
    ])
      this.permit(request, action, physicalId);
    const table = this.state.in({ account, region }).find(physicalId);
    return table?.status === 'DELETING' ? undefined : table;
  }

  private permit(request: ResourceRequest, action: string, name: string): void {
    const { account, caller, region } = request;
    this.state.authorize({
      caller,
      action: `dynamodb:${action}`,
      resource: tableArn({ account, region, name }),
    });
  }

  private applyBackups(table: Table, replica: PropertyReader): void {
    const recovery = replica.object('PointInTimeRecoverySpecification');
    table.pointInTimeRecovery = recovery?.boolean('PointInTimeRecoveryEnabled')
      ? {
          enabledAt: table.pointInTimeRecovery?.enabledAt ?? this.state.clock.now(),
          recoveryPeriodInDays: recovery.number('RecoveryPeriodInDays') ?? 35,
        }
      : undefined;
  }

  private applyPolicy(table: Table, replica: PropertyReader): void {
    const document = replica.object('ResourcePolicy')?.json('PolicyDocument');
    if (document === undefined) {
      table.resourcePolicy = undefined;
      return;
    }
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    checkPolicy(text);
    if (table.resourcePolicy?.document !== text) this.state.putPolicy(table, text);
  }

  /** An attribute cannot be exchanged for another in one update, as by the API. */
  private updateTimeToLive(
    table: Table,
    before: PropertyReader | undefined,
    after: PropertyReader | undefined,
  ): void {
    const was = before?.boolean('Enabled') ?? false;
    const is = after?.boolean('Enabled') ?? false;
    const attribute = after?.string('AttributeName');
    const previous = before?.string('AttributeName');
    if (was && is && attribute !== previous)
      throw validation(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${previous}`,
      );
    if (was !== is) table.timeToLive.set(attribute, is);
  }
}
