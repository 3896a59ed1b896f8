import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { FanOut } from 'cdk-decouple';
import { failuresOf, stackWith } from './support';

describe('publishers', () => {
  test.each([
    ['budgets', 'budgets.amazonaws.com'],
    ['cloudWatchAlarms', 'cloudwatch.amazonaws.com'],
    ['databaseMigrationService', 'dms.amazonaws.com'],
    ['rdsEvents', 'events.rds.amazonaws.com'],
    ['s3', 's3.amazonaws.com'],
  ] as const)('%s is admitted for this account only, and may use the key', (name, service) => {
    const stack = new Stack(new App(), 'Test');
    const orders = new FanOut(stack, 'Orders', { encryptionKey: new kms.Key(stack, 'Key') });
    orders.allowPublisher(name);

    const template = Template.fromStack(stack);
    const statement = { Effect: 'Allow', Principal: { Service: service } };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            ...statement,
            Action: 'sns:Publish',
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': Match.anyValue() },
            },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike(statement)]) },
    });
  });

  test('autoScaling comes as a role: only the key has to admit it', () => {
    const stack = new Stack(new App(), 'Test');
    const orders = new FanOut(stack, 'Orders', { encryptionKey: new kms.Key(stack, 'Key') });
    orders.allowPublisher('autoScaling');

    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).not.toContain('Allow"');
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).toContain(
      'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    );
  });

  test.each(['lambda', 'dynamoDb', 'cloudFormation'] as const)(
    '%s comes as a principal of the user, who is told',
    (name) => {
      const { orders } = stackWith();
      expect(failuresOf(() => orders.allowPublisher(name))).toEqual([
        expect.stringMatching(/call grantPublish with that principal/),
      ]);
    },
  );

  test('a topic whose policy is not ours draws a warning', () => {
    const stack = new Stack(new App(), 'Test');
    const topic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:444455556666:x');
    new FanOut(stack, 'Orders', { topic }).allowPublisher('s3');

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('check that it lets s3.amazonaws.com call sns:Publish'),
    );
  });

  test('a bucket publishes, filtered by key', () => {
    const { stack, orders } = stackWith();
    orders.addBucketSource(new s3.Bucket(stack, 'Bucket'), {
      events: [s3.EventType.OBJECT_CREATED, s3.EventType.OBJECT_REMOVED],
      prefix: 'in/',
      suffix: '.json',
    });

    Template.fromStack(stack).hasResourceProperties('Custom::S3BucketNotifications', {
      NotificationConfiguration: {
        TopicConfigurations: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'].map((event) =>
          Match.objectLike({
            Events: [event],
            Filter: {
              Key: {
                FilterRules: [
                  { Name: 'suffix', Value: '.json' },
                  { Name: 'prefix', Value: 'in/' },
                ],
              },
            },
          }),
        ),
      },
    });
  });

  test('another account may subscribe queues and functions, nothing else', () => {
    const { stack, orders } = stackWith();
    orders.allowSubscriptionsOf('111122223333');

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sns:Subscribe',
            Condition: { StringEquals: { 'sns:Protocol': ['sqs', 'lambda'] } },
          }),
        ]),
      },
    });
  });
});
