import { MinuteStatistics, type StatisticSet } from '../minute-statistics';

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

/** One metric of one minute. */
export interface EventsDatapoint extends StatisticSet<EventsMetricName> {
  readonly unit: 'Count' | 'Bytes';
}

/** What a rule, or an account in a region, publishes for every minute in which something was done. */
export class EventsMetrics extends MinuteStatistics<EventsMetricName> {
  /** The datapoints of all complete minutes that start in [from, to). */
  datapoints(from: number, to: number, now: number): EventsDatapoint[] {
    return this.sets(from, to, now).map((set) => ({
      ...set,
      unit: set.metric === 'PutEventsRequestSize' ? 'Bytes' : 'Count',
    }));
  }
}
