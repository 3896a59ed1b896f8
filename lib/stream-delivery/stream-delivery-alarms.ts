import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';
import { streamAlarms, tooMuch } from '../streams/stream-alarms';
import type { DestinationMetrics } from './destination-contract';

/** Firehose publishes its metrics once a minute: those of deliveries only when one was tried. */
const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** The alarms of a delivery. */
export interface StreamDeliveryAlarms {
  /** Goes off when records wait for too long to be delivered. */
  readonly freshness: cloudwatch.Alarm;
  /** Goes off when deliveries fail. */
  readonly success: cloudwatch.Alarm;
  /** Goes off when the function that processes records fails; undefined if there is none. */
  readonly processing?: cloudwatch.Alarm;
  /** Goes off when producers put more than the delivery stream takes; undefined if its source is a stream. */
  readonly throttled?: cloudwatch.Alarm;
  /** Goes off when readers are far behind in the stream; undefined for direct put. */
  readonly iteratorAge?: cloudwatch.Alarm;
  /** Goes off when readers ask for more than the stream gives; undefined for direct put. */
  readonly readLimit?: cloudwatch.Alarm;
  /** Goes off when producers put more than the stream takes; undefined for direct put. */
  readonly writeLimit?: cloudwatch.Alarm;
}

/** What the alarms watch. */
export interface WatchedDelivery {
  readonly deliveryStream: firehose.IDeliveryStream;
  readonly metrics: DestinationMetrics;
  readonly maxFreshness: Duration;
  readonly maxIteratorAge: Duration;
  readonly isTransformed: boolean;
  /** Undefined for direct put. */
  readonly stream?: kinesis.IStream;
}

/**
 * Firehose publishes by the name of the delivery stream, Kinesis by that of the stream.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 * @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 */
export function streamDeliveryAlarms(
  scope: Construct,
  { deliveryStream, isTransformed, stream, ...watched }: WatchedDelivery,
): StreamDeliveryAlarms {
  return {
    freshness: new cloudwatch.Alarm(scope, 'FreshnessAlarm', {
      metric: deliveryStream.metric(watched.metrics.freshness, {
        statistic: cloudwatch.Stats.MAXIMUM,
        period: FIVE_MINUTES,
      }),
      threshold: watched.maxFreshness.toSeconds(),
      // Once in 15 minutes at least: that is how long a buffer may take, and OpenSearch is tried every five.
      evaluationPeriods: 3,
      datapointsToAlarm: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'Records wait to be delivered: the destination does not take them, or Firehose cannot keep up.',
    }),
    success: tooLittle(scope, 'SuccessAlarm', {
      metric: deliveryStream.metric(watched.metrics.success, {
        statistic: cloudwatch.Stats.AVERAGE,
        period: FIVE_MINUTES,
      }),
      alarmDescription:
        'Deliveries fail: Firehose tries them again for a while. The log group of the delivery says why.',
    }),
    ...(isTransformed && {
      processing: tooLittle(scope, 'ProcessingAlarm', {
        metric: deliveryStream.metric('ExecuteProcessing.Success', {
          statistic: cloudwatch.Stats.AVERAGE,
          period: FIVE_MINUTES,
        }),
        alarmDescription:
          'The function that processes records fails: what it was given goes to the error prefix once it has been tried again.',
      }),
    }),
    ...(stream === undefined
      ? {
          throttled: tooMuch(scope, 'ThrottledAlarm', {
            metric: deliveryStream.metric('ThrottledRecords', {
              statistic: cloudwatch.Stats.SUM,
              period: MINUTE,
            }),
            threshold: 1,
            alarmDescription:
              'Producers put more than the delivery stream takes: ask for a higher quota, or put a stream in front of it.',
          }),
        }
      : streamAlarms(scope, stream, watched.maxIteratorAge)),
  };
}

/** Goes off when not all attempts succeeded in two periods out of three; where nothing was tried, nothing failed. */
function tooLittle(
  scope: Construct,
  id: string,
  props: Pick<cloudwatch.AlarmProps, 'alarmDescription' | 'metric'>,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    ...props,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
