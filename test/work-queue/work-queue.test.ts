import { App, Duration, Lazy, PhysicalName, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { PropsValidationError, WorkQueue, type WorkQueueProps } from 'cdk-decouple';

const SOURCE_QUEUE = { RedrivePolicy: Match.anyValue() };
const DEAD_LETTER_QUEUE = { RedrivePolicy: Match.absent() };

function stackWith(props?: WorkQueueProps): { stack: Stack; queue: WorkQueue; template: Template } {
  const stack = new Stack(new App(), 'Test');
  const queue = new WorkQueue(stack, 'Orders', props);
  return { stack, queue, template: Template.fromStack(stack) };
}

function failuresOf(props: WorkQueueProps): readonly string[] {
  const stack = new Stack(new App(), 'Test');
  try {
    new WorkQueue(stack, 'Orders', props);
  } catch (error) {
    if (error instanceof PropsValidationError) {
      expect(stack.node.tryFindChild('Orders')).toBeUndefined();
      return error.failures;
    }
    throw error;
  }
  return [];
}

describe('with defaults', () => {
  const { template } = stackWith();

  test('the queue is encrypted, polls long and moves failed messages away', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      ...SOURCE_QUEUE,
      SqsManagedSseEnabled: true,
      ReceiveMessageWaitTimeSeconds: 20,
      MessageRetentionPeriod: 345_600,
      VisibilityTimeout: 30,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] },
        maxReceiveCount: 5,
      },
    });
  });

  test('the dead-letter queue is encrypted and keeps messages for 14 days', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      ...DEAD_LETTER_QUEUE,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
      RedriveAllowPolicy: Match.absent(),
    });
  });

  test('both queues refuse calls without TLS', () => {
    template.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Action: 'sqs:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        },
      },
      2,
    );
  });

  test('alarms watch dead letters, age and depth', () => {
    const watched = (metric: string, queue: RegExp) => ({
      Namespace: 'AWS/SQS',
      MetricName: metric,
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(queue.source), 'QueueName'] },
        },
      ],
    });
    const alarm = (metric: string, threshold: number, queue: RegExp) =>
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...watched(metric, queue),
        Threshold: threshold,
        Statistic: 'Maximum',
        Period: 60,
        TreatMissingData: 'notBreaching',
        AlarmActions: Match.absent(),
      });
    const part = (id: string, metric: string) =>
      Match.objectLike({
        Id: id,
        ReturnData: false,
        MetricStat: {
          Metric: watched(metric, /^Orders(?!DeadLetter)/),
          Period: 60,
          Stat: 'Maximum',
        },
      });
    alarm('ApproximateNumberOfMessagesVisible', 1, /DeadLetterQueue/);
    alarm('ApproximateAgeOfOldestMessage', 3_600, /^Orders(?!DeadLetter)/);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 10_000,
      TreatMissingData: 'notBreaching',
      Metrics: [
        Match.objectLike({ Expression: 'waiting + inFlight' }),
        part('waiting', 'ApproximateNumberOfMessagesVisible'),
        part('inFlight', 'ApproximateNumberOfMessagesNotVisible'),
      ],
    });
  });

  test('the template stays as it is', () => {
    expect(template.toJSON()).toMatchSnapshot();
  });
});

test('the visibility timeout is six times the consumer timeout, and the batching window', () => {
  const { queue, template } = stackWith({
    consumerTimeout: Duration.seconds(30),
    consumerBatchingWindow: Duration.seconds(20),
  });

  expect(queue.visibilityTimeout.toSeconds()).toBe(200);
  template.hasResourceProperties('AWS::SQS::Queue', { ...SOURCE_QUEUE, VisibilityTimeout: 200 });
});

test('a FIFO queue has a FIFO dead-letter queue of the same throughput', () => {
  const { template } = stackWith({
    fifo: true,
    deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
    fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  });

  template.resourcePropertiesCountIs(
    'AWS::SQS::Queue',
    {
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    },
    2,
  );
});

test.each([
  [{ queueName: 'orders' }, 'orders', 'orders-dlq'],
  [{ queueName: 'orders.fifo', fifo: true }, 'orders.fifo', 'orders-dlq.fifo'],
])(
  'the dead-letter queue of a named queue takes messages from it only: %p',
  (props, name, deadLetterName) => {
    const { template } = stackWith(props);

    template.hasResourceProperties('AWS::SQS::Queue', { ...SOURCE_QUEUE, QueueName: name });
    template.hasResourceProperties('AWS::SQS::Queue', {
      ...DEAD_LETTER_QUEUE,
      QueueName: deadLetterName,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: [
          { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`:${name}$`)])] },
        ],
      },
    });
  },
);

test('a queue that a producer of another account refers to is given a name', () => {
  const app = new App();
  const stack = new Stack(app, 'Test', { env: { account: '111111111111', region: 'eu-west-1' } });
  const other = new Stack(app, 'Other', { env: { account: '222222222222', region: 'eu-west-1' } });
  const queue = new WorkQueue(stack, 'Orders', { queueName: PhysicalName.GENERATE_IF_NEEDED });
  const producer = new iam.Role(other, 'Producer', {
    assumedBy: new iam.AccountRootPrincipal(),
    roleName: 'producer',
  });
  queue.grantSend(producer);

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SQS::Queue', {
    ...SOURCE_QUEUE,
    QueueName: Match.stringLikeRegexp('^test'),
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Principal: {
            AWS: {
              'Fn::Join': [
                '',
                Match.arrayWith([Match.stringLikeRegexp('222222222222:role/producer')]),
              ],
            },
          },
        }),
      ]),
    },
  });
});

test('the redrive command names both queues, and the alarm tells it', () => {
  const { stack, queue, template } = stackWith();

  expect(JSON.stringify(stack.resolve(queue.redriveCommand))).toMatch(
    /aws sqs start-message-move-task --source-arn .*DeadLetterQueue.* --destination-arn .*Queue/,
  );
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 1,
    AlarmDescription: {
      'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('start-message-move-task')])],
    },
  });
});

test('both queues have the removal policy', () => {
  stackWith({ removalPolicy: RemovalPolicy.RETAIN }).template.allResources('AWS::SQS::Queue', {
    DeletionPolicy: 'Retain',
  });
});

describe('a key of one’s own', () => {
  test('encrypts both queues', () => {
    const stack = new Stack(new App(), 'Test');
    const encryptionKey = new kms.Key(stack, 'Key');
    new WorkQueue(stack, 'Orders', { encryptionKey, dataKeyReuse: Duration.hours(1) });

    Template.fromStack(stack).allResourcesProperties('AWS::SQS::Queue', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
      KmsDataKeyReusePeriodSeconds: 3_600,
    });
  });

  test('is given to producers and consumers with the queue', () => {
    const stack = new Stack(new App(), 'Test');
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const queue = new WorkQueue(stack, 'Orders', { encryptionKey: new kms.Key(stack, 'Key') });
    queue.grantSend(role);
    queue.grantConsume(role);

    const statements = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action }) => Action);
    expect(statements).toEqual(
      expect.arrayContaining([
        'sqs:SendMessage',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'kms:Decrypt',
        'kms:GenerateDataKey*',
      ]),
    );
  });
});

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

describe('fails when', () => {
  test.each<[keyof WorkQueueProps & string, WorkQueueProps]>([
    ['maxReceiveCount', { maxReceiveCount: 0 }],
    ['maxReceiveCount', { maxReceiveCount: 1_001 }],
    ['maxReceiveCount', { maxReceiveCount: 1.5 }],
    ['deliveryDelay', { deliveryDelay: Duration.seconds(901) }],
    ['receiveMessageWaitTime', { receiveMessageWaitTime: Duration.seconds(21) }],
    ['visibilityTimeout', { visibilityTimeout: Duration.seconds(43_201) }],
    ['retentionPeriod', { retentionPeriod: Duration.seconds(59) }],
    ['deadLetterRetentionPeriod', { deadLetterRetentionPeriod: Duration.days(15) }],
    ['maxMessageSizeBytes', { maxMessageSizeBytes: 1_023 }],
    ['maxMessageSizeBytes', { maxMessageSizeBytes: 1_048_577 }],
    ['consumerTimeout', { consumerTimeout: Duration.hours(3) }],
    ['maxDepth', { maxDepth: 0 }],
    ['maxAge', { maxAge: Duration.seconds(30) }],
  ])('%s is out of bounds: %j', (prop, props) => {
    expect(failuresOf(props)).toEqual([
      expect.stringMatching(new RegExp(`^${prop} must be a whole number between .* and .*, got `)),
    ]);
  });

  test.each<[WorkQueueProps]>([
    [{ maxReceiveCount: 1 }],
    [{ maxReceiveCount: 1_000 }],
    [{ deliveryDelay: Duration.minutes(15) }],
    [{ receiveMessageWaitTime: Duration.seconds(0) }],
    [{ visibilityTimeout: Duration.hours(12) }],
    [{ consumerTimeout: Duration.hours(2) }],
    [{ retentionPeriod: Duration.seconds(60) }],
    [{ retentionPeriod: Duration.days(14).minus(Duration.seconds(1)) }],
    [{ maxMessageSizeBytes: 1_048_576 }],
    [{ queueName: 'x'.repeat(76) }],
    [{ maxReceiveCount: Lazy.number({ produce: () => 7 }) }],
  ])('not when it is at the bound: %j', (props) => {
    expect(failuresOf(props)).toEqual([]);
  });

  test.each<[string, WorkQueueProps]>([
    ["the name of a FIFO queue must end in '.fifo'", { fifo: true, queueName: 'orders' }],
    ["must not end in '.fifo'", { queueName: 'orders.fifo' }],
    ['queueName must be 1 to 76', { queueName: 'x'.repeat(77) }],
    ['queueName must be 1 to 76', { queueName: 'a.b' }],
    ['must be known at synthesis', { fifo: true, queueName: Lazy.string({ produce: () => 'x' }) }],
    ['contentBasedDeduplication is for FIFO', { contentBasedDeduplication: true }],
    ['deduplicationScope is for FIFO', { deduplicationScope: sqs.DeduplicationScope.QUEUE }],
    [
      'PER_MESSAGE_GROUP_ID needs',
      { fifo: true, fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID },
    ],
    [
      'exclude each other',
      { consumerTimeout: Duration.seconds(1), visibilityTimeout: Duration.seconds(9) },
    ],
    [
      'must not be more than the longest visibility timeout (43,200 seconds), got 43201',
      { consumerTimeout: Duration.hours(2), consumerBatchingWindow: Duration.seconds(1) },
    ],
    ['has no effect without consumerTimeout', { consumerBatchingWindow: Duration.seconds(1) }],
    ['longer than retentionPeriod', { retentionPeriod: Duration.days(14) }],
    ['longer than retentionPeriod', { deadLetterRetentionPeriod: Duration.days(4) }],
    ['without encryptionKey', { dataKeyReuse: Duration.hours(1) }],
  ])('%s', (message, props) => {
    expect(failuresOf(props)).toEqual([expect.stringContaining(message)]);
  });

  test('the alarm topic is a FIFO topic', () => {
    const alarmTopic = sns.Topic.fromTopicArn(
      new Stack(),
      'Topic',
      'arn:aws:sns:eu-west-1:123456789012:alarms.fifo',
    );

    expect(failuresOf({ alarmTopic })).toEqual([expect.stringContaining('a standard topic')]);
  });

  test('several things are wrong, with all of them in one error', () => {
    const wrong = {
      maxReceiveCount: 0,
      deliveryDelay: Duration.hours(1),
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_QUEUE,
    };

    expect(failuresOf(wrong)).toHaveLength(3);
    expect(() => new WorkQueue(new Stack(new App(), 'Test'), 'Orders', wrong)).toThrow(
      /^WorkQueue 'Test\/Orders' cannot be made:\n {2}- .*\n {2}- .*\n {2}- .*$/,
    );
  });
});
