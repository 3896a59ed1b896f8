import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Compression } from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Deaggregation,
  Destination,
  FanOut,
  Format,
  Partitioning,
  Processor,
  PropsValidationError,
  type S3DestinationOptions,
  Source,
  StreamDelivery,
  type StreamDeliveryProps,
} from 'cdk-decouple';

const table = { databaseName: 'web', tableName: 'clicks' };
const byCustomer = Partitioning.byQuery({ customer: '.customer' });
const PREFIX = 'customer=!{partitionKeyFromQuery:customer}/';

function stackWith(
  props: Partial<StreamDeliveryProps> = {},
  s3Options: Partial<S3DestinationOptions> = {},
) {
  const stack = new Stack(new App(), 'Test');
  const bucket = new s3.Bucket(stack, 'Bucket');
  const delivery = new StreamDelivery(stack, 'Clicks', {
    destination: Destination.s3({ bucket, ...s3Options }),
    ...props,
  });
  return { stack, bucket, delivery };
}

const templateWith = (...of: Parameters<typeof stackWith>) =>
  Template.fromStack(stackWith(...of).stack);

function failuresOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}

function functionIn(stack: Stack, timeout?: Duration): lambda.Function {
  return new lambda.Function(stack, 'Transform', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async ({ records }) => ({ records });'),
    timeout,
  });
}

const destinationOf = (template: Template) =>
  Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'))[0]?.Properties
    .ExtendedS3DestinationConfiguration;

test('the whole template', () => {
  const template = templateWith({ processors: [Processor.jsonRecords({ removeFields: ['ip'] })] });
  const json = JSON.stringify(template.toJSON()).replace(/[0-9a-f]{64}\.zip/g, 'asset.zip');

  expect(JSON.parse(json)).toMatchSnapshot();
});

describe('the source', () => {
  test('is an encrypted stream on demand that is kept, if nothing is said', () => {
    const template = templateWith();

    template.hasResource('AWS::Kinesis::Stream', {
      Properties: {
        RetentionPeriodHours: 24,
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      },
      DeletionPolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: Match.anyValue(),
      DeliveryStreamEncryptionConfigurationInput: Match.absent(),
    });
  });

  test('has the shards, the retention, the key and the metrics that it is told', () => {
    const stack = new Stack(new App(), 'Keys');
    const encryptionKey = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Bucket');
    new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket }),
      source: Source.stream({
        streamName: 'clicks',
        shardCount: 4,
        retentionPeriod: Duration.days(7),
        encryptionKey,
        shardLevelMetrics: [kinesis.ShardLevelMetrics.ALL],
        maxRecordSizeKiB: 10_240,
      }),
    });

    Template.fromStack(stack).hasResourceProperties('AWS::Kinesis::Stream', {
      Name: 'clicks',
      ShardCount: 4,
      RetentionPeriodHours: 168,
      StreamEncryption: { KeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
      DesiredShardLevelMetrics: ['ALL'],
      MaxRecordSizeInKiB: 10_240,
    });
  });

  test('may be a stream that exists', () => {
    const stack = new Stack(new App(), 'Existing');
    const stream = new kinesis.Stream(stack, 'Stream');
    const { streamArn } = stream;
    const delivery = new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Bucket') }),
      source: Source.existingStream(stream),
    });

    expect(delivery.stream).toBe(stream);
    Template.fromStack(stack).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      KinesisStreamSourceConfiguration: { KinesisStreamARN: stack.resolve(streamArn) },
    });
  });

  test('direct put is encrypted, with a key of AWS or of your own', () => {
    templateWith({ source: Source.directPut() }).hasResourceProperties(
      'AWS::KinesisFirehose::DeliveryStream',
      {
        DeliveryStreamType: 'DirectPut',
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      },
    );

    const stack = new Stack(new App(), 'Keys');
    const encryptionKey = new kms.Key(stack, 'Key');
    new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Bucket') }),
      source: Source.directPut({ encryptionKey }),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: 'CUSTOMER_MANAGED_CMK',
        KeyARN: stack.resolve(encryptionKey.keyArn),
      },
    });
  });

  test('may be a topic', () => {
    const { delivery, stack } = stackWith({ source: Source.directPut() });
    new FanOut(stack, 'Topic').addDelivery('Archive', delivery, { rawMessageDelivery: true });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'firehose',
      Endpoint: stack.resolve(delivery.deliveryStream.deliveryStreamArn),
      RawMessageDelivery: true,
    });
  });

  test('a topic cannot put into a stream', () => {
    const { delivery, stack } = stackWith();
    const topic = new FanOut(stack, 'Topic');

    expect(() => topic.addDelivery('Archive', delivery)).toThrow(/Source\.directPut/);
  });
});

describe('objects', () => {
  test('are compressed, five minutes or 5 MiB large, and failed ones have a prefix', () => {
    expect(destinationOf(templateWith())).toMatchObject({
      CompressionFormat: 'GZIP',
      BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 5 },
      ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
      CloudWatchLoggingOptions: { Enabled: true },
    });
  });

  test('are as they are told', () => {
    const options = destinationOf(
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

    expect(destinationOf(templateWith({}, { partitioning, prefix }))).toMatchObject({
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

    expect(destinationOf(template)).toMatchObject({
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

    expect(destinationOf(Template.fromStack(stack))).toMatchObject({
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: { Prefix: 'raw/', BucketARN: stack.resolve(backup.bucketArn) },
    });
  });
});

describe('processors', () => {
  test('a function is called as the role, which may call this one only', () => {
    const stack = new Stack(new App(), 'Functions');
    const fn = functionIn(stack);
    const { delivery } = {
      delivery: new StreamDelivery(stack, 'Clicks', {
        destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Bucket') }),
        processors: [
          Processor.decompress(),
          Processor.cloudWatchLogMessages(),
          Processor.function(fn, { bufferingSize: Size.mebibytes(3), retries: 5 }),
          Processor.appendNewline(),
        ],
      }),
    };

    const arn = stack.resolve(fn.functionArn);
    const parameters = (values: Record<string, unknown>) =>
      Object.entries(values).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
      }));
    const template = Template.fromStack(stack);
    expect(destinationOf(template).ProcessingConfiguration.Processors).toEqual([
      { Type: 'Decompression', Parameters: parameters({ CompressionFormat: 'GZIP' }) },
      {
        Type: 'CloudWatchLogProcessing',
        Parameters: parameters({ DataMessageExtraction: 'true' }),
      },
      {
        Type: 'Lambda',
        Parameters: parameters({
          LambdaArn: arn,
          RoleArn: stack.resolve(delivery.role.roleArn),
          BufferIntervalInSeconds: '60',
          BufferSizeInMBs: '3',
          NumberOfRetries: '5',
        }),
      },
      { Type: 'AppendDelimiterToRecord', Parameters: [] },
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
            Effect: 'Allow',
            Resource: arn,
          },
        ]),
      },
    });
  });

  test('the shipped function is told its fields', () => {
    const template = templateWith({
      processors: [Processor.jsonRecords({ removeFields: ['ip'], requiredFields: ['at'] })],
    });

    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          JSON_RECORDS: '{"removeFields":["ip"],"requiredFields":["at"],"partitionFields":[]}',
        },
      },
    });
  });
});

describe('rights', () => {
  test('producers may put, and use the key of the stream for it', () => {
    const stack = new Stack(new App(), 'Rights');
    const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
    const encryptionKey = new kms.Key(stack, 'Key');
    new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Bucket') }),
      source: Source.stream({ encryptionKey }),
    }).grantWrite(producer);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'kms:GenerateDataKey' }),
          Match.objectLike({ Action: ['kinesis:PutRecord', 'kinesis:PutRecords'] }),
        ],
      },
      PolicyName: Match.stringLikeRegexp('^Producer'),
    });
  });

  test('with direct put they may put into the delivery stream', () => {
    const { delivery, stack } = stackWith({ source: Source.directPut() });
    const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
    delivery.grantWrite(producer);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'] }),
        ],
      },
      PolicyName: Match.stringLikeRegexp('^Producer'),
    });
  });

  test('Firehose is made after its rights, and may use the keys of bucket and stream', () => {
    const stack = new Stack(new App(), 'Rights');
    const key = new kms.Key(stack, 'Key');
    new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({
        bucket: new s3.Bucket(stack, 'Bucket', { encryptionKey: key }),
      }),
      source: Source.stream({ encryptionKey: key }),
    });

    const template = Template.fromStack(stack);
    template.hasResource('AWS::KinesisFirehose::DeliveryStream', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('DestinationRoleDefaultPolicy')]),
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'kms:Decrypt' }),
          Match.objectLike({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'] }),
        ]),
      },
    });
  });

  test('nobody is let in from another account', () => {
    templateWith().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'firehose.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });
});

describe('alarms', () => {
  test('watch the delivery and the stream', () => {
    const { delivery, stack } = stackWith({
      processors: [Processor.jsonRecords()],
      maxFreshness: Duration.minutes(10),
      maxIteratorAge: Duration.minutes(30),
    });
    const template = Template.fromStack(stack);

    expect(delivery.alarms.throttled).toBeUndefined();
    template.resourceCountIs('AWS::CloudWatch::Alarm', 6);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DeliveryToS3.DataFreshness',
      Threshold: 600,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'GetRecords.IteratorAgeMilliseconds',
      Threshold: 1_800_000,
    });
  });

  test('of direct put watch the throttles of the delivery stream', () => {
    const { delivery } = stackWith({ source: Source.directPut() });

    expect(delivery.alarms.throttled).toBeDefined();
    expect(delivery.alarms.iteratorAge).toBeUndefined();
  });

  test('freshness is 15 minutes more than what is buffered', () => {
    templateWith({}, { bufferingInterval: Duration.minutes(15) }).hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      { MetricName: 'DeliveryToS3.DataFreshness', Threshold: 1_800 },
    );
  });

  test('tell a topic', () => {
    const stack = new Stack(new App(), 'Alarms');
    new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Bucket') }),
      alarmTopic: new sns.Topic(stack, 'Topic'),
    });

    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [Match.anyValue()],
      OKActions: [Match.anyValue()],
    });
  });
});

test('logs can be left out', () => {
  const template = templateWith({ logs: { enabled: false } });

  template.resourceCountIs('AWS::Logs::LogGroup', 0);
  expect(destinationOf(template).CloudWatchLoggingOptions).toBeUndefined();
});

test('two of them fit in one scope', () => {
  const { stack } = stackWith({ processors: [Processor.jsonRecords()] });
  new StreamDelivery(stack, 'More', {
    destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Other') }),
    processors: [Processor.jsonRecords()],
  });

  Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 2);
});

describe('fails', () => {
  const seconds = Duration.seconds;
  const mebibytes = Size.mebibytes;

  test.each<[string, Partial<S3DestinationOptions>, RegExp]>([
    ['a long interval', { bufferingInterval: seconds(901) }, /bufferingInterval must be .* 900/],
    ['a large buffer', { bufferingSize: mebibytes(129) }, /bufferingSize must be .* 128 MiB/],
    ['a small buffer', { bufferingSize: Size.kibibytes(512) }, /bufferingSize must be .* 1 and/],
    [
      'a small buffer with columns',
      { format: Format.parquet(table), bufferingSize: mebibytes(63) },
      /bufferingSize must be at least 64 MiB with format, got 63/,
    ],
    [
      'a small buffer with partitions',
      { partitioning: byCustomer, prefix: PREFIX, bufferingSize: mebibytes(63) },
      /bufferingSize must be at least 64 MiB with partitioning, got 63/,
    ],
    [
      'a short interval with partitions',
      { partitioning: byCustomer, prefix: PREFIX, bufferingInterval: seconds(59) },
      /bufferingInterval must be at least 60 seconds with partitioning, got 59/,
    ],
    [
      'compression with columns',
      { format: Format.parquet(table), compression: Compression.GZIP },
      /compression must be left out with format/,
    ],
    ['an extension', { fileExtension: 'gz' }, /fileExtension must be/],
    ['partitions without a prefix', { partitioning: byCustomer }, /partitioning needs a prefix/],
    [
      'partitions with another prefix',
      { partitioning: byCustomer, prefix: 'clicks/' },
      /partitioning needs a prefix with !\{partitionKeyFromQuery:/,
    ],
    [
      'a key that is not in the prefix',
      { partitioning: Partitioning.byQuery({ customer: '.c', day: '.d' }), prefix: PREFIX },
      /prefix must have every key of partitioning: it lacks day/,
    ],
    [
      'a key that is in the prefix only',
      { partitioning: byCustomer, prefix: `${PREFIX}!{partitionKeyFromQuery:day}/` },
      /prefix has keys that partitioning has not: day/,
    ],
    [
      'partitions by a function that is not there',
      { partitioning: Partitioning.byFunction(), prefix: '!{partitionKeyFromLambda:day}/' },
      /needs a processor that is a function/,
    ],
    [
      'a long retry',
      {
        partitioning: Partitioning.byQuery({ customer: '.c' }, { retryDuration: seconds(7_201) }),
        prefix: PREFIX,
      },
      /partitioning\.retryDuration must be .* 7,200 seconds, got 7201/,
    ],
    ['keys without partitions', { prefix: PREFIX }, /prefix names keys of a partition/],
    ['an open expression', { prefix: '!{timestamp:yyyy/' }, /not of the form !\{namespace:value\}/],
    ['another namespace', { prefix: '!{date:yyyy}/' }, /must only use the namespaces/],
    ['another value', { prefix: '!{firehose:random}/' }, /random-string and error-output-type/],
    [
      'the type of errors in the prefix',
      { prefix: '!{firehose:error-output-type}/' },
      /must not have !\{firehose:error-output-type\}/,
    ],
    ['a long prefix', { prefix: 'x'.repeat(513) }, /not be longer than 512 characters/],
    ['errors of no type', { errorPrefix: '!{timestamp:yyyy}/' }, /errorPrefix with expressions/],
    [
      'errors by partition',
      { errorPrefix: '!{partitionKeyFromQuery:a}/!{firehose:error-output-type}' },
      /errorPrefix cannot name keys of a partition/,
    ],
  ])('for %s', (_what, options, message) => {
    const failures = failuresOf(() => stackWith({}, options));

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });

  test.each<[string, Partial<StreamDeliveryProps>, RegExp]>([
    ['a name', { deliveryStreamName: 'a b' }, /deliveryStreamName must be/],
    ['a name of a stream', { source: Source.stream({ streamName: 'a b' }) }, /streamName must be/],
    [
      'a short retention',
      { source: Source.stream({ retentionPeriod: Duration.hours(23) }) },
      /retentionPeriod must be .* 86,400 and 31,536,000 seconds, got 82800/,
    ],
    [
      'a long retention',
      { source: Source.stream({ retentionPeriod: Duration.days(366) }) },
      /retentionPeriod must be/,
    ],
    [
      'a retention in minutes',
      { source: Source.stream({ retentionPeriod: Duration.minutes(1_501) }) },
      /retentionPeriod must be in whole hours/,
    ],
    ['no shards', { source: Source.stream({ shardCount: 0 }) }, /shardCount must be/],
    [
      'large records',
      { source: Source.stream({ maxRecordSizeKiB: 10_241 }) },
      /maxRecordSizeKiB must be/,
    ],
    [
      'all metrics and some',
      {
        source: Source.stream({
          shardLevelMetrics: [
            kinesis.ShardLevelMetrics.ALL,
            kinesis.ShardLevelMetrics.INCOMING_BYTES,
          ],
        }),
      },
      /shardLevelMetrics must be ALL, or some by name/,
    ],
    [
      'six processors',
      { processors: Array.from({ length: 6 }, () => Processor.appendNewline()) },
      /processors must be at most 5, those of partitioning included, got 6/,
    ],
    [
      'two functions',
      { processors: [Processor.jsonRecords(), Processor.jsonRecords()] },
      /at most one function/,
    ],
    [
      'messages of logs that are packed',
      { processors: [Processor.cloudWatchLogMessages(), Processor.decompress()] },
      /decompress before cloudWatchLogMessages/,
    ],
    [
      'a small buffer before a function',
      { processors: [Processor.jsonRecords({ bufferingSize: Size.kibibytes(100) })] },
      /processor bufferingSize must be a number between 0.2 and 3 MiB/,
    ],
    [
      'many retries',
      { processors: [Processor.jsonRecords({ retries: 301 })] },
      /processor retries must be/,
    ],
    [
      'an alarm that never ends',
      { maxFreshness: Duration.minutes(5) },
      /maxFreshness must be more than the destination's buffering interval of 300 seconds/,
    ],
    ['retention of no logs', { logs: { enabled: false, retention: 1 } }, /logs\.enabled is false/],
  ])('for %s', (_what, props, message) => {
    const failures = failuresOf(() => stackWith(props));

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });

  test('for a function that takes longer than Firehose waits', () => {
    const stack = new Stack(new App(), 'Slow');
    const processor = Processor.function(functionIn(stack, Duration.minutes(6)));

    expect(failuresOf(() => stackWith({ processors: [processor] }))).toEqual([
      expect.stringMatching(/must not take longer than 300 seconds/),
    ]);
  });

  test('for everything at once', () => {
    const props = { deliveryStreamName: '', source: Source.stream({ shardCount: -1 }) };

    expect(failuresOf(() => stackWith(props, { prefix: '!{a:b}' }))).toHaveLength(3);
  });
});
