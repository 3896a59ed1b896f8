import type { AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { exampleApp } from '../constructs/example-app';
import { FLAG_SETS } from '../constructs/fixtures';

/**
 * The dimensions under which a namespace's metrics are published. An alarm on others never has any data, and
 * neither CloudFormation nor CloudWatch says so.
 *
 * AWS/AmazonMQ: https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-logging-monitoring.html and rabbitmq-logging-monitoring.html
 * AWS/ApplicationELB: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * AWS/AutoScaling: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
 * AWS/EC2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
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
  // By the name of the broker with the number of a member; tests of the constructs look at the names.
  'AWS/AmazonMQ': {
    dimensions: [['Broker']],
    metrics: [
      'CpuUtilization',
      'HeapUsage',
      'JournalFilesForFullRecovery',
      'RabbitMQDiskFree',
      'RabbitMQDiskFreeLimit',
      'RabbitMQMemLimit',
      'RabbitMQMemUsed',
      'StorePercentUsage',
    ],
  },
  'AWS/ApplicationELB': {
    dimensions: [['LoadBalancer', 'TargetGroup']],
    metrics: ['UnHealthyHostCount'],
  },
  'AWS/AutoScaling': {
    dimensions: [['AutoScalingGroupName']],
    metrics: ['GroupDesiredCapacity', 'GroupInServiceInstances'],
  },
  'AWS/EC2': { dimensions: [['AutoScalingGroupName']], metrics: ['StatusCheckFailed'] },
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

/** The properties of all resources of a type in the example app. */
function resources(type: string, Properties: object = {}, context: AppProps['context'] = {}) {
  return exampleApp(context).stacks.flatMap((stack) =>
    Object.values(Template.fromStack(stack).findResources(type, { Properties })).map(
      (resource) => resource.Properties,
    ),
  );
}

test.each(FLAG_SETS)('with %s every alarm watches a metric that is published', (_name, context) => {
  const alarms: AlarmProperties[] = resources('AWS::CloudWatch::Alarm', {}, context);

  expect(alarms.length).toBe(190);
  expect(alarms.every((alarm) => watchedBy(alarm).length > 0)).toBe(true);
  for (const { Namespace, MetricName, Dimensions } of alarms.flatMap(watchedBy)) {
    expect(PUBLISHED[Namespace]?.metrics).toContain(MetricName);
    expect(PUBLISHED[Namespace]?.dimensions).toContainEqual(Dimensions?.map(({ Name }) => Name));
    expect(Dimensions?.every(({ Value }) => Value !== undefined && Value !== '')).toBe(true);
  }
});

test('target tracking follows metrics that are published', () => {
  const configurations: {
    CustomizedMetricSpecification?: AlarmProperties;
    PredefinedMetricSpecification?: object;
  }[] = resources('AWS::AutoScaling::ScalingPolicy', {
    PolicyType: 'TargetTrackingScaling',
  }).map(({ TargetTrackingConfiguration }) => TargetTrackingConfiguration);
  const predefined = configurations.flatMap((one) => one.PredefinedMetricSpecification ?? []);
  expect(predefined.length).toBeGreaterThan(0);
  for (const one of predefined)
    expect(one).toMatchObject({ PredefinedMetricType: 'ALBRequestCountPerTarget' });
  const metrics = configurations.flatMap(({ CustomizedMetricSpecification: followed }) =>
    followed ? watchedBy(followed) : [],
  );
  expect(metrics.length).toBeGreaterThan(0);
  for (const { Namespace, MetricName, Dimensions } of metrics) {
    expect(PUBLISHED[Namespace]?.metrics).toContain(MetricName);
    expect(PUBLISHED[Namespace]?.dimensions).toContainEqual(Dimensions?.map(({ Name }) => Name));
  }
});

test('the alarms on sink errors and what writes speak of the same services', () => {
  const watched = resources('AWS::CloudWatch::Alarm', { Namespace: 'CdkDecouple' }).map(
    ({ Dimensions }) => Dimensions[0].Value,
  );
  const ofFunctions = resources('AWS::Lambda::Function').flatMap(
    ({ Environment }) => Environment?.Variables.POWERTOOLS_SERVICE_NAME ?? [],
  );
  const ofInstances = JSON.stringify(resources('AWS::EC2::LaunchTemplate')).matchAll(
    /POWERTOOLS_SERVICE_NAME\W+([\w-]+)/g,
  );
  const published = [...ofFunctions, ...Array.from(ofInstances, ([, service]) => service)];

  expect(watched.sort()).toEqual(published.sort());
  expect(new Set(watched).size).toBe(6);
});
