import { Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';

/** A table of the Glue Data Catalog, by its names. */
export interface TableName {
  readonly databaseName: string;
  readonly tableName: string;
}

/** How the JSON of records is read. */
export interface FormatOptions {
  /**
   * Whether names in JSON are compared to those of columns without regard to case.
   *
   * @default true
   */
  readonly caseInsensitive?: boolean;

  /**
   * Columns whose names in JSON are others: name of the column, name in JSON.
   *
   * @default - columns are called as in JSON
   */
  readonly columnToJsonKeyMappings?: Readonly<Record<string, string>>;

  /**
   * Whether dots in names of JSON are underscores in names of columns.
   *
   * @default false
   */
  readonly convertDotsInJsonKeysToUnderscores?: boolean;
}

type Serializer = CfnDeliveryStream.SerializerProperty;

/**
 * Columns instead of JSON: records, which have to be JSON, are written by the schema of a table.
 *
 * A record that the schema does not fit goes to the error prefix, below `format-conversion-failed`.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
 */
export class Format {
  /** Apache Parquet, compressed with Snappy. */
  public static parquet(table: glue.CfnTable | TableName, options: FormatOptions = {}): Format {
    return new Format(table, options, { parquetSerDe: { compression: 'SNAPPY' } });
  }

  /** Apache ORC, compressed with Snappy. */
  public static orc(table: glue.CfnTable | TableName, options: FormatOptions = {}): Format {
    return new Format(table, options, { orcSerDe: { compression: 'SNAPPY' } });
  }

  private constructor(
    private readonly table: glue.CfnTable | TableName,
    private readonly options: FormatOptions,
    private readonly serializer: Serializer,
  ) {}

  /**
   * Lets the role read the schema.
   *
   * @returns the conversion, as the template has it
   * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-glue
   */
  public bind(
    scope: Construct,
    role: iam.Role,
  ): CfnDeliveryStream.DataFormatConversionConfigurationProperty {
    const stack = Stack.of(scope);
    const { databaseName } = this.table;
    const tableName = this.table instanceof glue.CfnTable ? this.table.ref : this.table.tableName;
    const arn = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, resourceName });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        resources: [
          arn('catalog'),
          arn('database', databaseName),
          arn('table', `${databaseName}/${tableName}`),
        ],
      }),
    );
    return {
      enabled: true,
      schemaConfiguration: {
        catalogId: stack.account,
        databaseName,
        tableName,
        region: stack.region,
        roleArn: role.roleArn,
        versionId: 'LATEST',
      },
      inputFormatConfiguration: { deserializer: { openXJsonSerDe: { ...this.options } } },
      outputFormatConfiguration: { serializer: this.serializer },
    };
  }
}
