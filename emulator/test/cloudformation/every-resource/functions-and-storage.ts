import { attribute, logKeyPolicy, type Resources, ref, tags } from './template-parts';

/** Functions and their logs, buckets, tables and file systems. */
export const functionsAndStorage: Resources = {
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
  LogKey: ['AWS::KMS::Key', { KeyPolicy: logKeyPolicy }],
  Logs: [
    'AWS::Logs::LogGroup',
    { KmsKeyId: attribute('LogKey', 'Arn'), RetentionInDays: 7, Tags: tags },
  ],
  Stream: ['AWS::Logs::LogStream', { LogGroupName: ref('Logs') }],
  ErrorFilter: [
    'AWS::Logs::MetricFilter',
    {
      FilterPattern: '[..., level = ERROR, text]',
      LogGroupName: ref('Logs'),
      MetricTransformations: [
        {
          Dimensions: [{ Key: 'Level', Value: '$level' }],
          MetricName: 'Errors',
          MetricNamespace: 'Shop',
          MetricValue: '1',
          Unit: 'Count',
        },
      ],
    },
  ],
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
};
