import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type {
  DataFormatConversionConfiguration,
  ExtendedS3DestinationConfiguration,
} from '@aws-sdk/client-firehose';
import { type Column, Glue } from '@aws-sdk/client-glue';
import { destination, FirehoseBench, roleArn, streamArn } from '../support';
import { readParquet } from './duckdb';

let bench: FirehoseBench;
let glue: Glue;

beforeEach(async () => {
  bench = await FirehoseBench.start();
  glue = bench.aws.client(Glue);
  await bench.grant('delivery', ['s3:PutObject', 'logs:PutLogEvents', 'glue:GetTable*']);
  await glue.createDatabase({ DatabaseInput: { Name: 'web' } });
  await glue.createTable({ DatabaseName: 'web', TableInput: table() });
});

afterEach(() => bench.stop());

function table(...more: readonly Column[]) {
  return {
    Name: 'clicks',
    StorageDescriptor: {
      Columns: [
        { Name: 'id', Type: 'bigint' },
        { Name: 'price', Type: 'decimal(10,2)' },
        { Name: 'seen', Type: 'timestamp' },
        ...more,
      ],
    },
    PartitionKeys: [{ Name: 'day', Type: 'date' }],
  };
}

const conversion: DataFormatConversionConfiguration = {
  SchemaConfiguration: {
    RoleARN: roleArn('delivery'),
    DatabaseName: 'web',
    TableName: 'clicks',
  },
  InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
};

function settings(
  changed: DataFormatConversionConfiguration = {},
): Partial<ExtendedS3DestinationConfiguration> {
  return {
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    Prefix: 'data/',
    ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
    DataFormatConversionConfiguration: { ...conversion, ...changed },
  };
}

async function parquet(prefix = 'data/') {
  const files = await bench.objects(prefix);
  return readParquet(Object.fromEntries(files.map(({ key, bytes }) => [key, bytes])));
}

test('records become a Parquet file by the columns of the table, and those that do not fit documents about them', async () => {
  await bench.stream('clicks', {
    ...settings(),
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'firehose', LogStreamName: 'S3' },
  });
  const logs = bench.aws.client(CloudWatchLogs);
  await logs.createLogGroup({ logGroupName: 'firehose' });
  await logs.createLogStream({ logGroupName: 'firehose', logStreamName: 'S3' });
  const arrival = bench.aws.clock.now();
  await bench.put('clicks', '{"ID":1,"Price":9.995,"seen":"2035-01-02 03:04:05"}');
  await bench.put('clicks', '{"id":"two"}');
  await bench.put('clicks', '{"id":3}{"id":4,"price":"1"}');
  const { RecordId } = await bench.put('clicks', 'nonsense');
  await bench.aws.clock.advance(60_000);
  const [file] = await bench.objects('data/');
  expect(file?.key).toMatch(
    /^data\/\d{4}\/\d\d\/\d\d\/\d\d\/clicks-1-[\d-]+-[0-9a-f-]{36}\.parquet$/,
  );
  expect(await parquet()).toEqual({
    columns: { id: 'BIGINT', price: 'DECIMAL(10,2)', seen: 'TIMESTAMP' },
    rows: [
      { id: 1n, price: 10, seen: new Date('2035-01-02T03:04:05Z') },
      { id: 3n, price: null, seen: null },
      { id: 4n, price: 1, seen: null },
    ],
  });
  await bench.aws.clock.advance(60_000);
  const [failed] = await bench.objects('failed/');
  expect(failed?.key).toMatch(/^failed\/format-conversion-failed\/clicks-1-/);
  const lines = failed?.bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({
      lastErrorCode: 'DataFormatConversion.MalformedData',
      lastErrorMessage: 'Data does not match the schema. For input string: "two"',
      rawData: Buffer.from('{"id":"two"}').toString('base64'),
    }),
    {
      attemptsMade: 1,
      arrivalTimestamp: arrival,
      lastErrorCode: 'DataFormatConversion.ParseError',
      lastErrorMessage: expect.stringContaining('Encountered malformed JSON.'),
      attemptEndingTimestamp: arrival + 60_000,
      rawData: Buffer.from('nonsense').toString('base64'),
      sequenceNumber: RecordId,
      subSequenceNumber: 0,
      dataCatalogTable: {
        catalogId: '000000000000',
        databaseName: 'web',
        tableName: 'clicks',
        region: 'us-east-1',
        versionId: 'LATEST',
        roleArn: roleArn('delivery'),
      },
    },
  ]);
  const { events } = await logs.getLogEvents({ logGroupName: 'firehose', logStreamName: 'S3' });
  expect(events?.map(({ message }) => JSON.parse(message ?? ''))).toEqual([
    expect.objectContaining({ errorCode: 'DataFormatConversion.MalformedData' }),
    expect.objectContaining({
      deliveryStreamARN: streamArn('clicks'),
      errorCode: 'DataFormatConversion.ParseError',
    }),
  ]);
  expect(await bench.metric('clicks', 'SucceedConversion.Records')).toBe(2);
  expect(await bench.metric('clicks', 'FailedConversion.Records')).toBe(2);
});

test('a file has the columns that the latest version has when it is written, or those of the version that is named', async () => {
  await bench.stream('latest', settings());
  await bench.stream('pinned', {
    ...settings({
      SchemaConfiguration: { ...conversion.SchemaConfiguration, VersionId: '0' },
    }),
    Prefix: 'pinned/',
  });
  await glue.updateTable({ DatabaseName: 'web', TableInput: table({ Name: 'a', Type: 'int' }) });
  for (const name of ['latest', 'pinned']) await bench.put(name, '{"id":1,"a":2}');
  await bench.aws.clock.advance(60_000);
  expect(Object.keys((await parquet()).columns)).toEqual(['id', 'price', 'seen', 'a']);
  expect(Object.keys((await parquet('pinned/')).columns)).toEqual(['id', 'price', 'seen']);
});

test('nothing is lost when the table is gone: every record is in the error output', async () => {
  await bench.stream('clicks', settings());
  await glue.deleteTable({ DatabaseName: 'web', Name: 'clicks' });
  await bench.put('clicks', '{"id":1}');
  await bench.put('clicks', '{"id":2}');
  await bench.aws.clock.advance(120_000);
  expect(await bench.objects('data/')).toEqual([]);
  const [text] = await bench.texts('failed/');
  const lines = text
    ?.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { lastErrorCode: 'DataFormatConversion.EntityNotFound' },
    { lastErrorCode: 'DataFormatConversion.EntityNotFound' },
  ]);
});

test('a conversion is described, turned off and on again by updates', async () => {
  await bench.stream('clicks', { ...settings(), BufferingHints: undefined });
  const described = async () => {
    const answer = await bench.firehose.describeDeliveryStream({ DeliveryStreamName: 'clicks' });
    const [found] = answer.DeliveryStreamDescription?.Destinations ?? [];
    return found?.ExtendedS3DestinationDescription;
  };
  expect(await described()).toMatchObject({
    BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 300 },
    DataFormatConversionConfiguration: conversion,
  });
  const update = (Enabled: boolean, version: string) =>
    bench.firehose.updateDestination({
      DeliveryStreamName: 'clicks',
      DestinationId: 'destinationId-000000000001',
      CurrentDeliveryStreamVersionId: version,
      ExtendedS3DestinationUpdate: { DataFormatConversionConfiguration: { Enabled } },
    });
  await update(false, '1');
  await bench.put('clicks', '{"id":1}');
  await bench.aws.clock.advance(300_000);
  expect(await bench.texts('data/')).toEqual(['{"id":1}']);
  await update(true, '2');
  expect((await described())?.DataFormatConversionConfiguration).toMatchObject({
    ...conversion,
    Enabled: true,
  });
});

test.each<readonly [string, Partial<ExtendedS3DestinationConfiguration>, string, string]>([
  [
    'a table that is not there',
    settings({ SchemaConfiguration: { ...conversion.SchemaConfiguration, TableName: 'views' } }),
    'InvalidArgumentException',
    'The specified table/database could not be found.',
  ],
  [
    'no schema',
    settings({ SchemaConfiguration: undefined }),
    'InvalidArgumentException',
    'SchemaConfiguration must be specified',
  ],
  [
    'no serializer',
    settings({ OutputFormatConfiguration: {} }),
    'InvalidArgumentException',
    'OutputFormatConfiguration.Serializer must be specified',
  ],
  [
    'a small buffer',
    { ...settings(), BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } },
    'InvalidArgumentException',
    'BufferingHints.SizeInMBs must be at least 64',
  ],
  [
    'compression besides',
    { ...settings(), CompressionFormat: 'GZIP' },
    'InvalidArgumentException',
    'CompressionFormat must be UNCOMPRESSED',
  ],
  [
    'ORC',
    settings({ OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } } }),
    'NotImplemented',
    'OrcSerDe',
  ],
  [
    'a small page',
    settings({
      OutputFormatConfiguration: { Serializer: { ParquetSerDe: { PageSizeBytes: 1024 } } },
    }),
    'ValidationException',
    "Value '1024' at 'extendedS3DestinationConfiguration.dataFormatConversionConfiguration.outputFormatConfiguration.serializer.parquetSerDe.pageSizeBytes' failed to satisfy constraint: Member must have value greater than or equal to 65536",
  ],
  [
    'a format of timestamps that is not read',
    settings({
      InputFormatConfiguration: {
        Deserializer: { HiveJsonSerDe: { TimestampFormats: ['yyyy w'] } },
      },
    }),
    'NotImplemented',
    'Unsupported letter w in the pattern yyyy w',
  ],
])('%s is refused', async (_what, changed, name, message) => {
  await expect(
    bench.firehose.createDeliveryStream({
      DeliveryStreamName: 'clicks',
      ExtendedS3DestinationConfiguration: destination(changed),
    }),
  ).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  const { DeliveryStreamNames } = await bench.firehose.listDeliveryStreams({});
  expect(DeliveryStreamNames).toEqual([]);
});

test('the role needs rights on the table', async () => {
  await bench.grant('delivery', ['s3:PutObject', 'glue:GetTable']);
  await expect(bench.stream('clicks', settings())).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringContaining('glue:GetTableVersion on resource'),
  });
});
