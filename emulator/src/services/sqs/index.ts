import type { UsableKeys } from '../key-use';
import type { Service, ServiceEnvironment } from '../service';
import type { SqsFaults } from './faults';
import { sqsOperations } from './operations';
import type { Queue } from './queue';
import { QueueConsumer } from './queue-consumer';
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
export type { Queue } from './queue';
export type { ConsumedMessage, ConsumerRequest } from './queue-consumer';
export type { QueueSender } from './queue-sender';
export type { ReceivedSourceMessage, SourceAttribute, SqsQueueSource } from './queue-source';

type SqsClientModule = typeof import('@aws-sdk/client-sqs');

/** Amazon SQS. */
export interface SqsService extends Service<SqsClientModule> {
  /** Queues as event source mappings use them. */
  readonly queueSource: SqsQueueSource;
  /** Queues as programs use them that run in this process. */
  readonly queueConsumer: QueueConsumer;
  /** Queues as other services send to them. */
  readonly queueSender: QueueSender;
  /** Duplicates, reordering, throttling, latency and FIFO throughput limits. */
  readonly faults: SqsFaults;
  /** The queue of that ARN, if it exists. */
  queue(queueArn: string): Queue | undefined;
  /** All queues of all accounts and regions. */
  queues(): Queue[];
}

/**
 * Makes SQS.
 *
 * @param keys - KMS, for queues with a key. @default - the keys of queues are not asked for
 */
export function createSqs(environment: ServiceEnvironment, keys?: UsableKeys): SqsService {
  const state = new SqsState(environment, keys);
  const queueSender = new QueueSender(state);
  const queues = () => state.all().flatMap((registry) => registry.list());
  environment.metrics.onRead((now) => {
    for (const queue of queues()) queue.metrics.publish(now);
  });
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
    queueConsumer: new QueueConsumer(state, queueSender),
    queueSender,
    faults: state.faults,
    queue: (queueArn) => state.find(queueArn),
    queues,
    leaks: () => queues().map((queue) => `SQS queue ${queue.arn}`),
    async stop() {
      for (const registry of state.all()) registry.close();
    },
  };
}
