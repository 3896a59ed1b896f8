import type { InputOf } from '../../protocol/handlers';

/** The SDK client whose operations CloudWatch answers. */
export type Api = typeof import('@aws-sdk/client-cloudwatch');

/** What an alarm is made of, as PutMetricAlarm takes it. */
export type AlarmSettings = InputOf<Api, 'PutMetricAlarm'>;

/** One query of GetMetricData, or one metric of an alarm. */
export type MetricQuery = InputOf<Api, 'GetMetricData'>['MetricDataQueries'][number];

/** A dimension as the API has it. */
export interface GivenDimension {
  readonly Name: string;
  readonly Value: string;
}

/** Dimensions by name. */
export function dimensionsOf(given: readonly GivenDimension[] = []): Record<string, string> {
  return Object.fromEntries(given.map(({ Name, Value }) => [Name, Value]));
}

/** Dimensions as the API has them. */
export function dimensionList(dimensions: Readonly<Record<string, string>>): GivenDimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
