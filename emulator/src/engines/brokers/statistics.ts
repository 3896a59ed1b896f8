/** What a queue or a topic tells of itself. Counts are since the broker was started. */
export interface DestinationStatistics {
  readonly kind: 'Queue' | 'Topic';
  readonly name: string;
  readonly values: Readonly<Record<DestinationCount, number>>;
}

/** A number that a destination tells, as ActiveMQ calls it. */
export type DestinationCount =
  | 'AverageEnqueueTime'
  | 'ConsumerCount'
  | 'DequeueCount'
  | 'DispatchCount'
  | 'EnqueueCount'
  | 'ExpiredCount'
  | 'InFlightCount'
  | 'MemoryPercentUsage'
  | 'ProducerCount'
  | 'QueueSize';

/** What a member tells of itself. */
export interface MemberStatistics {
  /** Of its process, by Amazon MQ's names of metrics; also of a standby. */
  readonly process: Readonly<Record<string, number>>;
  /** Of the broker, by Amazon MQ's names; of the active member only. */
  readonly broker: Readonly<Record<string, number>>;
  readonly destinations: readonly DestinationStatistics[];
}
