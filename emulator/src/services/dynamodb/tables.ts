import type { Clock } from '../../clock/clock';
import type { RandomSource } from '../../random/random';
import { inUse, notFound, tableExists, tableNotFound, validation } from './errors';
import { Table, type TableSettings } from './table';
import type { TableDefinition } from './table-definition';

/** How long a table takes to be made, changed or deleted, in emulated milliseconds. */
const tableTime = 5_000;

/** How long an index takes that is added to a table or removed, in emulated milliseconds. */
const indexTime = 60_000;

/**
 * How something comes about: `as AWS` over some emulated seconds, or `at once` for a template, whose
 * deployment takes no emulated time.
 */
export type Pace = 'as AWS' | 'at once';

/** The tables of one account in one region. */
export class Tables {
  private readonly tables = new Map<string, Table>();

  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  all(): Table[] {
    return [...this.tables.values()];
  }

  find(name: string): Table | undefined {
    return this.tables.get(name);
  }

  /** @throws ServiceError ResourceNotFoundException */
  get(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw tableNotFound(name);
    return table;
  }

  /** A table that can be read and written. @throws ServiceError ResourceNotFoundException */
  usable(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw notFound();
    table.requireUsable();
    return table;
  }

  /** A table that nothing else is being done to. @throws ServiceError ResourceNotFoundException, ResourceInUseException */
  changeable(name: string): Table {
    const table = this.get(name);
    if (table.status === 'CREATING') throw inUse(`Table is being created: ${name}`);
    if (table.status === 'DELETING') throw inUse(`Table is being deleted: ${name}`);
    if (table.status !== 'ACTIVE') throw inUse(`Table is being updated: ${name}`);
    return table;
  }

  /** @throws ServiceError ResourceInUseException if there is a table of that name. */
  create(definition: TableDefinition, settings: TableSettings, pace: Pace): Table {
    const { name } = definition;
    if (this.tables.has(name)) throw tableExists(name);
    const { account, region } = this;
    const id = this.random.stream(`dynamodb/${account}/${region}/${name}`).uuid();
    const table = new Table({ account, region, name }, id, definition, settings, this.clock);
    this.tables.set(name, table);
    this.settle(pace, tableTime, `creation of table ${name}`, () => {
      table.status = 'ACTIVE';
    });
    return table;
  }

  /** Changes a table that {@link changeable} has returned; `indexes` are those that come, go or change. */
  change(
    table: Table,
    definition: TableDefinition,
    settings: TableSettings,
    indexes: ReadonlyMap<string, 'CREATING' | 'DELETING' | 'UPDATING'>,
    pace: Pace,
  ): void {
    table.settings = settings;
    const kept = table.definition.globalIndexes.filter(
      ({ IndexName }) => indexes.get(IndexName) === 'DELETING',
    );
    // An index that goes is there until it has gone.
    table.redefine({ ...definition, globalIndexes: [...definition.globalIndexes, ...kept] });
    for (const [name, change] of indexes) table.changingIndexes.set(name, change);
    table.status = 'UPDATING';
    const duration = indexes.size > 0 ? indexTime : tableTime;
    this.settle(pace, duration, `change of table ${table.name}`, () => {
      table.changingIndexes.clear();
      table.redefine(definition);
      if (table.status === 'UPDATING') table.status = 'ACTIVE';
    });
  }

  /** @throws ServiceError ValidationException for a table that is protected against it. */
  delete(table: Table, pace: Pace): void {
    if (table.settings.deletionProtection)
      throw validation(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    table.status = 'DELETING';
    table.timeToLive.stop();
    this.settle(pace, tableTime, `deletion of table ${table.name}`, () => {
      this.tables.delete(table.name);
    });
  }

  stop(): void {
    for (const table of this.tables.values()) table.timeToLive.stop();
  }

  private settle(pace: Pace, duration: number, label: string, done: () => void): void {
    if (pace === 'at once') done();
    else this.clock.after(duration, label, done);
  }
}
