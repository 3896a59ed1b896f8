import { App, CfnResource, Stack } from 'aws-cdk-lib';

type Resources = Readonly<Record<string, readonly [type: string, properties: object]>>;

const ref = (id: string) => ({ Ref: id });
const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
/** A policy document with one statement. */
export const allow = (action: string, rest: object = { Resource: '*' }) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, ...rest }],
});
/** A document that lets a service assume a role. */
export const trust = (service: string) =>
  allow('sts:AssumeRole', { Principal: { Service: `${service}.amazonaws.com` } });
const tags = [{ Key: 'team', Value: 'shop' }];
const amazonLinux =
  '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}';

/** One resource or more of each type that is emulated and needs no database. */
export const resources: Resources = {
  Target: ['AWS::SQS::Queue', {}],
  Queue: [
    'AWS::SQS::Queue',
    {
      DelaySeconds: '5',
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: attribute('Target', 'Arn'), maxReceiveCount: '3' },
      Tags: tags,
    },
  ],
  FifoQueue: ['AWS::SQS::Queue', { FifoQueue: true, ContentBasedDeduplication: true }],
  InlinePolicy: [
    'AWS::SQS::QueueInlinePolicy',
    {
      Queue: ref('Queue'),
      PolicyDocument: allow('sqs:SendMessage', { Principal: '*', Resource: '*' }),
    },
  ],
  QueuePolicy: [
    'AWS::SQS::QueuePolicy',
    {
      Queues: [ref('Target')],
      PolicyDocument: allow('sqs:SendMessage', {
        Principal: { Service: 's3.amazonaws.com' },
        Resource: '*',
      }),
    },
  ],
  Topic: [
    'AWS::SNS::Topic',
    {
      DisplayName: 'orders',
      Subscription: [{ Protocol: 'sqs', Endpoint: attribute('Target', 'Arn') }],
      Tags: tags,
    },
  ],
  Subscription: [
    'AWS::SNS::Subscription',
    {
      Endpoint: attribute('Queue', 'Arn'),
      FilterPolicy: { kind: ['order'] },
      Protocol: 'sqs',
      RawMessageDelivery: 'true',
      TopicArn: ref('Topic'),
    },
  ],
  TopicPolicy: [
    'AWS::SNS::TopicPolicy',
    {
      Topics: [ref('Topic')],
      PolicyDocument: allow('sns:Publish', { Principal: '*', Resource: ref('Topic') }),
    },
  ],
  OtherTopic: ['AWS::SNS::Topic', { SignatureVersion: '2' }],
  Alarm: [
    'AWS::CloudWatch::Alarm',
    {
      ActionsEnabled: true,
      AlarmActions: [ref('Topic')],
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'TopicName', Value: 'orders' }],
      EvaluationPeriods: 2,
      MetricName: 'NumberOfNotificationsFailed',
      Namespace: 'AWS/SNS',
      Period: 60,
      Statistic: 'Sum',
      Tags: tags,
      Threshold: 0,
      TreatMissingData: 'notBreaching',
    },
  ],
  TopicInlinePolicy: [
    'AWS::SNS::TopicInlinePolicy',
    {
      TopicArn: ref('OtherTopic'),
      PolicyDocument: allow('sns:Publish', { Principal: '*', Resource: ref('OtherTopic') }),
    },
  ],
  Bus: ['AWS::Events::EventBus', { Name: 'orders', Description: 'of the shop', Tags: tags }],
  BusPolicy: [
    'AWS::Events::EventBusPolicy',
    {
      EventBusName: ref('Bus'),
      StatementId: 'partner',
      Statement: allow('events:PutEvents', {
        Principal: { AWS: '111111111111' },
        Resource: attribute('Bus', 'Arn'),
      }).Statement[0],
    },
  ],
  SimpleBusPolicy: [
    'AWS::Events::EventBusPolicy',
    { StatementId: 'another', Action: 'events:PutEvents', Principal: '222222222222' },
  ],
  Rule: [
    'AWS::Events::Rule',
    {
      EventBusName: attribute('Bus', 'Arn'),
      EventPattern: { source: ['shop'], detail: { amount: [{ numeric: ['>', 5] }] } },
      State: 'ENABLED',
      Tags: tags,
      Targets: [
        {
          Id: 'queue',
          Arn: attribute('Target', 'Arn'),
          RetryPolicy: { MaximumRetryAttempts: '3' },
          InputTransformer: { InputPathsMap: { a: '$.detail.amount' }, InputTemplate: '<a>' },
        },
        { Id: 'other', Arn: attribute('Queue', 'Arn') },
      ],
    },
  ],
  Schedule: ['AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', Description: 'daily' }],
  Role: [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: trust('lambda'),
      ManagedPolicyArns: [
        'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole',
        'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      ],
      Policies: [{ PolicyName: 'own', PolicyDocument: allow('s3:GetObject') }],
      Tags: tags,
    },
  ],
  RolePolicy: [
    'AWS::IAM::RolePolicy',
    { RoleName: ref('Role'), PolicyName: 'beside', PolicyDocument: allow('sqs:*') },
  ],
  Policy: [
    'AWS::IAM::Policy',
    { Roles: [ref('Role')], PolicyName: 'shared', PolicyDocument: allow('sqs:*') },
  ],
  ManagedPolicy: [
    'AWS::IAM::ManagedPolicy',
    { PolicyDocument: allow('kms:*'), Roles: [ref('Role')], Description: 'keys' },
  ],
  Profile: ['AWS::IAM::InstanceProfile', { Roles: [ref('Role')] }],
  Key: ['AWS::KMS::Key', { Description: 'orders', Enabled: true, PendingWindowInDays: 7 }],
  Alias: ['AWS::KMS::Alias', { AliasName: 'alias/orders', TargetKeyId: attribute('Key', 'Arn') }],
  Bucket: [
    'AWS::S3::Bucket',
    {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
      CorsConfiguration: { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'old',
            Status: 'Enabled',
            ExpirationInDays: 30,
            NoncurrentVersionExpirationInDays: 7,
            Transition: { StorageClass: 'GLACIER', TransitionInDays: 10 },
          },
        ],
      },
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Event: 's3:ObjectCreated:*',
            Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.json' }] } },
            Queue: attribute('Target', 'Arn'),
          },
        ],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      Tags: tags,
      VersioningConfiguration: { Status: 'Enabled' },
    },
  ],
  BucketPolicy: [
    'AWS::S3::BucketPolicy',
    {
      Bucket: ref('Bucket'),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: attribute('Bucket', 'Arn'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  ],
  Function: [
    'AWS::Lambda::Function',
    {
      Code: { ZipFile: 'exports.handler = async () => undefined' },
      Environment: { Variables: { LEVEL: 'info' } },
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: ref('Logs') },
      MemorySize: 128,
      ReservedConcurrentExecutions: 5,
      Role: attribute('Role', 'Arn'),
      Runtime: 'nodejs22.x',
      Timeout: 10,
    },
  ],
  Version: ['AWS::Lambda::Version', { FunctionName: ref('Function'), Description: 'first' }],
  Live: [
    'AWS::Lambda::Alias',
    {
      FunctionName: attribute('Function', 'Arn'),
      FunctionVersion: attribute('Version', 'Version'),
      Name: 'live',
    },
  ],
  Permission: [
    'AWS::Lambda::Permission',
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: attribute('Function', 'Arn'),
      Principal: '111111111111',
      SourceArn: attribute('Bucket', 'Arn'),
    },
  ],
  InvokeConfig: [
    'AWS::Lambda::EventInvokeConfig',
    { FunctionName: ref('Function'), Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
  ],
  Mapping: [
    'AWS::Lambda::EventSourceMapping',
    {
      BatchSize: 5,
      EventSourceArn: attribute('Queue', 'Arn'),
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
      FunctionName: ref('Live'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  ],
  Logs: ['AWS::Logs::LogGroup', { RetentionInDays: 7, Tags: tags }],
  Stream: ['AWS::Logs::LogStream', { LogGroupName: ref('Logs') }],
  Table: [
    'AWS::DynamoDB::Table',
    {
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byTime',
          KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
          ProvisionedThroughput: { ReadCapacityUnits: '1', WriteCapacityUnits: '1' },
        },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      SSESpecification: { SSEEnabled: true },
      Tags: tags,
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    },
  ],
  GlobalTable: [
    'AWS::DynamoDB::GlobalTable',
    {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      Replicas: [{ Region: ref('AWS::Region'), DeletionProtectionEnabled: false, Tags: tags }],
      TimeToLiveSpecification: { Enabled: false },
    },
  ],
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
  BrokerConfiguration: [
    'AWS::AmazonMQ::Configuration',
    {
      Data: Buffer.from(
        '<broker><destinations><queue physicalName="jobs"/></destinations></broker>',
      ).toString('base64'),
      Description: 'a queue',
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.18',
      Name: 'orders',
      Tags: tags,
    },
  ],
  Files: [
    'AWS::EFS::FileSystem',
    {
      BackupPolicy: { Status: 'ENABLED' },
      Encrypted: 'true',
      FileSystemPolicy: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'elasticfilesystem:ClientMount' },
        ],
      },
      FileSystemTags: tags,
      LifecyclePolicies: [{ TransitionToIA: 'AFTER_30_DAYS' }],
      ProvisionedThroughputInMibps: '5',
      ThroughputMode: 'provisioned',
    },
  ],
  FilesOfOrders: [
    'AWS::EFS::AccessPoint',
    {
      AccessPointTags: tags,
      FileSystemId: ref('Files'),
      PosixUser: { Gid: '1001', Uid: '1001' },
      RootDirectory: {
        CreationInfo: { OwnerGid: '1001', OwnerUid: '1001', Permissions: '750' },
        Path: '/orders',
      },
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
  LaunchTemplate: [
    'AWS::EC2::LaunchTemplate',
    {
      LaunchTemplateData: {
        InstanceType: 't3.micro',
        MetadataOptions: { HttpTokens: 'required' },
        UserData: 'ZWNobw==',
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: tags }],
    },
  ],
  Instance: [
    'AWS::EC2::Instance',
    {
      ImageId: amazonLinux,
      LaunchTemplate: {
        LaunchTemplateId: ref('LaunchTemplate'),
        Version: attribute('LaunchTemplate', 'LatestVersionNumber'),
      },
      DisableApiTermination: false,
      Tags: tags,
    },
  ],
  Group: [
    'AWS::AutoScaling::AutoScalingGroup',
    {
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      Cooldown: '60',
      HealthCheckGracePeriod: 60,
      LaunchTemplate: {
        LaunchTemplateId: ref('LaunchTemplate'),
        Version: attribute('LaunchTemplate', 'LatestVersionNumber'),
      },
      MaxSize: '2',
      MetricsCollection: [{ Granularity: '1Minute' }],
      MinSize: '0',
      NotificationConfigurations: [
        { TopicARN: ref('Topic'), NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] },
      ],
      Tags: [{ Key: 'team', Value: 'shop', PropagateAtLaunch: true }],
      TerminationPolicies: ['OldestInstance'],
    },
  ],
  GroupHook: [
    'AWS::AutoScaling::LifecycleHook',
    {
      AutoScalingGroupName: ref('Group'),
      DefaultResult: 'CONTINUE',
      HeartbeatTimeout: 300,
      LifecycleHookName: 'finish',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    },
  ],
  GroupPolicy: [
    'AWS::AutoScaling::ScalingPolicy',
    {
      AdjustmentType: 'ChangeInCapacity',
      AutoScalingGroupName: ref('Group'),
      PolicyType: 'StepScaling',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    },
  ],
  GroupSchedule: [
    'AWS::AutoScaling::ScheduledAction',
    {
      AutoScalingGroupName: ref('Group'),
      MinSize: 1,
      Recurrence: '0 9 * * 1-5',
      TimeZone: 'Europe/Vienna',
    },
  ],
  Secret: [
    'AWS::SecretsManager::Secret',
    { Description: 'password', SecretString: 'one', Tags: tags },
  ],
  SecretPolicy: [
    'AWS::SecretsManager::ResourcePolicy',
    {
      SecretId: ref('Secret'),
      ResourcePolicy: allow('secretsmanager:*', { Principal: '*', Resource: '*' }),
    },
  ],
  Parameter: [
    'AWS::SSM::Parameter',
    { Type: 'String', Value: 'one', Description: 'a value', Tags: { team: 'shop' } },
  ],
};

/** Every resource above under its own logical id. */
export function everything(): Stack {
  const stack = new Stack(new App(), 'Everything');
  for (const [id, [type, properties]] of Object.entries(resources)) {
    new CfnResource(stack, id, { type, properties: { ...properties } });
  }
  // S3 tries whether it may send to the queue.
  stack.node.findChild('Bucket').node.addDependency(stack.node.findChild('QueuePolicy'));
  return stack;
}
