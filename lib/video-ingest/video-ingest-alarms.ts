import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { tooMuch } from '../streams/stream-alarms';

/** Between a camera's sending of a fragment and its being kept. */
const SLOW_MILLISECONDS = 5_000;

/** The alarms of a stream of video. */
export interface VideoIngestAlarms {
  /** Goes off when fragments are refused. */
  readonly errors: cloudwatch.Alarm;
  /** Goes off when fragments take long to arrive. */
  readonly latency: cloudwatch.Alarm;
}

/** @see https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/monitoring-cloudwatch.html */
export function videoAlarms(scope: Construct, streamName: string): VideoIngestAlarms {
  const metric = (metricName: string, statistic: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/KinesisVideo',
      metricName,
      dimensionsMap: { StreamName: streamName },
      statistic,
      period: Duration.minutes(1),
    });
  return {
    errors: tooMuch(scope, 'ErrorsAlarm', {
      metric: metric('PutMedia.ErrorAckCount', cloudwatch.Stats.SUM),
      threshold: 1,
      alarmDescription:
        'Fragments of video are refused: they are damaged, too large, or come too fast.',
    }),
    latency: tooMuch(scope, 'LatencyAlarm', {
      metric: metric('PutMedia.FragmentIngestionLatency', cloudwatch.Stats.AVERAGE),
      threshold: SLOW_MILLISECONDS,
      alarmDescription: 'Video takes long to arrive: the connection of the camera is slow.',
    }),
  };
}
