import type { Clock } from '../../clock/clock';
import type { MetricSink } from '../../metrics/metric-sink';
import { invalid, limitExceeded, notFound } from './errors';
import type { LogGroup } from './log-group';
import type { LogEvent } from './log-stream';
import { MetricFilter, type MetricFilterSettings } from './metric-filter';

/** Of a group. */
const mostFilters = 100;
/** Filters of a group with a regular expression. */
const mostWithRegex = 5;

/** The metric filters of all groups. */
export class MetricFilters {
  /** Those that have a default value. */
  private readonly reporting = new Set<MetricFilter>();

  constructor(
    private readonly clock: Clock,
    private readonly sink: MetricSink,
  ) {
    sink.onRead((now) => {
      for (const filter of this.reporting) filter.reportMinutes(now);
    });
  }

  /**
   * Adds a filter to a group, in place of that of the same name.
   *
   * @throws ServiceError LimitExceededException; InvalidParameterException for a group whose class has no metric filters
   */
  put(group: LogGroup, settings: MetricFilterSettings): void {
    if (group.logGroupClass !== 'STANDARD')
      throw invalid(`Log groups of class ${group.logGroupClass} do not have metric filters.`);
    const { filterName } = settings;
    const others = [...group.metricFilters.values()].filter(
      (one) => one.settings.filterName !== filterName,
    );
    const withRegex = others.filter((one) => one.settings.pattern.regexes > 0);
    if (others.length >= mostFilters) throw limitExceeded();
    if (settings.pattern.regexes > 0 && withRegex.length >= mostWithRegex) throw limitExceeded();
    const before = this.retire(group, filterName);
    const created = before?.creationTime ?? this.clock.now();
    const filter = new MetricFilter(group, settings, created, this.sink);
    group.metricFilters.set(filterName, filter);
    if (settings.transformation.defaultValue !== undefined) this.reporting.add(filter);
  }

  /** @throws ServiceError ResourceNotFoundException */
  delete(group: LogGroup, filterName: string): void {
    if (!this.retire(group, filterName)) throw notFound('metric filter');
    group.metricFilters.delete(filterName);
  }

  /** Has the filters of a group take an event into account. */
  observe(group: LogGroup, event: LogEvent): void {
    for (const filter of group.metricFilters.values()) filter.observe(event);
  }

  private retire(group: LogGroup, filterName: string): MetricFilter | undefined {
    const filter = group.metricFilters.get(filterName);
    if (filter && this.reporting.delete(filter)) filter.reportMinutes(this.clock.now());
    return filter;
  }
}
