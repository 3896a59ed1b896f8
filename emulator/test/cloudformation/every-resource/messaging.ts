import { allow, attribute, type Resources, ref, tags } from './template-parts';

/** Queues, topics, alarms, buses and brokers. */
export const messaging: Resources = {
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
};
