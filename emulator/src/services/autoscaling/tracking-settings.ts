import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import type { TrackingInput } from './api';
import { validationError } from './errors';

type Customized = NonNullable<TrackingInput['CustomizedMetricSpecification']>;

/** A query of a tracked metric. */
export type TrackingQuery = NonNullable<Customized['Metrics']>[number];

/**
 * Checks what a target tracking policy follows.
 *
 * @throws ServiceError ValidationError; NotImplementedError for predefined metrics: nothing here measures the CPU or the
 *   network of an instance, or the requests of a load balancer
 */
export function checkTracking(tracking: TrackingInput): void {
  acceptOnly('TargetTrackingConfiguration', tracking, [
    'CustomizedMetricSpecification',
    'DisableScaleIn',
    'PredefinedMetricSpecification',
    'TargetValue',
  ]);
  const { CustomizedMetricSpecification: customized, PredefinedMetricSpecification: predefined } =
    tracking;
  if (predefined)
    throw new NotImplementedError(
      `the predefined metric ${predefined.PredefinedMetricType} of target tracking policies`,
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
  if (!(tracking.TargetValue > 0)) throw validationError('TargetValue must be greater than 0.');
}

/** What is tracked, as the queries of an alarm. */
export function trackingQueries(tracking: TrackingInput): TrackingQuery[] {
  const { CustomizedMetricSpecification: customized } = tracking;
  if (customized?.Metrics) return customized.Metrics;
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
