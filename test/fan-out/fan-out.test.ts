import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FanOut } from 'cdk-decouple';
import { fromTopic, functionIn, stackWith } from './support';

describe('a queue', () => {
  test('gets raw messages, and has a dead-letter queue for what cannot be delivered', () => {
    const { stack, orders } = stackWith();
    orders.addQueue('Invoices', { consumerTimeout: Duration.seconds(20) });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      RawMessageDelivery: true,
      TopicArn: { Ref: Match.stringLikeRegexp('^OrdersTopic') },
      Endpoint: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersInvoicesQueue'), 'Arn'] },
      RedrivePolicy: {
        deadLetterTargetArn: {
          'Fn::GetAtt': [
            Match.stringLikeRegexp('^OrdersInvoicesSubscriptionDeadLetterQueue'),
            'Arn',
          ],
        },
      },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 120 });
  });

  test('admits the topic, and so does the dead-letter queue', () => {
    const { stack, orders } = stackWith();
    orders.addQueue('Invoices');

    const admits = {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'sns.amazonaws.com' },
            Condition: fromTopic(),
          }),
        ]),
      },
    };
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::SQS::QueuePolicy', admits, 2);
  });

  test('is admitted before it is subscribed: the first message must not be refused', () => {
    const { stack, orders } = stackWith();
    orders.addQueue('Invoices');

    Template.fromStack(stack).hasResource('AWS::SNS::Subscription', {
      DependsOn: [
        Match.stringLikeRegexp('^OrdersInvoicesQueuePolicy'),
        Match.stringLikeRegexp('^OrdersInvoicesSubscriptionDeadLetterQueuePolicy'),
      ],
    });
  });

  test('that exists is admitted and subscribed', () => {
    const { stack, orders } = stackWith();
    const queue = new sqs.Queue(stack, 'Mine');
    const subscription = orders.addExistingQueue('Mine', queue, { rawMessageDelivery: false });

    expect(orders.subscriptions.get('Mine')).toBe(subscription);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Subscription', { RawMessageDelivery: false });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: Match.stringLikeRegexp('^Mine') }],
    });
  });

  test('of a FIFO topic is FIFO, unless asked otherwise; the dead-letter queue of its subscription always is', () => {
    const { stack, orders } = stackWith({ fifo: true });
    orders.addQueue('Ordered');
    orders.addQueue('Standard', { fifo: false });

    const queues = Template.fromStack(stack).findResources('AWS::SQS::Queue');
    const fifo = Object.entries(queues)
      .filter(([, { Properties }]) => Properties.FifoQueue === true)
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(fifo.sort()).toEqual([
      'OrdersOrderedQueue',
      'OrdersOrderedQueueDeadLetterQueue',
      'OrdersOrderedSubscriptionDeadLetterQueue',
      'OrdersStandardSubscriptionDeadLetterQueue',
    ]);
  });

  test('in another region than the topic names the region', () => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: { account: '111122223333', region: 'eu-west-1' } });
    const topic = sns.Topic.fromTopicArn(
      stack,
      'Topic',
      'arn:aws:sns:us-east-1:444455556666:orders',
    );
    const orders = new FanOut(stack, 'Orders', { topic });
    orders.addQueue('Invoices');

    expect(orders.alarms).toBeUndefined();
    // A dead-letter queue would have to be in the topic's region too.
    expect(orders.subscriptions.get('Invoices')?.deadLetterQueue).toBeUndefined();
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('must be the dead-letter'));
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      TopicArn: 'arn:aws:sns:us-east-1:444455556666:orders',
      Region: 'us-east-1',
      RedrivePolicy: Match.absent(),
    });
  });
});

describe('with a key of its own', () => {
  test('topic and queues are encrypted with it, and SNS may use it to deliver', () => {
    const stack = new Stack(new App(), 'Test');
    const encryptionKey = new kms.Key(stack, 'Key');
    const orders = new FanOut(stack, 'Orders', { encryptionKey });
    orders.addQueue('Invoices');
    orders.grantPublish(new iam.AccountRootPrincipal());

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'sns.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          }),
        ]),
      },
    });
  });
});

test('a dead-letter queue of the user takes what cannot be delivered, and admits the topic', () => {
  const { stack, orders } = stackWith();
  const deadLetterQueue = new sqs.Queue(stack, 'Undelivered');
  orders.addEmail('Mail', 'orders@example.com', { deadLetterQueue });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SQS::Queue', 1);
  template.hasResourceProperties('AWS::SNS::Subscription', {
    RedrivePolicy: {
      deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Undelivered'), 'Arn'] },
    },
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: { Statement: [Match.objectLike({ Condition: fromTopic() })] },
  });
});

test('the topic refuses publishing without TLS and signs with SHA-256', () => {
  const template = Template.fromStack(stackWith({ maxMessageSizeBytes: 1_048_576 }).stack);
  template.hasResourceProperties('AWS::SNS::Topic', {
    SignatureVersion: '2',
    MaximumMessageSize: 1_048_576,
  });
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Effect: 'Deny',
          Action: 'sns:Publish',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    },
  });
});

test('alarms tell of failures, of what went to dead-letter queues and of what is lost', () => {
  const stack = new Stack(new App(), 'Test');
  const alarmTopic = new sns.Topic(stack, 'Alarms');
  new FanOut(stack, 'Orders', { alarmTopic }).addFunction('Notify', functionIn(stack));

  const template = Template.fromStack(stack);
  const told = { AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }] };
  for (const metric of ['Failed', 'RedrivenToDlq', 'FailedToRedriveToDlq']) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...told,
      Namespace: 'AWS/SNS',
      MetricName: `NumberOfNotifications${metric}`,
      Statistic: 'Sum',
      Dimensions: [{ Name: 'TopicName', Value: Match.anyValue() }],
    });
  }
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    ...told,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
  });
});

test('the template stays as it is', () => {
  const { stack, orders } = stackWith();
  orders.addQueue('Invoices');
  orders.addFunction('Notify', functionIn(stack), { filterPolicy: { kind: ['urgent'] } });

  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});
