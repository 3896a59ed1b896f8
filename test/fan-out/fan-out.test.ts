import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FanOut, type FanOutProps, PropsValidationError } from 'cdk-decouple';

const fromTopic = (topic: RegExp = /^OrdersTopic/) => ({
  ArnEquals: { 'aws:SourceArn': { Ref: Match.stringLikeRegexp(topic.source) } },
});

function stackWith(props?: FanOutProps): { stack: Stack; orders: FanOut } {
  const stack = new Stack(new App(), 'Test');
  return { stack, orders: new FanOut(stack, 'Orders', props) };
}

function functionIn(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
  });
}

function failuresOf(attempt: () => unknown): readonly string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof PropsValidationError) return error.failures;
    throw error;
  }
  return [];
}

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

describe('other endpoints', () => {
  test('a function may be invoked by the topic only, before it is subscribed', () => {
    const { stack, orders } = stackWith();
    orders.addFunction('Notify', functionIn(stack));

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'sns.amazonaws.com',
      SourceArn: { Ref: Match.stringLikeRegexp('^OrdersTopic') },
    });
    template.hasResource('AWS::SNS::Subscription', {
      Properties: { Protocol: 'lambda' },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^OrdersNotifyAllowInvoke')]),
    });
  });

  test('an HTTPS endpoint has its delivery policy', () => {
    const { stack, orders } = stackWith();
    orders.addHttpEndpoint('Partner', 'https://partner.example/orders', {
      deliveryPolicy: { healthyRetryPolicy: { numRetries: 50 } },
    });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'https',
      Endpoint: 'https://partner.example/orders',
      DeliveryPolicy: { healthyRetryPolicy: { numRetries: 50 } },
    });
  });

  test.each([
    ['email', (orders: FanOut) => orders.addEmail('Mail', 'a@example.com')],
    ['email-json', (orders: FanOut) => orders.addEmail('Mail', 'a@example.com', { json: true })],
    ['sms', (orders: FanOut) => orders.addSms('Phone', '+15551234567')],
    [
      'http',
      (orders: FanOut) => orders.addHttpEndpoint('Plain', 'http://x', { allowPlainHttp: true }),
    ],
  ])('%s', (protocol, add) => {
    const { stack, orders } = stackWith();
    add(orders);

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: protocol,
    });
  });

  test('an archive is a delivery stream that SNS writes to as a role', () => {
    const { stack, orders } = stackWith();
    orders.addArchive('Archive', new s3.Bucket(stack, 'Bucket'));

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'firehose',
      SubscriptionRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersArchiveRole'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { CompressionFormat: 'GZIP' },
    });
  });
});

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

describe('fails when', () => {
  const made = (props: FanOutProps) => () => new FanOut(new Stack(new App(), 'Test'), 'x', props);
  const added = (props: FanOutProps, add: (orders: FanOut, stack: Stack) => unknown) => () => {
    const { orders, stack } = stackWith(props);
    return add(orders, stack);
  };
  const topic = () => new sns.Topic(new Stack(new App(), 'Other'), 'Topic');

  test.each<[string, () => unknown, RegExp]>([
    [
      'a topic that exists gets a name',
      made({ topic: topic(), topicName: 'x' }),
      /topicName cannot be applied/,
    ],
    ['the name has a space', made({ topicName: 'a b' }), /topicName must be 1 to 256/],
    [
      'the name of a FIFO topic lacks its end',
      made({ fifo: true, topicName: 'a' }),
      /must end in \.fifo/,
    ],
    [
      'the name of a standard topic ends in .fifo',
      made({ topicName: 'a.fifo' }),
      /must not end in \.fifo/,
    ],
    [
      'a standard topic deduplicates',
      made({ contentBasedDeduplication: true }),
      /are for FIFO topics/,
    ],
    [
      'messages are too large',
      made({ maxMessageSizeBytes: 1_048_577 }),
      /between 1,024 and 1,048,576/,
    ],
    [
      'a FIFO queue is subscribed to a standard topic',
      added({}, (orders) => orders.addQueue('Q', { fifo: true })),
      /cannot be subscribed to a standard topic/,
    ],
    [
      'a FIFO queue that exists is subscribed to a standard topic',
      added({}, (orders, stack) =>
        orders.addExistingQueue('Q', new sqs.Queue(stack, 'Q', { fifo: true })),
      ),
      /cannot be subscribed to a standard topic/,
    ],
    [
      'a function is subscribed to a FIFO topic',
      added({ fifo: true }, (orders, stack) => orders.addFunction('F', functionIn(stack))),
      /a FIFO topic delivers to queues only/,
    ],
    [
      'a bucket publishes to a FIFO topic',
      added({ fifo: true }, (orders, stack) => orders.addBucketSource(new s3.Bucket(stack, 'B'))),
      /S3 cannot publish to a FIFO topic/,
    ],
    [
      'an email subscribes to large messages',
      added({ maxMessageSizeBytes: 300_000 }, (orders) => orders.addEmail('M', 'a@b.c')),
      /not by email/,
    ],
    ['a URL is http', added({}, (orders) => orders.addHttpEndpoint('H', 'http://x')), /use https/],
    [
      'a URL is none',
      added({}, (orders) => orders.addHttpEndpoint('H', 'ftp://x')),
      /must begin with https/,
    ],
    [
      'an address is none',
      added({}, (orders) => orders.addEmail('M', 'a')),
      /must be an email address/,
    ],
    ['a number is none', added({}, (orders) => orders.addSms('S', '555')), /E\.164/],
    [
      "a dead-letter queue is not of the topic's type",
      added({}, (orders, stack) =>
        orders.addEmail('M', 'a@b.c', {
          deadLetterQueue: new sqs.Queue(stack, 'Q', { fifo: true }),
        }),
      ),
      /deadLetterQueue must be a standard queue/,
    ],
    ['an account is none', added({}, (orders) => orders.allowSubscriptionsOf('1')), /12 digits/],
  ])('%s', (_name, attempt, message) => {
    expect(failuresOf(attempt)).toEqual([expect.stringMatching(message)]);
  });
});

test('the template stays as it is', () => {
  const { stack, orders } = stackWith();
  orders.addQueue('Invoices');
  orders.addFunction('Notify', functionIn(stack), { filterPolicy: { kind: ['urgent'] } });

  expect(Template.fromStack(stack).toJSON()).toMatchSnapshot();
});
