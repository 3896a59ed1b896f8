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
  /** Name of the node, where a broker has nodes. */
  readonly node?: string;
  /** Of its process, by Amazon MQ's names of metrics; also of a standby. */
  readonly process: Readonly<Record<string, number>>;
  /** Of the broker, by Amazon MQ's names; of an active member only. The nodes of a cluster tell the same. */
  readonly broker: Readonly<Record<string, number>>;
  readonly destinations: readonly DestinationStatistics[];
}
