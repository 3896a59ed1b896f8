import type { UsableKeys } from '../key-use';
import type { Service, ServiceEnvironment } from '../service';
import type { SqsFaults } from './faults';
import type { SqsDatapoint } from './metrics';
import { sqsOperations } from './operations';
import type { Queue } from './queue';
import { QueueSender } from './queue-sender';
import { SqsQueueSource } from './queue-source';
import { sqsResourceProviders } from './resources';
import { SqsState } from './sqs-state';

export type {
  EndFault,
  FaultTarget,
  LatencyFault,
  SqsFaults,
  StandardQueueFault,
  ThrottleFault,
} from './faults';
export type { SqsDatapoint, SqsMetricName } from './metrics';
export type { Queue } from './queue';
export type { QueueSender } from './queue-sender';
export type { ReceivedSourceMessage, SourceAttribute, SqsQueueSource } from './queue-source';

type SqsClientModule = typeof import('@aws-sdk/client-sqs');

/** Amazon SQS. */
export interface SqsService extends Service<SqsClientModule> {
  /** Queues as event source mappings use them. */
  readonly queueSource: SqsQueueSource;
  /** Queues as other services send to them. */
  readonly queueSender: QueueSender;
  /** Duplicates, reordering, throttling, latency and FIFO throughput limits. */
  readonly faults: SqsFaults;
  /** The queue of that ARN, if it exists. */
  queue(queueArn: string): Queue | undefined;
  /** All queues of all accounts and regions. */
  queues(): Queue[];
  /**
   * What SQS publishes in namespace `AWS/SQS` for a queue: a statistic set per metric for each complete
   * minute that starts in [from, to), in milliseconds since the epoch. Nothing for an unknown queue, and
   * nothing for minutes in which the queue is empty and has not been used for six hours.
   */
  metrics(queueArn: string, from: number, to: number): SqsDatapoint[];
}

/**
 * Makes SQS.
 *
 * @param keys - KMS, for queues with a key. @default - the keys of queues are not asked for
 */
export function createSqs(environment: ServiceEnvironment, keys?: UsableKeys): SqsService {
  const state = new SqsState(environment, keys);
  const queues = () => state.all().flatMap((registry) => registry.list());
  return {
    signingName: 'sqs',
    loadClient: (): SqsClientModule => require('@aws-sdk/client-sqs'),
    handlers: sqsOperations(state),
    resourceProviders: sqsResourceProviders(state),
    resourceRights(queueArn) {
      const queue = state.find(queueArn);
      return (
        queue && {
          account: queue.address.account,
          policies: queue.attributes.policy === undefined ? [] : [queue.attributes.policy],
          tags: queue.tags,
        }
      );
    },
    queueSource: new SqsQueueSource(state),
    queueSender: new QueueSender(state),
    faults: state.faults,
    queue: (queueArn) => state.find(queueArn),
    queues,
    metrics: (queueArn, from, to) =>
      state.find(queueArn)?.metrics.datapoints(from, to, environment.clock.now()) ?? [],
    leaks: () => queues().map((queue) => `SQS queue ${queue.arn}`),
    async stop() {
      for (const registry of state.all()) registry.close();
    },
  };
}
