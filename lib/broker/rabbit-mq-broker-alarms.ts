import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { RabbitMqBrokerProps } from './rabbit-mq-broker-props';

/** Amazon MQ publishes once a minute. */
const PERIOD = Duration.minutes(1);
const MINUTES = 3;

/** The alarms of a broker of RabbitMQ. */
export interface RabbitMqBrokerAlarms {
  /** Goes off when memory runs out. */
  readonly memory: cloudwatch.Alarm;
  /** Goes off when disk runs out. */
  readonly disk: cloudwatch.Alarm;
}

/**
 * Amazon MQ publishes by the name of the broker, and by node too, whose names nobody knows before there are nodes.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-logging-monitoring.html
 */
export function rabbitMqAlarms(
  scope: Construct,
  brokerName: string,
  { diskAlarmPercent = 200, memoryAlarmPercent = 80 }: RabbitMqBrokerProps,
): RabbitMqBrokerAlarms {
  const metric = (metricName: string, statistic: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/AmazonMQ',
      metricName,
      dimensionsMap: { Broker: brokerName },
      statistic,
      period: PERIOD,
    });
  const share = (label: string, value: cloudwatch.IMetric, limit: cloudwatch.IMetric) =>
    new cloudwatch.MathExpression({
      expression: '100 * value / limit',
      usingMetrics: { value, limit },
      label,
      period: PERIOD,
    });
  const shared = {
    evaluationPeriods: MINUTES,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  };
  return {
    memory: new cloudwatch.Alarm(scope, 'MemoryAlarm', {
      ...shared,
      metric: share(
        'memory used, in percent of the limit',
        metric('RabbitMQMemUsed', cloudwatch.Stats.MAXIMUM),
        metric('RabbitMQMemLimit', cloudwatch.Stats.MINIMUM),
      ),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: memoryAlarmPercent,
      alarmDescription:
        'RabbitMQ runs out of memory, and blocks whoever publishes when there is none: look for long queues, connections and channels, or take a larger instance type.',
    }),
    disk: new cloudwatch.Alarm(scope, 'DiskAlarm', {
      ...shared,
      metric: share(
        'disk free, in percent of the limit',
        metric('RabbitMQDiskFree', cloudwatch.Stats.MINIMUM),
        metric('RabbitMQDiskFreeLimit', cloudwatch.Stats.MAXIMUM),
      ),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: diskAlarmPercent,
      alarmDescription:
        'RabbitMQ runs out of disk, and blocks whoever publishes at the limit: look for queues that nobody consumes from, or make storageSize larger.',
    }),
  };
}
