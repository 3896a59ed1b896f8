import { allow, attribute, type Resources, ref, tags, trust } from './template-parts';

/** Data streams, delivery streams and the catalog of tables. */
export const streams: Resources = {
  DataStream: [
    'AWS::Kinesis::Stream',
    {
      DesiredShardLevelMetrics: ['IncomingBytes'],
      RetentionPeriodHours: '48',
      ShardCount: 2,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      Tags: tags,
    },
  ],
  StreamConsumer: [
    'AWS::Kinesis::StreamConsumer',
    { ConsumerName: 'billing', StreamARN: attribute('DataStream', 'Arn'), Tags: tags },
  ],
  StreamPolicy: [
    'AWS::Kinesis::ResourcePolicy',
    {
      ResourceArn: attribute('DataStream', 'Arn'),
      ResourcePolicy: allow('kinesis:PutRecord', {
        Principal: { AWS: '222222222222' },
        Resource: attribute('DataStream', 'Arn'),
      }),
    },
  ],
  DeliveryRole: ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust('firehose') }],
  DeliveryStream: [
    'AWS::KinesisFirehose::DeliveryStream',
    {
      ExtendedS3DestinationConfiguration: {
        BucketARN: attribute('Bucket', 'Arn'),
        BufferingHints: { IntervalInSeconds: '60', SizeInMBs: 5 },
        RoleARN: attribute('DeliveryRole', 'Arn'),
      },
      Tags: tags,
    },
  ],
  Catalog: [
    'AWS::Glue::Database',
    {
      CatalogId: ref('AWS::AccountId'),
      DatabaseInput: { Name: 'Web', Parameters: { team: 'shop' } },
    },
  ],
  CatalogTable: [
    'AWS::Glue::Table',
    {
      CatalogId: ref('AWS::AccountId'),
      DatabaseName: ref('Catalog'),
      TableInput: {
        Name: 'Clicks',
        PartitionKeys: [{ Name: 'day', Type: 'date' }],
        Retention: '7',
        StorageDescriptor: {
          Columns: [{ Name: 'user', Type: 'string' }],
          Compressed: 'true',
          Location: 's3://clicks/',
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    },
  ],
};
