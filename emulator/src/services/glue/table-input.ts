import type { InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { longestName, namePattern } from './names';

/** The SDK client module of Glue. */
export type GlueApi = typeof import('@aws-sdk/client-glue');

/** What a database is made of. */
export type DatabaseInput = InputOf<GlueApi, 'CreateDatabase'>['DatabaseInput'];

/** What a table is made of. */
export type TableInput = NonNullable<InputOf<GlueApi, 'CreateTable'>['TableInput']>;

type StorageDescriptor = NonNullable<TableInput['StorageDescriptor']>;

const longestDescription = 2048;
const longestType = 131_072;

/**
 * Members of a database that the Data Catalog keeps. Lake Formation's permissions, links to databases
 * of others and federation are refused.
 */
export const databaseMembers = ['Name', 'Description', 'LocationUri', 'Parameters'] as const;

/** Members of a table that it keeps; links, federation and views of several dialects are refused. */
export const tableMembers = [
  'Name',
  'Description',
  'Owner',
  'LastAccessTime',
  'LastAnalyzedTime',
  'Retention',
  'StorageDescriptor',
  'PartitionKeys',
  'ViewOriginalText',
  'ViewExpandedText',
  'TableType',
  'Parameters',
] as const;

/** Members of a storage descriptor that it keeps; schemas of the Schema Registry are refused. */
export const storageMembers = [
  'AdditionalLocations',
  'BucketColumns',
  'Columns',
  'Compressed',
  'InputFormat',
  'Location',
  'NumberOfBuckets',
  'OutputFormat',
  'Parameters',
  'SerdeInfo',
  'SkewedInfo',
  'SortColumns',
  'StoredAsSubDirectories',
] as const satisfies ReadonlyArray<keyof StorageDescriptor>;

/** @throws NotImplementedError, ServiceError ValidationException */
export function checkDatabase(operation: string, input: DatabaseInput): void {
  acceptOnly(`DatabaseInput of ${operation}`, input, databaseMembers);
  new Constraints('ValidationException')
    .length('databaseInput.name', input.Name, 1, longestName)
    .pattern('databaseInput.name', input.Name, namePattern)
    .length('databaseInput.description', input.Description, 0, longestDescription)
    .length('databaseInput.locationUri', input.LocationUri, 1, 1024)
    .check();
}

/** @throws NotImplementedError, ServiceError ValidationException */
export function checkTable(operation: string, input: TableInput): void {
  acceptOnly(`TableInput of ${operation}`, input, tableMembers);
  acceptOnly(`StorageDescriptor of ${operation}`, input.StorageDescriptor ?? {}, storageMembers);
  const constraints = new Constraints('ValidationException')
    .length('tableInput.name', input.Name, 1, longestName)
    .pattern('tableInput.name', input.Name, namePattern)
    .length('tableInput.description', input.Description, 0, longestDescription)
    .length('tableInput.owner', input.Owner, 1, longestName)
    .range('tableInput.retention', input.Retention, 0, Number.MAX_SAFE_INTEGER);
  const lists = {
    'tableInput.storageDescriptor.columns': input.StorageDescriptor?.Columns,
    'tableInput.partitionKeys': input.PartitionKeys,
  };
  for (const [path, columns] of Object.entries(lists)) {
    columns?.forEach((column, index) => {
      const at = `${path}.${index + 1}.member`;
      constraints
        .length(`${at}.name`, column.Name, 1, longestName)
        .pattern(`${at}.name`, column.Name, namePattern)
        .length(`${at}.type`, column.Type, 0, longestType)
        .length(`${at}.comment`, column.Comment, 0, longestName);
    });
  }
  constraints.check();
}
