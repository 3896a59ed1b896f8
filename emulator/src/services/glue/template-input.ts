import {
  PropertyReader,
  type ResourceProperties,
  type TemplateValue,
} from '../../cloudformation/provider';
import { documentOf, spelledAs } from '../live-properties';
import { folded } from './names';
import type { DatabaseInput, TableInput } from './table-input';

type Columns = TableInput['PartitionKeys'];
type StorageDescriptor = TableInput['StorageDescriptor'];

/**
 * `DatabaseInput` of a template as the API takes it.
 *
 * @param name - of a database that the template gives none
 */
export function databaseInput(properties: ResourceProperties, name: () => string): DatabaseInput {
  const reader = new PropertyReader(properties);
  const input = reader.object('DatabaseInput');
  return defined({
    Name: input?.string('Name') ?? reader.string('DatabaseName') ?? name(),
    Description: input?.string('Description'),
    LocationUri: input?.string('LocationUri'),
    Parameters: input?.stringMap('Parameters'),
  });
}

/** `TableInput` of a template as the API takes it. @param name - of a table that the template gives none */
export function tableInput(properties: ResourceProperties, name: () => string): TableInput {
  const input = new PropertyReader(properties).object('TableInput');
  return defined({
    Name: input?.string('Name') ?? name(),
    Description: input?.string('Description'),
    Owner: input?.string('Owner'),
    Parameters: input?.stringMap('Parameters'),
    PartitionKeys: columns(input?.objects('PartitionKeys')),
    Retention: input?.number('Retention'),
    StorageDescriptor: storage(input?.object('StorageDescriptor')),
    TableType: input?.string('TableType'),
    ViewExpandedText: input?.string('ViewExpandedText'),
    ViewOriginalText: input?.string('ViewOriginalText'),
  });
}

/** What Glue has, as a template would say it: the name in the template's own spelling if that means the same. */
export function templateInput(
  input: DatabaseInput | TableInput,
  given: TemplateValue | undefined,
): TemplateValue | undefined {
  const name =
    given !== null && typeof given === 'object' && 'Name' in given ? given.Name : undefined;
  return documentOf(JSON.stringify({ ...input, Name: spelledAs(name, input.Name, folded) }));
}

function storage(reader: PropertyReader | undefined): StorageDescriptor {
  if (!reader) return undefined;
  const serde = reader.object('SerdeInfo');
  const skewed = reader.object('SkewedInfo');
  return defined({
    BucketColumns: reader.strings('BucketColumns'),
    Columns: columns(reader.objects('Columns')),
    Compressed: reader.boolean('Compressed'),
    InputFormat: reader.string('InputFormat'),
    Location: reader.string('Location'),
    NumberOfBuckets: reader.number('NumberOfBuckets'),
    OutputFormat: reader.string('OutputFormat'),
    Parameters: reader.stringMap('Parameters'),
    SerdeInfo:
      serde &&
      defined({
        Name: serde.string('Name'),
        Parameters: serde.stringMap('Parameters'),
        SerializationLibrary: serde.string('SerializationLibrary'),
      }),
    SkewedInfo:
      skewed &&
      defined({
        SkewedColumnNames: skewed.strings('SkewedColumnNames'),
        SkewedColumnValueLocationMaps: skewed.stringMap('SkewedColumnValueLocationMaps'),
        SkewedColumnValues: skewed.strings('SkewedColumnValues'),
      }),
    SortColumns: reader.objects('SortColumns')?.map((column) => ({
      Column: column.requiredString('Column'),
      SortOrder: column.number('SortOrder') ?? 0,
    })),
    StoredAsSubDirectories: reader.boolean('StoredAsSubDirectories'),
  });
}

function columns(readers: readonly PropertyReader[] | undefined): Columns {
  return readers?.map((column) =>
    defined({
      Name: column.requiredString('Name'),
      Type: column.string('Type'),
      Comment: column.string('Comment'),
    }),
  );
}

/** Without the members that have no value, so that they are neither kept nor shown. */
function defined<T extends object>(input: T): T {
  for (const key of Object.keys(input) as (keyof T)[])
    if (input[key] === undefined) delete input[key];
  return input;
}
