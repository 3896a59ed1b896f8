import { units } from '../../metrics/units';
import { Constraints } from '../constraints';
import { invalid } from './errors';
import type { MetricFilterSettings, MetricTransformation } from './metric-filter';
import { compileFilterPattern } from './patterns/filter-pattern';

const mostDimensions = 3;

/**
 * Checks a metric filter that is to be put.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
 * @throws ServiceError InvalidParameterException
 */
export function metricFilterSettings(
  filterName: string,
  filterPattern: string,
  transformations: readonly MetricTransformation[],
): MetricFilterSettings {
  const [transformation] = transformations;
  const constraints = new Constraints('InvalidParameterException')
    .length('filterName', filterName, 1, 512)
    .pattern('filterName', filterName, '[^:*]*')
    .length('filterPattern', filterPattern, 0, 1024)
    .length('metricTransformations', transformations, 1, 1);
  if (transformation) checkNames(constraints, transformation);
  constraints.check();
  if (!transformation) throw invalid('A metric filter has one metric transformation.');
  const pattern = compileFilterPattern(filterPattern);
  const { defaultValue, dimensions = {}, metricValue } = transformation;
  const selectors = Object.values(dimensions);
  if (defaultValue !== undefined && selectors.length > 0)
    throw invalid(
      'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
    );
  if (selectors.length > mostDimensions)
    throw invalid(`A metric filter can have at most ${mostDimensions} dimensions.`);
  if (!metricValue.startsWith('$') && (metricValue.trim() === '' || Number.isNaN(+metricValue)))
    throw invalid(`Invalid metric transformation: metric value ${metricValue} is not a number.`);
  const used = [...selectors, ...(metricValue.startsWith('$') ? [metricValue] : [])];
  const wrong = used.find((selector) => !pattern.selects || !selector.startsWith('$'));
  if (wrong !== undefined)
    throw invalid(`Invalid metric transformation: the filter pattern has no field ${wrong}.`);
  return { filterName, filterPattern, pattern, transformation };
}

function checkNames(constraints: Constraints, transformation: MetricTransformation): void {
  const { metricName, metricNamespace, metricValue, unit } = transformation;
  const member = (name: string) => `metricTransformations.1.member.${name}`;
  constraints
    .length(member('metricName'), metricName, 0, 255)
    .pattern(member('metricName'), metricName, '[^:*$]*')
    .length(member('metricNamespace'), metricNamespace, 0, 255)
    .pattern(member('metricNamespace'), metricNamespace, '[^:*$]*')
    .length(member('metricValue'), metricValue, 0, 100)
    .oneOf(member('unit'), unit, units);
}
