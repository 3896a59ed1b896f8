import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';

/** Kinesis publishes its metrics once a minute, by the name of the stream. */
const PERIOD = Duration.minutes(1);

/** The alarms of a stream, whoever reads it and writes to it. */
export interface StreamAlarms {
  /** Goes off when those who poll the stream are far behind. */
  readonly iteratorAge: cloudwatch.Alarm;
  /** Goes off when readers ask for more than the stream gives. */
  readonly readLimit: cloudwatch.Alarm;
  /** Goes off when producers put more than the stream takes. */
  readonly writeLimit: cloudwatch.Alarm;
}

/** @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
export function streamAlarms(
  scope: Construct,
  stream: kinesis.IStream,
  maxIteratorAge: Duration,
): StreamAlarms {
  const limit = (id: string, metricName: string, alarmDescription: string) =>
    tooMuch(scope, id, {
      metric: stream.metric(metricName, { statistic: cloudwatch.Stats.SUM, period: PERIOD }),
      threshold: 1,
      alarmDescription,
    });
  return {
    iteratorAge: tooMuch(scope, 'IteratorAgeAlarm', {
      metric: stream.metric('GetRecords.IteratorAgeMilliseconds', {
        statistic: cloudwatch.Stats.MAXIMUM,
        period: PERIOD,
      }),
      threshold: maxIteratorAge.toMilliseconds(),
      alarmDescription:
        'A reader is far behind in the stream: what grows older than the retention of the stream is lost to it.',
    }),
    readLimit: limit(
      'ReadLimitAlarm',
      'ReadProvisionedThroughputExceeded',
      'Readers ask for more than the shards give: give one of them enhanced fan-out, or the stream more shards.',
    ),
    writeLimit: limit(
      'WriteLimitAlarm',
      'WriteProvisionedThroughputExceeded',
      'Producers put more than the shards take: give the stream more shards, or spread the partition keys.',
    ),
  };
}

/** Goes off when a metric has been at the threshold or above in three periods out of five. */
export function tooMuch(
  scope: Construct,
  id: string,
  props: Pick<cloudwatch.AlarmProps, 'alarmDescription' | 'metric' | 'threshold'>,
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    ...props,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
