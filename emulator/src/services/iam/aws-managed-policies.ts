import { ManagedPolicy } from './managed-policy';

interface AwsPolicy {
  readonly path?: string;
  readonly actions: readonly string[];
}

const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const networkInterfaces = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The AWS managed policies that exist here, by name, with what they allow on every resource.
 *
 * The lists are those of https://docs.aws.amazon.com/aws-managed-policy/latest/reference/, cut to the
 * services that the emulator has. `ReadOnlyAccess` enumerates thousands of actions there and is
 * written with wildcards here.
 */
const catalogue: Readonly<Record<string, AwsPolicy>> = {
  AdministratorAccess: { actions: ['*'] },
  ReadOnlyAccess: {
    actions: ['Describe', 'Get', 'List', 'Lookup'].flatMap((verb) =>
      [
        'autoscaling',
        'cloudformation',
        'cloudwatch',
        'dynamodb',
        'ec2',
        'elasticfilesystem',
        'elasticloadbalancing',
        'events',
        'firehose',
        'glue',
        'iam',
        'kinesis',
        'kms',
        'lambda',
        'logs',
        'mq',
        'rds',
        's3',
        'sns',
        'sqs',
        'ssm',
        'sts',
      ].map((service) => `${service}:${verb}*`),
    ),
  },
  AWSCloudFormationReadOnlyAccess: {
    actions: [
      'cloudformation:BatchDescribe*',
      'cloudformation:Describe*',
      'cloudformation:Detect*',
      'cloudformation:EstimateTemplateCost',
      'cloudformation:Get*',
      'cloudformation:List*',
      'cloudformation:ValidateTemplate',
    ],
  },
  AWSLambdaBasicExecutionRole: { path: '/service-role/', actions: writeLogs },
  AWSLambdaVPCAccessExecutionRole: {
    path: '/service-role/',
    actions: [...writeLogs, ...networkInterfaces],
  },
  AWSLambdaSQSQueueExecutionRole: {
    path: '/service-role/',
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...writeLogs],
  },
  AWSLambdaKinesisExecutionRole: {
    path: '/service-role/',
    actions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      ...writeLogs,
    ],
  },
  AWSLambdaDynamoDBExecutionRole: {
    path: '/service-role/',
    actions: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...writeLogs,
    ],
  },
  AmazonRDSEnhancedMonitoringRole: {
    path: '/service-role/',
    actions: [
      ...writeLogs,
      'logs:PutRetentionPolicy',
      'logs:DescribeLogStreams',
      'logs:GetLogEvents',
    ],
  },
  AmazonSQSFullAccess: { actions: ['sqs:*'] },
  AmazonSQSReadOnlyAccess: {
    actions: [
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ListDeadLetterSourceQueues',
      'sqs:ListQueues',
      'sqs:ListMessageMoveTasks',
      'sqs:ListQueueTags',
    ],
  },
  AmazonS3FullAccess: { actions: ['s3:*', 's3-object-lambda:*'] },
  AmazonS3ReadOnlyAccess: {
    actions: [
      's3:Get*',
      's3:List*',
      's3:Describe*',
      's3-object-lambda:Get*',
      's3-object-lambda:List*',
    ],
  },
  AmazonSSMManagedInstanceCore: {
    actions: [
      'ssm:DescribeAssociation',
      'ssm:GetDeployablePatchSnapshotForInstance',
      'ssm:GetDocument',
      'ssm:DescribeDocument',
      'ssm:GetManifest',
      'ssm:GetParameter',
      'ssm:GetParameters',
      'ssm:ListAssociations',
      'ssm:ListInstanceAssociations',
      'ssm:PutInventory',
      'ssm:PutComplianceItems',
      'ssm:PutConfigurePackageResult',
      'ssm:UpdateAssociationStatus',
      'ssm:UpdateInstanceAssociationStatus',
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
  },
  CloudWatchAgentServerPolicy: {
    actions: [
      'cloudwatch:PutMetricData',
      'ec2:DescribeVolumes',
      'ec2:DescribeTags',
      'logs:PutLogEvents',
      'logs:PutRetentionPolicy',
      'logs:DescribeLogStreams',
      'logs:DescribeLogGroups',
      'logs:CreateLogStream',
      'logs:CreateLogGroup',
      'ssm:GetParameter',
    ],
  },
};

/** Whether an ARN is that of a policy which AWS manages. */
export function isAwsManagedArn(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn);
}

const policies = new Map<string, ManagedPolicy>();

/** All AWS managed policies that exist here. */
export function awsManagedPolicies(): ManagedPolicy[] {
  if (policies.size === 0) for (const name of Object.keys(catalogue)) addPolicy(name);
  return [...policies.values()];
}

/** The AWS managed policy of that ARN; undefined if it is not in the catalogue. */
export function awsManagedPolicy(arn: string): ManagedPolicy | undefined {
  return awsManagedPolicies().find((policy) => policy.arn === arn);
}

function addPolicy(name: string): void {
  const { path = '/', actions } = catalogue[name] ?? { actions: [] };
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
  const id = `ANPA${Buffer.from(name).toString('hex').toUpperCase().padEnd(17, '0').slice(0, 17)}`;
  const madeAt = Date.UTC(2015, 1, 6);
  policies.set(
    name,
    new ManagedPolicy(
      name,
      path,
      `arn:aws:iam::aws:policy${path}${name}`,
      id,
      undefined,
      madeAt,
      document,
    ),
  );
}
