import type { MetricIdentity, MetricPlace } from '../../metrics/metric-sink';
import type { MetricStore } from '../../metrics/metric-store';
import { units } from '../../metrics/units';
import type { InputOf } from '../../protocol/handlers';
import { Constraints } from '../constraints';
import { type Api, dimensionsOf } from './api';
import { invalidCombination, invalidValue } from './errors';

const hour = 3_600_000;
const day = 24 * hour;
const mostData = 1_000;
const mostValues = 150;
const mostDimensions = 30;

type Input = InputOf<Api, 'PutMetricData'>;
type Datum = NonNullable<Input['MetricData']>[number];

/**
 * Takes in what PutMetricData is given: all of it or nothing.
 *
 * @throws ServiceError for what is outside of CloudWatch's limits
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function putMetricData(
  store: MetricStore,
  place: MetricPlace,
  { MetricData: data = [], Namespace: namespace }: Input,
  now: number,
): void {
  new Constraints('ValidationError')
    .length('namespace', namespace, 1, 255)
    .pattern('namespace', namespace, '[^:].*')
    .length('metricData', data, 0, mostData)
    .check();
  if (/^AWS\//.test(namespace))
    throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
  for (const [i, datum] of data.entries()) checkDatum(datum, `MetricData.member.${i + 1}`, now);
  for (const datum of data) {
    const identity: MetricIdentity = {
      namespace,
      name: datum.MetricName,
      dimensions: dimensionsOf(datum.Dimensions),
    };
    const series = store.metric(place, identity).series(datum.Unit ?? 'None');
    const time = datum.Timestamp?.getTime() ?? now;
    const resolution = datum.StorageResolution === 1 ? 1 : 60;
    if (datum.StatisticValues) {
      const { Maximum, Minimum, SampleCount, Sum } = datum.StatisticValues;
      const set = { sum: Sum, minimum: Minimum, maximum: Maximum, sampleCount: SampleCount };
      series.addSet(set, time, 1, resolution);
    } else if (datum.Values) {
      for (const [i, value] of datum.Values.entries())
        series.add(value, time, datum.Counts?.[i] ?? 1, resolution);
    } else series.add(datum.Value ?? 0, time, 1, resolution);
  }
}

function checkDatum(datum: Datum, at: string, now: number): void {
  const { Counts, StatisticValues, Timestamp, Value, Values } = datum;
  new Constraints('ValidationError')
    .length(`${at}.metricName`, datum.MetricName, 1, 255)
    .length(`${at}.dimensions`, datum.Dimensions, 0, mostDimensions)
    .length(`${at}.values`, Values, 1, mostValues)
    .length(`${at}.counts`, Counts, 1, mostValues)
    .oneOf(`${at}.unit`, datum.Unit, units)
    .range(`${at}.storageResolution`, datum.StorageResolution, 1, Number.MAX_SAFE_INTEGER)
    .check();
  for (const { Name, Value: value } of datum.Dimensions ?? [])
    new Constraints('ValidationError')
      .length(`${at}.dimensions.name`, Name, 1, 255)
      .length(`${at}.dimensions.value`, value, 1, 1024)
      .check();
  const given = [Value, StatisticValues, Values].filter((one) => one !== undefined);
  if (given.length > 1)
    throw invalidCombination(
      `The parameters ${at}.Value, ${at}.Values and ${at}.StatisticValues are mutually exclusive and you have specified more than one.`,
    );
  if (given.length === 0)
    throw invalidValue(
      `At least one of the parameters ${at}.Value, ${at}.Values or ${at}.StatisticValues must be specified.`,
    );
  if (Counts && Counts.length !== Values?.length)
    throw invalidCombination(
      `The parameters ${at}.Values and ${at}.Counts must be of the same size.`,
    );
  const numbers = [Value ?? 0, ...(Values ?? []), ...(Counts ?? [])];
  if (numbers.some((number) => !Number.isFinite(number)))
    throw invalidValue(`The value NaN or Infinity for parameter ${at}.Value is invalid.`);
  const time = Timestamp?.getTime();
  if (time === undefined) return;
  if (time < now - 14 * day)
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time no more than two weeks in the past.`,
    );
  if (time > now + 2 * hour)
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time within two hours in the future.`,
    );
}
