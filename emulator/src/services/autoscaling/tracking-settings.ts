import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { TrackingInput } from './api';
import { validationError } from './errors';

type Customized = NonNullable<TrackingInput['CustomizedMetricSpecification']>;

/** A query of a tracked metric. */
export type TrackingQuery = NonNullable<Customized['Metrics']>[number];

type Predefined = NonNullable<TrackingInput['PredefinedMetricSpecification']>;

/** The one predefined metric that is measured here: nothing knows the CPU or the network of an instance. */
const requestCount = 'ALBRequestCountPerTarget';

/** Why a predefined metric cannot be followed; undefined if it can. */
export function unsupportedMetric(metric: string): string | undefined {
  return metric === requestCount
    ? undefined
    : `the predefined metric ${metric} of target tracking policies`;
}

/**
 * Checks what a target tracking policy follows.
 *
 * @throws ServiceError ValidationError; NotImplementedError for predefined metrics that nothing here measures
 */
export function checkTracking(tracking: TrackingInput): void {
  acceptOnly('TargetTrackingConfiguration', tracking, [
    'CustomizedMetricSpecification',
    'DisableScaleIn',
    'PredefinedMetricSpecification',
    'TargetValue',
  ]);
  if (!(tracking.TargetValue > 0)) throw validationError('TargetValue must be greater than 0.');
  const { CustomizedMetricSpecification: customized, PredefinedMetricSpecification: predefined } =
    tracking;
  if (predefined && !customized) {
    const unsupported = unsupportedMetric(predefined.PredefinedMetricType ?? '');
    if (unsupported !== undefined) throw new NotImplementedError(unsupported);
    targetGroupOf(predefined);
    return;
  }
  if (predefined)
    throw validationError(
      'Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified.',
    );
  if (!customized)
    throw validationError(
      'Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified.',
    );
  acceptOnly('CustomizedMetricSpecification', customized, [
    'Dimensions',
    'MetricName',
    'Metrics',
    'Namespace',
    'Period',
    'Statistic',
    'Unit',
  ]);
  const plain = customized.MetricName !== undefined;
  if (plain === (customized.Metrics !== undefined))
    throw validationError(
      'A CustomizedMetricSpecification has either Metrics, or MetricName, Namespace and Statistic.',
    );
  if (plain && (customized.Namespace === undefined || customized.Statistic === undefined))
    throw validationError('MetricName needs Namespace and Statistic.');
  const periods = [customized.Period, ...(customized.Metrics ?? []).map(({ Period }) => Period)];
  for (const period of periods)
    if (period !== undefined && period !== 60)
      throw new NotImplementedError(
        `target tracking on metrics with a period of ${period} seconds`,
      );
}

/** What is tracked, as the queries of an alarm. */
export function trackingQueries(tracking: TrackingInput): TrackingQuery[] {
  const { CustomizedMetricSpecification: customized, PredefinedMetricSpecification: predefined } =
    tracking;
  if (customized?.Metrics) return customized.Metrics;
  if (predefined) return [requestsOf(targetGroupOf(predefined))];
  return [
    {
      Id: 'm1',
      MetricStat: {
        Metric: {
          MetricName: customized?.MetricName ?? '',
          Namespace: customized?.Namespace ?? '',
          Dimensions: customized?.Dimensions,
        },
        Stat: customized?.Statistic ?? 'Average',
        Unit: customized?.Unit,
      },
    },
  ];
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredefinedMetricSpecification.html */
function targetGroupOf({ ResourceLabel: label = '' }: Predefined) {
  const [, LoadBalancer, TargetGroup] =
    /^(app\/[^/]+\/[^/]+)\/(targetgroup\/[^/]+\/[^/]+)$/.exec(label) ?? [];
  if (LoadBalancer === undefined || TargetGroup === undefined)
    throw validationError(
      `Invalid ResourceLabel: '${label}'. It must have the form app/load-balancer-name/load-balancer-id/targetgroup/target-group-name/target-group-id.`,
    );
  return { LoadBalancer, TargetGroup };
}

function requestsOf(dimensions: Readonly<Record<string, string>>): TrackingQuery {
  return {
    Id: 'm1',
    MetricStat: {
      Metric: {
        MetricName: 'RequestCountPerTarget',
        Namespace: 'AWS/ApplicationELB',
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Stat: 'Sum',
    },
  };
}
