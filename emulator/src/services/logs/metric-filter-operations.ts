import { NotImplementedError } from '../../protocol/errors';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf, sortedBy } from '../page';
import { invalid } from './errors';
import { type GroupsOf, invalidToken, type LogsApi } from './group-operations';
import { logArn } from './log-arn';
import type { LogGroup } from './log-group';
import type { MetricFilter } from './metric-filter';
import { metricFilterSettings } from './metric-filter-settings';
import type { MetricFilters } from './metric-filters';
import { compileFilterPattern } from './patterns/filter-pattern';

const largestPage = 50;
const mostMessages = 50;

/** Metric filters: putting, showing, testing and deleting them. */
export function metricFilterOperations(groupsOf: GroupsOf, filters: MetricFilters) {
  return {
    PutMetricFilter(input, ctx) {
      ctx.authorize('logs:PutMetricFilter', logArn(ctx, input.logGroupName));
      acceptOnly('PutMetricFilter', input, [
        'applyOnTransformedLogs',
        'filterName',
        'filterPattern',
        'logGroupName',
        'metricTransformations',
      ]);
      if (input.applyOnTransformedLogs)
        throw new NotImplementedError('applyOnTransformedLogs of PutMetricFilter');
      const group = groupsOf(ctx).get(input.logGroupName);
      const { filterName, filterPattern, metricTransformations } = input;
      filters.put(group, metricFilterSettings(filterName, filterPattern, metricTransformations));
      return {};
    },

    DescribeMetricFilters(input, ctx) {
      const { filterNamePrefix: prefix = '', logGroupName, metricName, metricNamespace } = input;
      ctx.authorize('logs:DescribeMetricFilters', logArn(ctx, logGroupName ?? ''));
      if ((metricName === undefined) !== (metricNamespace === undefined))
        throw invalid('metricName and metricNamespace must be given together.');
      if (prefix !== '' && logGroupName === undefined)
        throw invalid('filterNamePrefix must be given with logGroupName.');
      const groups = groupsOf(ctx);
      const found = (logGroupName === undefined ? groups.list() : [groups.get(logGroupName)])
        .flatMap((group) => [...group.metricFilters.values()].map((filter) => ({ group, filter })))
        .filter(({ filter: { settings } }) => {
          const { metricName: name, metricNamespace: namespace } = settings.transformation;
          return (
            settings.filterName.startsWith(prefix) &&
            (metricName ?? name) === name &&
            (metricNamespace ?? namespace) === namespace
          );
        });
      const page = pageOf(
        sortedBy(found, keyOf),
        keyOf,
        Math.min(input.limit ?? largestPage, largestPage),
        input.nextToken,
        invalidToken,
      );
      return { metricFilters: page.items.map(describe), nextToken: page.nextToken };
    },

    DeleteMetricFilter(input, ctx) {
      ctx.authorize('logs:DeleteMetricFilter', logArn(ctx, input.logGroupName));
      filters.delete(groupsOf(ctx).get(input.logGroupName), input.filterName);
      return {};
    },

    TestMetricFilter({ filterPattern, logEventMessages: messages }, ctx) {
      ctx.authorize('logs:TestMetricFilter', '*');
      if (messages.length < 1 || messages.length > mostMessages)
        throw invalid(`logEventMessages must have between 1 and ${mostMessages} messages.`);
      const pattern = compileFilterPattern(filterPattern);
      return {
        matches: messages.flatMap((eventMessage, i) => {
          const match = pattern.match(eventMessage);
          // Counted from 1, as the AWS CLI's documentation shows; that of the API has 0.
          return match ? [{ eventNumber: i + 1, eventMessage, extractedValues: match.fields }] : [];
        }),
      };
    },
  } satisfies Handlers<LogsApi>;
}

/** A filter and the group that it is of. */
interface Found {
  readonly group: LogGroup;
  readonly filter: MetricFilter;
}

function keyOf({ filter, group }: Found): string {
  return `${filter.settings.filterName} ${group.name}`;
}

function describe({ filter, group }: Found) {
  const { filterName, filterPattern, transformation } = filter.settings;
  const { dimensions, ...rest } = transformation;
  return {
    filterName,
    filterPattern,
    metricTransformations: [{ ...rest, ...(dimensions && { dimensions: { ...dimensions } }) }],
    creationTime: filter.creationTime,
    logGroupName: group.name,
    applyOnTransformedLogs: false,
  };
}
