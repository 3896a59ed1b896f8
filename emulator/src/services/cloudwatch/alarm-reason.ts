import type { Comparison } from './comparison';
import type { AlarmPoint, AlarmRule, AlarmState, Verdict } from './missing-data';

/** A datapoint that an alarm has looked at. */
export interface EvaluatedPoint extends AlarmPoint {
  /** Start of its period, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly value: number;
  /** Undefined for the result of an expression. */
  readonly sampleCount: number | undefined;
}

/** What a reason tells of an alarm. */
export interface ReasonedAlarm extends AlarmRule {
  readonly threshold: number;
  readonly comparison: Comparison;
  /** Whether it says how many datapoints must be breaching. */
  readonly saysDatapoints: boolean;
  readonly statistic: string | undefined;
  readonly unit: string | undefined;
  /** Seconds. */
  readonly period: number;
}

/** Why an alarm is in a state, in CloudWatch's words. */
export function reasonOf(
  alarm: ReasonedAlarm,
  state: AlarmState,
  { evaluated, filled }: Verdict<EvaluatedPoint>,
): string {
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${datapoints(filled)} ${wereOrWas(filled)} unknown.`;
  const treated = ` and ${filled} missing ${filled === 1 ? 'datapoint was' : 'datapoints were'} treated as [${
    alarm.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'
  }]`;
  const fills = filled > 0 && /reaching$/.test(alarm.treatMissingData);
  if (evaluated.length === 0) {
    const periods = `${alarm.evaluationPeriods} period${alarm.evaluationPeriods === 1 ? '' : 's'}`;
    return `Threshold Crossed: no datapoints were received for ${periods}${treated}.`;
  }
  const wanted = evaluated.filter((point) => point.breaching === (state === 'ALARM'));
  const shown = `[${wanted.map(({ value, timestamp }) => `${decimal(value)} (${moment(timestamp)})`).join(', ')}]`;
  const not = state === 'ALARM' ? '' : 'not ';
  const than = `${not}${alarm.comparison.words} the threshold (${decimal(alarm.threshold)})`;
  const count = wanted.length;
  if (!alarm.saysDatapoints)
    return `Threshold Crossed: ${datapoints(count)} ${shown} ${wereOrWas(count)} ${than}${fills ? treated : ''}.`;
  const { datapointsToAlarm, evaluationPeriods } = alarm;
  const minimum = state === 'ALARM' ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const transition = state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK';
  return (
    `Threshold Crossed: ${count} out of the last ${evaluationPeriods} datapoints ${shown} ${wereOrWas(count)} ${than}` +
    `${fills ? treated : ''} (minimum ${datapoints(minimum)} for ${transition} transition).`
  );
}

/** {@link reasonOf} for programs: JSON. */
export function reasonDataOf(
  alarm: ReasonedAlarm,
  { evaluated }: Verdict<EvaluatedPoint>,
  now: number,
): string {
  const oldest = evaluated.at(-1);
  return JSON.stringify({
    version: '1.0',
    queryDate: instant(now),
    ...(oldest && { startDate: instant(oldest.timestamp) }),
    unit: alarm.unit,
    statistic: alarm.statistic,
    period: alarm.period,
    recentDatapoints: evaluated.map(({ value }) => value).reverse(),
    threshold: alarm.threshold,
    evaluatedDatapoints: evaluated.map(({ timestamp, sampleCount, value }) => ({
      timestamp: instant(timestamp),
      sampleCount,
      value,
    })),
  });
}

/** A time as CloudWatch writes it in its documents, such as `2035-01-01T00:00:00.000+0000`. */
export function instant(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/** A number as CloudWatch writes it in its texts: whole ones with `.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** Such as `31/01/35 10:15:00`. */
function moment(time: number): string {
  const [year = '', month, rest = ''] = new Date(time).toISOString().split('-');
  return `${rest.slice(0, 2)}/${month}/${year.slice(2)} ${rest.slice(3, 11)}`;
}

function datapoints(count: number): string {
  return `${count} datapoint${count === 1 ? '' : 's'}`;
}

function wereOrWas(count: number): string {
  return count === 1 ? 'was' : 'were';
}
