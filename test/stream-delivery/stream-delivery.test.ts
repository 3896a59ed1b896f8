import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Destination, FanOut, Processor, Source, StreamDelivery } from 'cdk-decouple';
import { functionIn, s3Of, stackWith, templateWith } from './fixtures';

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

describe('processors', () => {
  test('a function is called as the role, which may call this one only', () => {
    const stack = new Stack(new App(), 'Functions');
    const fn = functionIn(stack);
    const delivery = new StreamDelivery(stack, 'Clicks', {
      destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Bucket') }),
      processors: [
        Processor.decompress(),
        Processor.cloudWatchLogMessages(),
        Processor.function(fn, { bufferingSize: Size.mebibytes(3), retries: 5 }),
        Processor.appendNewline(),
      ],
    });

    const arn = stack.resolve(fn.functionArn);
    const parameters = (values: Record<string, unknown>) =>
      Object.entries(values).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
      }));
    const template = Template.fromStack(stack);
    expect(s3Of(template).ProcessingConfiguration.Processors).toEqual([
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
  expect(s3Of(template).CloudWatchLoggingOptions).toBeUndefined();
});

test('two of them fit in one scope', () => {
  const { stack } = stackWith({ processors: [Processor.jsonRecords()] });
  new StreamDelivery(stack, 'More', {
    destination: Destination.s3({ bucket: new s3.Bucket(stack, 'Other') }),
    processors: [Processor.jsonRecords()],
  });

  Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 2);
});
