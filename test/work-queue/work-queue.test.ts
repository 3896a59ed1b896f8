import { App, Duration, PhysicalName, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { WorkQueue } from 'cdk-decouple';
import { DEAD_LETTER_QUEUE, SOURCE_QUEUE, stackWith } from './support';

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
