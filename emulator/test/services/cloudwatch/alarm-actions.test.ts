import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const minute = 60_000;
const account = '000000000000';
const topicArn = `arn:aws:sns:us-east-1:${account}:alerts`;

let aws: Emulator<ManualClock>;
let cloudWatch: CloudWatch;
let sqs: SQS;
let sns: SNS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  cloudWatch = aws.client(CloudWatch);
  sqs = aws.client(SQS);
  sns = aws.client(SNS);
});

afterEach(() => aws.stop());

async function queue(name: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: name });
  return QueueUrl;
}

/** A queue that takes what the topic says. */
async function inbox(): Promise<string> {
  const url = await queue('inbox');
  const arn = `arn:aws:sqs:us-east-1:${account}:inbox`;
  await sqs.setQueueAttributes({
    QueueUrl: url,
    Attributes: {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn,
        },
      }),
    },
  });
  await sns.createTopic({ Name: 'alerts' });
  await sns.subscribe({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arn });
  return url;
}

/** An alarm that goes off as soon as the queue `work` holds a message. */
function depthAlarm() {
  return cloudWatch.putMetricAlarm({
    AlarmName: 'depth',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'work' }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    AlarmActions: [topicArn],
    OKActions: [topicArn],
  });
}

async function state() {
  const { MetricAlarms = [] } = await cloudWatch.describeAlarms({ AlarmNames: ['depth'] });
  return MetricAlarms[0];
}

async function received(url: string) {
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: url, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages)
    await sqs.deleteMessage({ QueueUrl: url, ReceiptHandle });
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
}

test('a queue that fills raises an alarm, which tells a topic, whose subscriber hears of it', async () => {
  const inboxUrl = await inbox();
  const url = await queue('work');
  await depthAlarm();
  expect(await state()).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
  });

  await aws.clock.advance(minute);
  expect(await state()).toMatchObject({
    StateValue: 'OK',
    StateReason:
      'Threshold Crossed: 1 datapoint [0.0 (01/01/35 00:00:00)] was not greater than or equal to the threshold (1.0).',
  });
  await received(inboxUrl);

  await sqs.sendMessage({ QueueUrl: url, MessageBody: 'work' });
  await aws.clock.advance(minute);
  expect((await state())?.StateValue).toBe('ALARM');
  const [notification] = await received(inboxUrl);
  expect(notification.Subject).toBe('ALARM: "depth" in US East (N. Virginia)');
  expect(JSON.parse(notification.Message)).toEqual({
    AlarmName: 'depth',
    AlarmDescription: null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: '2035-01-01T00:00:00.000+0000',
    NewStateValue: 'ALARM',
    NewStateReason:
      'Threshold Crossed: 1 datapoint [1.0 (01/01/35 00:01:00)] was greater than or equal to the threshold (1.0).',
    StateChangeTime: '2035-01-01T00:02:00.000+0000',
    Region: 'US East (N. Virginia)',
    AlarmArn: `arn:aws:cloudwatch:us-east-1:${account}:alarm:depth`,
    OldStateValue: 'OK',
    OKActions: [topicArn],
    AlarmActions: [topicArn],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Namespace: 'AWS/SQS',
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Unit: null,
      Dimensions: [{ value: 'work', name: 'QueueName' }],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'missing',
      EvaluateLowSampleCountPercentile: '',
    },
  });

  await sqs.purgeQueue({ QueueUrl: url });
  await aws.clock.advance(minute);
  expect((await state())?.StateValue).toBe('OK');
  expect((await received(inboxUrl)).map(({ Subject }) => Subject)).toEqual([
    'OK: "depth" in US East (N. Virginia)',
  ]);
});

test('a topic whose policy does not admit CloudWatch hears nothing, and the history says why', async () => {
  const inboxUrl = await inbox();
  const url = await queue('work');
  await sns.setTopicAttributes({
    TopicArn: topicArn,
    AttributeName: 'Policy',
    AttributeValue: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: topicArn,
        Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:*:${account}:alarm:other` } },
      },
    }),
  });
  await depthAlarm();
  await sqs.sendMessage({ QueueUrl: url, MessageBody: 'work' });
  await aws.clock.advance(minute);

  expect((await state())?.StateValue).toBe('ALARM');
  expect(await received(inboxUrl)).toEqual([]);
  const { AlarmHistoryItems = [] } = await cloudWatch.describeAlarmHistory({ AlarmName: 'depth' });
  expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
    expect.stringMatching(/^Failed to execute action .*alerts\. Received error: .*sns:Publish/i),
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
    'Alarm "depth" created',
  ]);
});
