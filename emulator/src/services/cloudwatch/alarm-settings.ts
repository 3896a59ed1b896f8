import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { AlarmSettings, MetricQuery } from './api';
import { type Comparison, comparisons } from './comparison';
import { invalidCombination, validationError } from './errors';
import { MetricQueries } from './metric-queries';
import type { AlarmRule, TreatMissingData } from './missing-data';
import { percentileOf } from './statistics';

const day = 24 * 60 * 60;
const mostActions = 5;
const mostMetrics = 10;

/** An alarm's settings, checked and ready to be evaluated. */
export interface AlarmDefinition extends AlarmRule {
  readonly settings: AlarmSettings;
  readonly queries: MetricQueries;
  /** Id of the query whose result is watched. */
  readonly watched: string;
  /** Seconds. */
  readonly period: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  /** Of a percentile whose samples may be too few to say anything: how many there must be. */
  readonly samplesNeeded: number;
}

/**
 * Checks what PutMetricAlarm is given.
 *
 * @throws ServiceError for what AWS refuses; NotImplementedError for what only AWS has
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function defineAlarm(settings: AlarmSettings): AlarmDefinition {
  acceptOnly('PutMetricAlarm', settings, alarmParameters);
  checkValues(settings);
  const queries = queriesOf(settings);
  const parsed = new MetricQueries(queries);
  const watched = watchedOf(queries);
  const period = parsed.period(watched);
  const { ComparisonOperator: operator, EvaluationPeriods, Threshold: threshold } = settings;
  if (EvaluationPeriods === undefined || operator === undefined)
    throw validationError('EvaluationPeriods and ComparisonOperator must be provided.');
  checkPeriods(EvaluationPeriods, period);
  const comparison = comparisons[operator];
  if (!comparison)
    throw new NotImplementedError(
      `the comparison operator ${operator}: it is for anomaly detection`,
    );
  if (threshold === undefined)
    throw validationError(
      'Threshold must be provided for alarms that do not use anomaly detection.',
    );
  const datapointsToAlarm = settings.DatapointsToAlarm ?? EvaluationPeriods;
  if (datapointsToAlarm > EvaluationPeriods)
    throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  return {
    settings,
    queries: parsed,
    watched,
    period,
    threshold,
    comparison,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm,
    treatMissingData: treatmentOf(settings),
    samplesNeeded: samplesNeededOf(settings),
  };
}

/** What an alarm can be told, by the API as by a template. */
export const alarmParameters = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'TreatMissingData',
  'Unit',
] as const;

function checkValues(settings: AlarmSettings): void {
  const { AlarmActions, InsufficientDataActions, OKActions } = settings;
  new Constraints('ValidationError')
    .length('alarmName', settings.AlarmName, 1, 255)
    .length('alarmDescription', settings.AlarmDescription, 0, 1024)
    .length('alarmActions', AlarmActions, 0, mostActions)
    .length('oKActions', OKActions, 0, mostActions)
    .length('insufficientDataActions', InsufficientDataActions, 0, mostActions)
    .length('dimensions', settings.Dimensions, 0, 30)
    .range('evaluationPeriods', settings.EvaluationPeriods, 1, Number.MAX_SAFE_INTEGER)
    .range('datapointsToAlarm', settings.DatapointsToAlarm, 1, Number.MAX_SAFE_INTEGER)
    .oneOf('treatMissingData', settings.TreatMissingData, treatments)
    .oneOf('evaluateLowSampleCountPercentile', settings.EvaluateLowSampleCountPercentile, [
      'evaluate',
      'ignore',
    ])
    .check();
  for (const action of [AlarmActions, OKActions, InsufficientDataActions].flatMap(
    (list) => list ?? [],
  ))
    checkAction(action);
}

/** Topics, functions and scaling policies; AWS has more. */
function checkAction(action: string): void {
  if (!/^arn:[^:]+:[^:]+:/.test(action))
    throw validationError(`Invalid use of ARN ${action}: it is not the ARN of an action.`);
  if (/^arn:[^:]+:(?:sns:[^:]+:\d{12}:[^:]+$|lambda:|autoscaling:.*:scalingPolicy:)/.test(action))
    return;
  throw new NotImplementedError(`the alarm action ${action}`);
}

const treatments: readonly TreatMissingData[] = ['breaching', 'notBreaching', 'ignore', 'missing'];

/** Metrics of DynamoDB, which has none where nothing happens, are ignored where missing. */
function treatmentOf({ Namespace, TreatMissingData: given }: AlarmSettings): TreatMissingData {
  const treatment = treatments.find((one) => one === given);
  return treatment ?? (Namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing');
}

/** The metric of a plain alarm as a query of its own. */
export function queriesOf(settings: AlarmSettings): readonly MetricQuery[] {
  const { ExtendedStatistic, Metrics, MetricName, Namespace, Period, Statistic } = settings;
  if (Metrics) {
    const alone = [
      'MetricName',
      'Namespace',
      'Period',
      'Statistic',
      'ExtendedStatistic',
      'Unit',
    ] as const;
    const both = alone.find((name) => settings[name] !== undefined);
    if (both !== undefined)
      throw invalidCombination(`If Metrics is provided, ${both} must not be provided.`);
    if (Metrics.filter(({ MetricStat }) => MetricStat).length > mostMetrics)
      throw validationError(`An alarm can use up to ${mostMetrics} metrics.`);
    return Metrics;
  }
  if (MetricName === undefined || Namespace === undefined || Period === undefined)
    throw validationError('MetricName, Namespace and Period must be provided if Metrics is not.');
  if ((Statistic === undefined) === (ExtendedStatistic === undefined))
    throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be provided.');
  return [
    {
      Id: 'm1',
      MetricStat: {
        Metric: { MetricName, Namespace, Dimensions: settings.Dimensions },
        Period,
        Stat: Statistic ?? ExtendedStatistic ?? '',
        Unit: settings.Unit,
      },
    },
  ];
}

function watchedOf(queries: readonly MetricQuery[]): string {
  const [watched, ...others] = queries.filter(({ ReturnData = true }) => ReturnData);
  if (!watched || others.length > 0)
    throw validationError('Exactly one of the metrics of an alarm must have ReturnData true.');
  return watched.Id;
}

function checkPeriods(evaluationPeriods: number, period: number): void {
  if (![10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw validationError(
      `Invalid period ${period}: periods of alarms are 10, 20, 30, or a multiple of 60.`,
    );
  const most = period < 3600 ? day : 7 * day;
  if (evaluationPeriods * period > most)
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400), or 604800 if the period is an hour or more.',
    );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html */
function samplesNeededOf(settings: AlarmSettings): number {
  if (settings.EvaluateLowSampleCountPercentile !== 'ignore') return 0;
  const percentile = percentileOf(settings.ExtendedStatistic ?? '');
  if (percentile === undefined) return 0;
  return percentile >= 0.5 ? 10 / (1 - percentile) : 10 / percentile;
}
