import { alreadyExists, concurrentModification, databaseNotFound, entityNotFound } from './errors';
import { type CatalogAddress, folded } from './names';
import type { DatabaseInput, TableInput } from './table-input';

/** What a table was from one update to the next. */
export interface TableVersion {
  /** A number that counts up from 0. */
  readonly id: string;
  readonly input: TableInput;
  /** Emulated milliseconds since the epoch. */
  readonly updated: number;
}

/** A table: its last version, and those before it that are archived. */
export class CatalogTable {
  private kept: readonly TableVersion[];

  constructor(
    readonly databaseName: string,
    readonly name: string,
    input: TableInput,
    /** Emulated milliseconds since the epoch. */
    readonly created: number,
    /** ARN of who created it. */
    readonly createdBy: string,
  ) {
    this.kept = [{ id: '0', input, updated: created }];
  }

  /** Oldest first. */
  get versions(): readonly TableVersion[] {
    return this.kept;
  }

  get latest(): TableVersion {
    const latest = this.kept.at(-1);
    if (!latest) throw new Error(`Table ${this.name} has no version`);
    return latest;
  }

  /** @param id - @default - the last one */
  version(id: string | undefined): TableVersion {
    if (id === undefined) return this.latest;
    const found = this.kept.find((version) => version.id === id);
    if (!found) throw entityNotFound();
    return found;
  }

  /**
   * Gives it another version.
   *
   * @param archive - whether the last one so far is kept
   * @param expected - id of the version that it is to have so far
   * @throws ServiceError ConcurrentModificationException
   */
  update(input: TableInput, updated: number, archive: boolean, expected: string | undefined): void {
    const { id } = this.latest;
    if (expected !== undefined && expected !== id) throw concurrentModification();
    const before = archive ? this.kept : this.kept.slice(0, -1);
    this.kept = [...before, { id: String(Number(id) + 1), input, updated }];
  }

  /** Forgets an archived version. @throws ServiceError EntityNotFoundException */
  forget(id: string): void {
    const version = this.version(id);
    this.kept = this.kept.filter((other) => other !== version);
  }
}

/** A database of tables. */
export class CatalogDatabase {
  readonly tables = new Map<string, CatalogTable>();
  readonly tags = new Map<string, string>();

  constructor(
    readonly name: string,
    public input: DatabaseInput,
    /** Emulated milliseconds since the epoch. */
    readonly created: number,
  ) {}

  /** @throws ServiceError EntityNotFoundException */
  table(name: string): CatalogTable {
    const table = this.tables.get(folded(name));
    if (!table) throw entityNotFound();
    return table;
  }
}

/** The Data Catalog of an account in a region. */
export class Catalog {
  readonly databases = new Map<string, CatalogDatabase>();

  constructor(
    readonly address: CatalogAddress,
    private readonly now: () => number,
  ) {}

  /** @throws ServiceError EntityNotFoundException */
  database(name: string): CatalogDatabase {
    const database = this.databases.get(folded(name));
    if (!database) throw databaseNotFound(name);
    return database;
  }

  /** @throws ServiceError AlreadyExistsException */
  createDatabase(input: DatabaseInput): CatalogDatabase {
    const name = folded(input.Name);
    if (this.databases.has(name)) throw alreadyExists('Database');
    const database = new CatalogDatabase(name, input, this.now());
    this.databases.set(name, database);
    return database;
  }

  /** @throws ServiceError AlreadyExistsException, EntityNotFoundException */
  createTable(databaseName: string, input: TableInput, createdBy: string): CatalogTable {
    const database = this.database(databaseName);
    const name = folded(input.Name);
    if (database.tables.has(name)) throw alreadyExists('Table');
    const table = new CatalogTable(database.name, name, input, this.now(), createdBy);
    database.tables.set(name, table);
    return table;
  }

  /** @throws ServiceError EntityNotFoundException, ConcurrentModificationException */
  updateTable(
    databaseName: string,
    input: TableInput,
    options: { readonly archive?: boolean; readonly expected?: string | undefined } = {},
  ): void {
    const { archive = true, expected } = options;
    this.database(databaseName).table(input.Name).update(input, this.now(), archive, expected);
  }
}
