import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { WorkQueue } from 'cdk-decouple';

describe('alarms on a topic', () => {
  test('tell it when they go off and when they end', () => {
    const stack = new Stack(new App(), 'Test');
    new WorkQueue(stack, 'Orders', { alarmTopic: new sns.Topic(stack, 'Alarms') });

    const topic = [{ Ref: Match.stringLikeRegexp('^Alarms') }];
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: topic,
      OKActions: topic,
    });
  });

  test('let CloudWatch publish to a topic that has a policy', () => {
    const stack = new Stack(new App(), 'Test');
    const alarmTopic = new sns.Topic(stack, 'Alarms', { enforceSSL: true });
    new WorkQueue(stack, 'Orders', { alarmTopic });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny' }),
          {
            Effect: 'Allow',
            Action: 'sns:Publish',
            Sid: '1',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Resource: { Ref: Match.stringLikeRegexp('^Alarms') },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: {
                'aws:SourceArn': {
                  'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':alarm:\\*$')])],
                },
              },
            },
          },
        ]),
      },
    });
  });

  test('let CloudWatch use the key of an encrypted topic', () => {
    const stack = new Stack(new App(), 'Test');
    const masterKey = new kms.Key(stack, 'Key');
    new WorkQueue(stack, 'Orders', { alarmTopic: new sns.Topic(stack, 'Alarms', { masterKey }) });

    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    });
  });

  test('warn if the key of the topic is not ours', () => {
    const stack = new Stack(new App(), 'Test');
    const masterKey = kms.Key.fromKeyArn(
      stack,
      'Key',
      'arn:aws:kms:eu-west-1:123456789012:key/0f5e1b1c',
    );
    new WorkQueue(stack, 'Orders', { alarmTopic: new sns.Topic(stack, 'Alarms', { masterKey }) });

    Annotations.fromStack(stack).hasWarning(
      '/Test/Orders',
      Match.stringLikeRegexp('cdk-decouple:alarmTopicKeyNotOurs'),
    );
  });
});
