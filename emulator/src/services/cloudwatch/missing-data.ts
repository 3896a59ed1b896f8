/** How an alarm treats periods without data. */
export type TreatMissingData = 'breaching' | 'ignore' | 'missing' | 'notBreaching';

/** The states of an alarm. */
export type AlarmState = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

/** What decides about an alarm besides its data. */
export interface AlarmRule {
  /** N: how many datapoints are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them must be breaching. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/** A datapoint of the evaluation range. */
export interface AlarmPoint {
  /** How many periods ago; 0 is the latest. */
  readonly age: number;
  readonly breaching: boolean;
}

/** What an evaluation comes to. */
export interface Verdict<P extends AlarmPoint> {
  /** Undefined if the alarm stays as it is. */
  readonly state: AlarmState | undefined;
  /** The datapoints that were looked at, the latest first. */
  readonly evaluated: readonly P[];
  /** How many missing ones were filled in. */
  readonly filled: number;
}

/**
 * How many datapoints an alarm looks back for where some are missing: AWS documents it by the example of five for
 * three, and does not publish it for others.
 */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

/**
 * Decides on an alarm by its datapoints, some of which may be missing.
 *
 * @param points - those that are there of the evaluation range, the latest first
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function decide<P extends AlarmPoint>(rule: AlarmRule, points: readonly P[]): Verdict<P> {
  const { datapointsToAlarm, evaluationPeriods, treatMissingData } = rule;
  const evaluated = points.slice(0, evaluationPeriods);
  const missing = evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter((point) => point.breaching).length;
  const verdict = (state: AlarmState | undefined, filled = 0) => ({ state, evaluated, filled });
  if (breaching >= datapointsToAlarm) return verdict('ALARM');
  if (missing === 0) return verdict('OK');
  switch (treatMissingData) {
    case 'breaching':
      return verdict(breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK', missing);
    case 'notBreaching':
      return verdict('OK', missing);
    default:
      return verdict(withoutFilling(rule, evaluated), missing);
  }
}

/**
 * An alarm is not to go off too early, and yet to go off when nothing better is to come: if the oldest datapoint is
 * as old as the alarm needs, and all are breaching. That a single young breaching one leaves the state as it is follows
 * from AWS's text, which has no row for it in its tables.
 */
function withoutFilling(
  { datapointsToAlarm, treatMissingData }: AlarmRule,
  points: readonly AlarmPoint[],
): AlarmState | undefined {
  const oldest = points.at(-1);
  const ignored = treatMissingData === 'ignore';
  if (!oldest) return ignored ? undefined : 'INSUFFICIENT_DATA';
  if (points.some((point) => !point.breaching)) return 'OK';
  return oldest.age + 1 >= datapointsToAlarm && !ignored ? 'ALARM' : undefined;
}
