import { Firehose } from '@aws-sdk/client-firehose';
import { Glue } from '@aws-sdk/client-glue';
import { Kinesis } from '@aws-sdk/client-kinesis';
import type { DriftCase } from './drift-case';

const arn = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

/** Changes of streams, and of the tables that their records are written by. */
export const streams: readonly DriftCase[] = [
  {
    what: 'a stream keeps its records for longer, and has more metrics',
    resource: 'DataStream',
    change: async (aws, id) => {
      const kinesis = aws.client(Kinesis);
      const StreamName = id('DataStream');
      await kinesis.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['OutgoingBytes'] });
      await kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 72 });
    },
    differences: [
      ['/DesiredShardLevelMetrics/1', 'ADD', 'null', 'OutgoingBytes'],
      ['/RetentionPeriodHours', 'NOT_EQUAL', '48', '72'],
    ],
  },
  {
    what: 'a consumer is no longer registered',
    resource: 'StreamConsumer',
    change: (aws, id) =>
      aws.client(Kinesis).deregisterStreamConsumer({ ConsumerARN: id('StreamConsumer') }),
    differences: 'DELETED',
  },
  {
    what: 'the policy of a stream is gone',
    resource: 'StreamPolicy',
    change: (aws, id) =>
      aws.client(Kinesis).deleteResourcePolicy({ ResourceARN: arn(id('DataStream')) }),
    differences: 'DELETED',
  },
  {
    what: 'a database of the Data Catalog is described otherwise',
    resource: 'Catalog',
    change: (aws, id) =>
      aws.client(Glue).updateDatabase({
        Name: id('Catalog'),
        DatabaseInput: { Name: 'web', Parameters: { team: 'web' } },
      }),
    differences: [['/DatabaseInput/Parameters/team', 'NOT_EQUAL', 'shop', 'web']],
  },
  {
    what: 'a table of the Data Catalog has another column',
    resource: 'CatalogTable',
    change: async (aws, id) => {
      const glue = aws.client(Glue);
      const DatabaseName = id('Catalog');
      const { Table } = await glue.getTable({ DatabaseName, Name: id('CatalogTable') });
      await glue.updateTable({
        DatabaseName,
        TableInput: {
          Name: 'clicks',
          PartitionKeys: Table?.PartitionKeys,
          Retention: Table?.Retention,
          StorageDescriptor: {
            ...Table?.StorageDescriptor,
            Columns: [{ Name: 'user', Type: 'bigint' }],
          },
        },
      });
    },
    differences: [
      ['/TableInput/StorageDescriptor/Columns/0/Type', 'NOT_EQUAL', 'string', 'bigint'],
    ],
  },
  {
    what: 'a delivery stream waits for longer',
    resource: 'DeliveryStream',
    change: (aws, id) =>
      aws.client(Firehose).updateDestination({
        DeliveryStreamName: id('DeliveryStream'),
        CurrentDeliveryStreamVersionId: '1',
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationUpdate: {
          BufferingHints: { IntervalInSeconds: 90, SizeInMBs: 5 },
        },
      }),
    differences: [
      [
        '/ExtendedS3DestinationConfiguration/BufferingHints/IntervalInSeconds',
        'NOT_EQUAL',
        '60',
        '90',
      ],
    ],
  },
];
