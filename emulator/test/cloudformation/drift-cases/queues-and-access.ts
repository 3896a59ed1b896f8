import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DisableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import {
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  DeleteQueueCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { allow, trust } from '../every-resource/template-parts';
import { type DriftCase, text } from './drift-case';

/** Changes of queues, roles, policies and keys. */
export const queuesAndAccess: readonly DriftCase[] = [
  {
    what: 'a queue has other attributes',
    resource: 'Queue',
    change: (aws, id) =>
      aws.client(SQSClient).send(
        new SetQueueAttributesCommand({
          QueueUrl: id('Queue'),
          Attributes: {
            DelaySeconds: '120',
            // What the template leaves open may be anything.
            MaximumMessageSize: '2048',
            RedrivePolicy: text({
              deadLetterTargetArn: `arn:aws:sqs:${aws.region}:000000000000:${id('Target').split('/').at(-1)}`,
              maxReceiveCount: 12,
            }),
          },
        }),
      ),
    differences: [
      ['/DelaySeconds', 'NOT_EQUAL', '5', '120'],
      ['/RedrivePolicy/maxReceiveCount', 'NOT_EQUAL', '3', '12'],
    ],
  },
  {
    what: 'a queue has lost its redrive policy',
    resource: 'Queue',
    change: (aws, id) =>
      aws.client(SQSClient).send(
        new SetQueueAttributesCommand({
          QueueUrl: id('Queue'),
          Attributes: { RedrivePolicy: '' },
        }),
      ),
    differences: [['/RedrivePolicy', 'REMOVE', expect.stringContaining('maxReceiveCount'), 'null']],
  },
  {
    what: 'a queue has one tag more, and another value of one',
    resource: 'Queue',
    change: (aws, id) =>
      aws
        .client(SQSClient)
        .send(new TagQueueCommand({ QueueUrl: id('Queue'), Tags: { a: 'b', team: 'none' } })),
    differences: [
      ['/Tags/0/Value', 'NOT_EQUAL', 'shop', 'none'],
      ['/Tags/1', 'ADD', 'null', '{"Key":"a","Value":"b"}'],
    ],
  },
  {
    what: 'a queue is deleted',
    resource: 'FifoQueue',
    change: (aws, id) =>
      aws.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: id('FifoQueue') })),
    differences: 'DELETED',
  },
  {
    what: 'the policy of a queue allows more',
    resource: 'InlinePolicy',
    change: (aws, id) =>
      aws.client(SQSClient).send(
        new SetQueueAttributesCommand({
          QueueUrl: id('Queue'),
          Attributes: {
            Policy: text({
              Statement: [
                {
                  Resource: '*',
                  Principal: '*',
                  Action: ['sqs:SendMessage', 'sqs:*'],
                  Effect: 'Allow',
                },
              ],
              Version: '2012-10-17',
            }),
          },
        }),
      ),
    differences: [['/PolicyDocument/Statement/0/Action/1', 'ADD', 'null', 'sqs:*']],
  },
  {
    what: 'a topic has another name and has lost a subscription',
    resource: 'Topic',
    change: async (aws, id) => {
      const sns = aws.client(SNSClient);
      const TopicArn = id('Topic');
      await sns.send(
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: 'DisplayName',
          AttributeValue: 'sales',
        }),
      );
      const { Subscriptions: all = [] } = await sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn }),
      );
      const { SubscriptionArn } =
        all.find(({ Endpoint: endpoint }) => endpoint?.includes('Target')) ?? {};
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    },
    differences: [
      ['/DisplayName', 'NOT_EQUAL', 'orders', 'sales'],
      ['/Subscription/0', 'REMOVE', expect.stringContaining('"Protocol":"sqs"'), 'null'],
    ],
  },
  {
    what: 'a subscription filters other messages',
    resource: 'Subscription',
    change: (aws, id) =>
      aws.client(SNSClient).send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn: id('Subscription'),
          AttributeName: 'FilterPolicy',
          AttributeValue: text({ kind: ['order', 'return'] }),
        }),
      ),
    differences: [['/FilterPolicy/kind/1', 'ADD', 'null', 'return']],
  },
  {
    what: 'the policy of a topic allows something else',
    resource: 'TopicInlinePolicy',
    change: (aws, id) =>
      aws.client(SNSClient).send(
        new SetTopicAttributesCommand({
          TopicArn: id('OtherTopic'),
          AttributeName: 'Policy',
          AttributeValue: text(
            allow('sns:Subscribe', { Principal: '*', Resource: id('OtherTopic') }),
          ),
        }),
      ),
    differences: [
      ['/PolicyDocument/Statement/0/Action', 'NOT_EQUAL', 'sns:Publish', 'sns:Subscribe'],
    ],
  },
  {
    what: 'another service may assume a role',
    resource: 'Role',
    change: (aws, id) =>
      aws.client(IAMClient).send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: id('Role'),
          PolicyDocument: text(trust('ec2')),
        }),
      ),
    differences: [
      [
        '/AssumeRolePolicyDocument/Statement/0/Principal/Service',
        'NOT_EQUAL',
        'lambda.amazonaws.com',
        'ec2.amazonaws.com',
      ],
    ],
  },
  {
    what: 'a role is given a policy and a tag',
    resource: 'Role',
    change: async (aws, id) => {
      const iam = aws.client(IAMClient);
      const RoleName = id('Role');
      const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'by', Value: 'hand' }] }));
      const PolicyDocument = text(allow('s3:*'));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    },
    differences: [
      ['/ManagedPolicyArns/2', 'ADD', 'null', 'arn:aws:iam::aws:policy/AdministratorAccess'],
      ['/Policies/0/PolicyDocument/Statement/0/Action', 'NOT_EQUAL', 's3:GetObject', 's3:*'],
      ['/Tags/1', 'ADD', 'null', '{"Key":"by","Value":"hand"}'],
    ],
  },
  {
    what: 'an inline policy of a role is deleted',
    resource: 'RolePolicy',
    change: (aws, id) =>
      aws
        .client(IAMClient)
        .send(new DeleteRolePolicyCommand({ RoleName: id('Role'), PolicyName: 'beside' })),
    differences: 'DELETED',
  },
  {
    what: 'a managed policy has a new version',
    resource: 'ManagedPolicy',
    change: (aws, id) =>
      aws.client(IAMClient).send(
        new CreatePolicyVersionCommand({
          PolicyArn: id('ManagedPolicy'),
          PolicyDocument: text(allow('kms:Decrypt')),
          SetAsDefault: true,
        }),
      ),
    differences: [['/PolicyDocument/Statement/0/Action', 'NOT_EQUAL', 'kms:*', 'kms:Decrypt']],
  },
  {
    what: 'an instance profile has lost its role',
    resource: 'Profile',
    change: (aws, id) =>
      aws.client(IAMClient).send(
        new RemoveRoleFromInstanceProfileCommand({
          InstanceProfileName: id('Profile'),
          RoleName: id('Role'),
        }),
      ),
    differences: [['/Roles/0', 'REMOVE', expect.stringContaining('Everything-Role'), 'null']],
  },
  {
    what: 'a key is disabled',
    resource: 'Key',
    change: (aws, id) => aws.client(KMSClient).send(new DisableKeyCommand({ KeyId: id('Key') })),
    differences: [['/Enabled', 'NOT_EQUAL', 'true', 'false']],
  },
  {
    what: 'a key waits for its deletion',
    resource: 'Key',
    change: (aws, id) =>
      aws.client(KMSClient).send(new ScheduleKeyDeletionCommand({ KeyId: id('Key') })),
    differences: 'DELETED',
  },
  {
    what: 'an alias stands for another key',
    resource: 'Alias',
    change: async (aws) => {
      const kms = aws.client(KMSClient);
      const { KeyMetadata: other } = await kms.send(new CreateKeyCommand({}));
      await kms.send(
        new UpdateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: other?.KeyId }),
      );
    },
    differences: [
      [
        '/TargetKeyId',
        'NOT_EQUAL',
        expect.stringMatching(/^arn:/),
        expect.stringMatching(/^\w{8}-/),
      ],
    ],
  },
];
