import { Template } from 'aws-cdk-lib/assertions';
import { exampleApp, FLAG_SETS } from '../constructs/fixtures';

/**
 * The dimensions under which a namespace's metrics are published. An alarm on others never has any data, and
 * neither CloudFormation nor CloudWatch says so.
 *
 * AWS/SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * AWS/SNS: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 * AWS/Lambda: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * AWS/DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 * AWS/Firehose: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 * AWS/Kinesis: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 * AWS/KinesisAnalytics: https://docs.aws.amazon.com/managed-flink/latest/java/metrics-dimensions.html
 * AWS/KinesisVideo: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/monitoring-cloudwatch.html
 * CdkDecouple: published by the shipped functions, see test/write-buffer/handler/bundle.test.ts
 */
const PUBLISHED: Readonly<
  Record<string, { readonly dimensions: string[][]; readonly metrics: string[] }>
> = {
  'AWS/SQS': {
    dimensions: [['QueueName']],
    metrics: [
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateAgeOfOldestMessage',
    ],
  },
  'AWS/SNS': {
    dimensions: [['TopicName'], ['Application', 'Platform']],
    metrics: [
      'NumberOfNotificationsFailed',
      'NumberOfNotificationsRedrivenToDlq',
      'NumberOfNotificationsFailedToRedriveToDlq',
    ],
  },
  'AWS/DynamoDB': { dimensions: [['Operation', 'TableName']], metrics: ['ThrottledRequests'] },
  'AWS/Lambda': { dimensions: [['FunctionName']], metrics: ['Errors', 'IteratorAge'] },
  'AWS/Firehose': {
    dimensions: [['DeliveryStreamName']],
    metrics: [
      'DeliveryToS3.DataFreshness',
      'DeliveryToS3.Success',
      'DeliveryToRedshift.Success',
      'DeliveryToSplunk.DataFreshness',
      'DeliveryToSplunk.Success',
      'DeliveryToHttpEndpoint.DataFreshness',
      'DeliveryToHttpEndpoint.Success',
      'DeliveryToAmazonOpenSearchService.DataFreshness',
      'DeliveryToAmazonOpenSearchService.Success',
      'DeliveryToAmazonOpenSearchServerless.DataFreshness',
      'DeliveryToAmazonOpenSearchServerless.Success',
      'ExecuteProcessing.Success',
      'ThrottledRecords',
    ],
  },
  'AWS/Kinesis': {
    dimensions: [['StreamName']],
    metrics: [
      'GetRecords.IteratorAgeMilliseconds',
      'ReadProvisionedThroughputExceeded',
      'WriteProvisionedThroughputExceeded',
    ],
  },
  'AWS/KinesisAnalytics': {
    dimensions: [['Application']],
    metrics: ['cpuUtilization', 'downtime', 'heapMemoryUtilization', 'numberOfFailedCheckpoints'],
  },
  'AWS/KinesisVideo': {
    dimensions: [['StreamName']],
    metrics: ['PutMedia.ErrorAckCount', 'PutMedia.FragmentIngestionLatency'],
  },
  CdkDecouple: { dimensions: [['service']], metrics: ['SinkErrors'] },
};

interface WatchedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: ReadonlyArray<{ readonly Name: string; readonly Value: unknown }>;
}

/** An alarm watches one metric, or several in an expression. */
interface AlarmProperties extends WatchedMetric {
  readonly Metrics?: ReadonlyArray<{
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: WatchedMetric };
  }>;
}

function watchedBy(alarm: AlarmProperties): WatchedMetric[] {
  return (
    alarm.Metrics?.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : [])) ?? [alarm]
  );
}

test.each(FLAG_SETS)('with %s every alarm watches a metric that is published', (_name, context) => {
  const template = Template.fromStack(exampleApp(context).stack);
  const alarms: AlarmProperties[] = Object.values(
    template.findResources('AWS::CloudWatch::Alarm'),
  ).map(({ Properties }) => Properties);

  expect(alarms.length).toBe(119);
  expect(alarms.every((alarm) => watchedBy(alarm).length > 0)).toBe(true);
  for (const { Namespace, MetricName, Dimensions } of alarms.flatMap(watchedBy)) {
    expect(PUBLISHED[Namespace]?.metrics).toContain(MetricName);
    expect(PUBLISHED[Namespace]?.dimensions).toContainEqual(Dimensions?.map(({ Name }) => Name));
    expect(Dimensions?.every(({ Value }) => Value !== undefined && Value !== '')).toBe(true);
  }
});

test('the alarm on sink errors and the function speak of the same service', () => {
  const template = Template.fromStack(exampleApp().stack);
  const alarms = template.findResources('AWS::CloudWatch::Alarm', {
    Properties: { Namespace: 'CdkDecouple' },
  });
  const functions = template.findResources('AWS::Lambda::Function');

  const watched = Object.values(alarms).map(({ Properties }) => Properties.Dimensions[0].Value);
  const published = Object.values(functions).flatMap(
    ({ Properties }) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME ?? [],
  );

  expect(watched.sort()).toEqual(published.sort());
  expect(new Set(watched).size).toBe(4);
});
