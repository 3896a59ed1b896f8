import {
  CloudWatchLogsClient,
  DeleteLogStreamCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTableCommand,
  DynamoDBClient,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateAliasCommand as UpdateFunctionAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteSecretCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { allow } from '../every-resource/template-parts';
import { type DriftCase, text } from './drift-case';

/** Changes of functions, logs, buckets, secrets and parameters. */
export const functionsAndData: readonly DriftCase[] = [
  {
    what: 'a bucket has other settings',
    resource: 'Bucket',
    change: async (aws, id) => {
      const s3 = aws.client(S3Client);
      const Bucket = id('Bucket');
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] } }));
      await s3.send(
        new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }),
      );
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: [{ ID: 'old', Status: 'Disabled', Filter: {}, Expiration: { Days: 30 } }],
          },
        }),
      );
    },
    differences: [
      ['/LifecycleConfiguration/Rules/0/NoncurrentVersionExpirationInDays', 'REMOVE', '7', 'null'],
      ['/LifecycleConfiguration/Rules/0/Status', 'NOT_EQUAL', 'Enabled', 'Disabled'],
      [
        '/LifecycleConfiguration/Rules/0/Transition',
        'REMOVE',
        '{"StorageClass":"GLACIER","TransitionInDays":10}',
        'null',
      ],
      ['/NotificationConfiguration', 'REMOVE', expect.stringContaining('.json'), 'null'],
      ['/PublicAccessBlockConfiguration', 'REMOVE', '{"BlockPublicAcls":true}', 'null'],
      ['/Tags/0', 'REMOVE', '{"Key":"team","Value":"shop"}', 'null'],
    ],
  },
  {
    what: 'a bucket has lost its policy',
    resource: 'BucketPolicy',
    change: (aws, id) =>
      aws.client(S3Client).send(new DeleteBucketPolicyCommand({ Bucket: id('Bucket') })),
    differences: 'DELETED',
  },
  {
    what: 'a function has more memory and other variables',
    resource: 'Function',
    change: (aws, id) =>
      aws.client(LambdaClient).send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: id('Function'),
          MemorySize: 512,
          Environment: { Variables: { LEVEL: 'debug', MORE: '1' } },
        }),
      ),
    differences: [
      ['/Environment/Variables/LEVEL', 'NOT_EQUAL', 'info', 'debug'],
      ['/Environment/Variables/MORE', 'ADD', 'null', '1'],
      ['/MemorySize', 'NOT_EQUAL', '128', '512'],
    ],
  },
  {
    what: 'a function is deleted, with its versions',
    resource: 'Version',
    change: (aws, id) =>
      aws.client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: id('Function') })),
    differences: 'DELETED',
  },
  {
    what: 'an alias of a function stands for the latest version',
    resource: 'Live',
    change: (aws, id) =>
      aws.client(LambdaClient).send(
        new UpdateFunctionAliasCommand({
          FunctionName: id('Function'),
          Name: 'live',
          FunctionVersion: '$LATEST',
        }),
      ),
    differences: [['/FunctionVersion', 'NOT_EQUAL', '1', '$LATEST']],
  },
  {
    what: 'a permission is taken away',
    resource: 'Permission',
    change: (aws, id) =>
      aws.client(LambdaClient).send(
        new RemovePermissionCommand({
          FunctionName: id('Function'),
          StatementId: id('Permission'),
        }),
      ),
    differences: 'DELETED',
  },
  {
    what: 'asynchronous invocations are repeated more often',
    resource: 'InvokeConfig',
    change: (aws, id) =>
      aws.client(LambdaClient).send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: id('Function'),
          MaximumRetryAttempts: 2,
        }),
      ),
    differences: [['/MaximumRetryAttempts', 'NOT_EQUAL', '1', '2']],
  },
  {
    what: 'an event source mapping is changed',
    resource: 'Mapping',
    change: (aws, id) =>
      aws.client(LambdaClient).send(
        new UpdateEventSourceMappingCommand({
          UUID: id('Mapping'),
          BatchSize: 1,
          FunctionResponseTypes: [],
          ScalingConfig: {},
        }),
      ),
    differences: [
      ['/BatchSize', 'NOT_EQUAL', '5', '1'],
      ['/FunctionResponseTypes/0', 'REMOVE', 'ReportBatchItemFailures', 'null'],
      ['/ScalingConfig', 'REMOVE', '{"MaximumConcurrency":2}', 'null'],
    ],
  },
  {
    what: 'logs are kept longer',
    resource: 'Logs',
    change: (aws, id) =>
      aws
        .client(CloudWatchLogsClient)
        .send(new PutRetentionPolicyCommand({ logGroupName: id('Logs'), retentionInDays: 30 })),
    differences: [['/RetentionInDays', 'NOT_EQUAL', '7', '30']],
  },
  {
    what: 'a metric filter counts something else',
    resource: 'ErrorFilter',
    change: (aws, id) =>
      aws.client(CloudWatchLogsClient).send(
        new PutMetricFilterCommand({
          logGroupName: id('Logs'),
          filterName: id('ErrorFilter'),
          filterPattern: 'WARN',
          metricTransformations: [
            { metricName: 'Errors', metricNamespace: 'Shop', metricValue: '2', unit: 'Count' },
          ],
        }),
      ),
    differences: [
      ['/FilterPattern', 'NOT_EQUAL', '[..., level = ERROR, text]', 'WARN'],
      [
        '/MetricTransformations/0/Dimensions',
        'REMOVE',
        text([{ Key: 'Level', Value: '$level' }]),
        'null',
      ],
      ['/MetricTransformations/0/MetricValue', 'NOT_EQUAL', '1', '2'],
    ],
  },
  {
    what: 'a log stream is deleted',
    resource: 'Stream',
    change: (aws, id) =>
      aws.client(CloudWatchLogsClient).send(
        new DeleteLogStreamCommand({
          logGroupName: id('Logs'),
          logStreamName: id('Stream'),
        }),
      ),
    differences: 'DELETED',
  },
  {
    what: 'a table has more capacity and no backups',
    resource: 'Table',
    change: async (aws, id) => {
      const dynamodb = aws.client(DynamoDBClient);
      const TableName = id('Table');
      await dynamodb.send(
        new UpdateContinuousBackupsCommand({
          TableName,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      );
      await dynamodb.send(
        new UpdateTableCommand({
          TableName,
          ProvisionedThroughput: { ReadCapacityUnits: 9, WriteCapacityUnits: 5 },
        }),
      );
    },
    differences: [
      [
        '/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled',
        'NOT_EQUAL',
        'true',
        'false',
      ],
      ['/ProvisionedThroughput/ReadCapacityUnits', 'NOT_EQUAL', '5', '9'],
    ],
  },
  {
    what: 'a global table is protected and has another tag',
    resource: 'GlobalTable',
    change: async (aws, id) => {
      const dynamodb = aws.client(DynamoDBClient);
      const { Table: table } = await dynamodb.send(
        new DescribeTableCommand({ TableName: id('GlobalTable') }),
      );
      await dynamodb.send(
        new TagResourceCommand({
          ResourceArn: table?.TableArn,
          Tags: [{ Key: 'team', Value: 'none' }],
        }),
      );
      await dynamodb.send(
        new UpdateTableCommand({ TableName: table?.TableName, DeletionProtectionEnabled: true }),
      );
    },
    differences: [
      ['/Replicas/0/DeletionProtectionEnabled', 'NOT_EQUAL', 'false', 'true'],
      ['/Replicas/0/Tags/0/Value', 'NOT_EQUAL', 'shop', 'none'],
    ],
  },
  {
    what: 'a secret has another value and another description',
    resource: 'Secret',
    change: (aws, id) =>
      aws.client(SecretsManagerClient).send(
        new UpdateSecretCommand({
          SecretId: id('Secret'),
          // The value is nobody's business but the secret's own.
          SecretString: 'two',
          Description: 'word',
        }),
      ),
    differences: [['/Description', 'NOT_EQUAL', 'password', 'word']],
  },
  {
    what: 'a secret waits for its deletion',
    resource: 'Secret',
    change: (aws, id) =>
      aws.client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId: id('Secret') })),
    differences: 'DELETED',
  },
  {
    what: 'the policy of a secret allows something else',
    resource: 'SecretPolicy',
    change: (aws, id) =>
      aws.client(SecretsManagerClient).send(
        new PutResourcePolicyCommand({
          SecretId: id('Secret'),
          ResourcePolicy: text(
            allow('secretsmanager:GetSecretValue', { Principal: '*', Resource: '*' }),
          ),
        }),
      ),
    differences: [
      [
        '/ResourcePolicy/Statement/0/Action',
        'NOT_EQUAL',
        'secretsmanager:*',
        'secretsmanager:GetSecretValue',
      ],
    ],
  },
  {
    what: 'a parameter has another value',
    resource: 'Parameter',
    change: (aws, id) =>
      aws.client(SSMClient).send(
        new PutParameterCommand({
          Name: id('Parameter'),
          Value: 'two',
          // AWS does not compare it.
          Description: 'another value',
          Overwrite: true,
        }),
      ),
    differences: [['/Value', 'NOT_EQUAL', 'one', 'two']],
  },
  {
    what: 'a parameter is deleted',
    resource: 'Parameter',
    change: (aws, id) =>
      aws.client(SSMClient).send(new DeleteParameterCommand({ Name: id('Parameter') })),
    differences: 'DELETED',
  },
];
