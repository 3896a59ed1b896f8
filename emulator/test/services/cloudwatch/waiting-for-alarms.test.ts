import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let queueUrl: string;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const stack = new Stack(new App(), 'Shop');
  const queue = new Queue(stack, 'Queue');
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(new SqsSubscription(queue));
  new Metric({ namespace: 'Shop', metricName: 'Orders', period: Duration.minutes(1) })
    .createAlarm(stack, 'Silence', {
      evaluationPeriods: 15,
      threshold: 0,
      treatMissingData: TreatMissingData.BREACHING,
    })
    .addAlarmAction(new SnsAction(topic));
  new CfnOutput(stack, 'Url', { value: queue.queueUrl });
  queueUrl = (await aws.deploy(stack)).output('Url');
});
afterEach(() => aws.stop());

test('an alarm that goes off because nothing happens brings on what a test waits for', async () => {
  await aws.client(CloudWatch).putMetricData({
    Namespace: 'Shop',
    MetricData: [{ MetricName: 'Orders', Value: -1 }],
  });
  await aws.clock.advance(Duration.minutes(2));
  const began = aws.clock.now();
  const sqs = aws.client(SQS);
  const told = async () => {
    for (;;) {
      const { Messages } = await sqs.receiveMessage({ QueueUrl: queueUrl, WaitTimeSeconds: 20 });
      if (Messages) return JSON.parse(JSON.parse(Messages[0]?.Body ?? '').Message);
    }
  };
  expect(await aws.clock.until(told())).toMatchObject({ NewStateValue: 'ALARM' });
  expect(aws.clock.now() - began).toBeGreaterThan(Duration.minutes(10).toMilliseconds());
});

test('what nothing resolves takes the limit, and the error names the alarms', async () => {
  const began = aws.clock.now();
  await expect(aws.clock.until(new Promise(() => undefined), Duration.hours(1))).rejects.toThrow(
    /after the limit.*fired meanwhile: alarms of 000000000000 in us-east-1, 60 times/s,
  );
  expect(aws.clock.now() - began).toBe(Duration.hours(1).toMilliseconds());
});
