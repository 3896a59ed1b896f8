import type { Statistic } from '../../metrics/statistic';
import { NotImplementedError } from '../../protocol/errors';
import { invalidValue } from './errors';

/** Reads one number out of the samples of a period; undefined where it is not known. */
export type StatisticReader = (statistic: Statistic) => number | undefined;

const simple: Readonly<Record<string, StatisticReader>> = {
  Average: ({ sampleCount, sum }) => sum / sampleCount,
  Maximum: ({ maximum }) => maximum,
  Minimum: ({ minimum }) => minimum,
  SampleCount: ({ sampleCount }) => sampleCount,
  Sum: ({ sum }) => sum,
};

/** Percentile of a statistic such as `p99.9`, from 0 to 1; undefined for any other. */
export function percentileOf(name: string): number | undefined {
  const [, digits] = /^p(100|\d{1,2}(?:\.\d{1,10})?)$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits) / 100;
}

/**
 * What a statistic means.
 *
 * @param name - such as `Average` or `p99`
 * @throws ServiceError for one that there is not; NotImplementedError for the trimmed ones
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statisticReader(name: string): StatisticReader {
  const known = simple[name];
  if (known) return known;
  const percentile = percentileOf(name);
  if (percentile !== undefined) return (statistic) => statistic.percentile(percentile);
  if (/^(?:tm|tc|ts|wm|pr|iqm)[\d(.]*/i.test(name))
    throw new NotImplementedError(`the statistic ${name}`);
  throw invalidValue(`The value ${name} for parameter Stat is not supported.`);
}
