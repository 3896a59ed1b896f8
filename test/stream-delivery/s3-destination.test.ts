import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Deaggregation, Destination, Format, Partitioning, StreamDelivery } from 'cdk-decouple';
import { s3Of, templateWith } from './fixtures';

const table = { databaseName: 'web', tableName: 'clicks' };
const PREFIX = 'customer=!{partitionKeyFromQuery:customer}/';

describe('objects', () => {
  test('are compressed, five minutes or 5 MiB large, and failed ones have a prefix', () => {
    expect(s3Of(templateWith())).toMatchObject({
      CompressionFormat: 'GZIP',
      BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 5 },
      ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
      CloudWatchLoggingOptions: { Enabled: true },
    });
  });

  test('are as they are told', () => {
    const options = s3Of(
      templateWith(
        {},
        {
          prefix: 'clicks/!{timestamp:yyyy/MM/dd}/',
          errorPrefix: 'bad/!{firehose:error-output-type}/',
          compression: Compression.ZIP,
          bufferingInterval: Duration.seconds(60),
          bufferingSize: Size.mebibytes(64),
          fileExtension: '.zip',
        },
      ),
    );

    expect(options).toMatchObject({
      Prefix: 'clicks/!{timestamp:yyyy/MM/dd}/',
      ErrorOutputPrefix: 'bad/!{firehose:error-output-type}/',
      CompressionFormat: 'ZIP',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
      FileExtension: '.zip',
    });
  });

  test('are partitioned by a query', () => {
    const partitioning = Partitioning.byQuery(
      { customer: '.customer', day: '.at[0:10]' },
      { retryDuration: Duration.minutes(10), deaggregation: Deaggregation.delimited('##') },
    );
    const prefix = `${PREFIX}!{partitionKeyFromQuery:day}/`;

    expect(s3Of(templateWith({}, { partitioning, prefix }))).toMatchObject({
      BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 128 },
      DynamicPartitioningConfiguration: {
        Enabled: true,
        RetryOptions: { DurationInSeconds: 600 },
      },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: 'RecordDeAggregation',
            Parameters: [
              { ParameterName: 'SubRecordType', ParameterValue: 'DELIMITED' },
              { ParameterName: 'Delimiter', ParameterValue: 'IyM=' },
            ],
          },
          {
            Type: 'MetadataExtraction',
            Parameters: [
              {
                ParameterName: 'MetadataExtractionQuery',
                ParameterValue: '{"customer":.customer,"day":.at[0:10]}',
              },
              { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
            ],
          },
        ],
      },
    });
  });

  test('are Parquet by the schema of a table, which the role may read', () => {
    const template = templateWith({}, { format: Format.parquet(table) });

    expect(s3Of(template)).toMatchObject({
      CompressionFormat: 'UNCOMPRESSED',
      BufferingHints: { SizeInMBs: 128 },
      DataFormatConversionConfiguration: {
        Enabled: true,
        SchemaConfiguration: { DatabaseName: 'web', TableName: 'clicks', VersionId: 'LATEST' },
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
          }),
        ]),
      },
    });
  });

  test('are backed up as they came', () => {
    const stack = new Stack(new App(), 'Backup');
    const bucket = new s3.Bucket(stack, 'Bucket');
    const backup = new s3.Bucket(stack, 'Backup');
    new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket, backup: { bucket: backup, prefix: 'raw/' } }),
    });

    expect(s3Of(Template.fromStack(stack))).toMatchObject({
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: { Prefix: 'raw/', BucketARN: stack.resolve(backup.bucketArn) },
    });
  });
});
