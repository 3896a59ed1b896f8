import type { MetricPlace, MetricSink } from '../../metrics/metric-sink';
import { ResourceMetrics } from '../../metrics/resource-metrics';
import { type BusAddress, defaultBus } from './names';

/**
 * Names of the metrics in namespace `AWS/Events`, with dimension `RuleName`, and `EventBusName` beside it for
 * rules of other buses than the default one. The calls of PutEvents have no dimension.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
export type EventsMetricName =
  | 'FailedInvocations'
  | 'InvocationAttempts'
  | 'Invocations'
  | 'InvocationsFailedToBeSentToDlq'
  | 'InvocationsSentToDlq'
  | 'MatchedEvents'
  | 'PutEventsApproximateCallCount'
  | 'PutEventsApproximateSuccessCount'
  | 'PutEventsEntriesCount'
  | 'PutEventsFailedEntriesCount'
  | 'PutEventsRequestSize'
  | 'RetryInvocationAttempts'
  | 'SuccessfulInvocationAttempts'
  | 'TriggeredRules';

/** What a rule, or an account in a region, publishes for every minute in which something was done. */
export type EventsMetrics = ResourceMetrics<EventsMetricName>;

/** The metrics of a rule. */
export function ruleMetrics(sink: MetricSink, bus: BusAddress, rule: string): EventsMetrics {
  const dimensions = {
    ...(bus.name !== defaultBus && { EventBusName: bus.name }),
    RuleName: rule,
  };
  return new ResourceMetrics({ sink, place: bus, namespace: 'AWS/Events', dimensions });
}

/** The metrics of an account's calls of PutEvents in a region. */
export function callMetrics(sink: MetricSink, place: MetricPlace): EventsMetrics {
  const units = { PutEventsRequestSize: 'Bytes' };
  return new ResourceMetrics({ sink, place, namespace: 'AWS/Events', dimensions: {}, units });
}
