import type { UsableKeys } from '../key-use';
import type { Service, ServiceEnvironment } from '../service';
import type { KinesisApi } from './descriptions';
import type { KinesisDatapoint } from './metrics';
import { parseArn } from './names';
import { recordOperations } from './record-operations';
import { KinesisState } from './state';
import { streamOperations } from './stream-operations';

export type { KinesisDatapoint, KinesisMetricName } from './metrics';

/** Amazon Kinesis Data Streams. */
export interface KinesisService extends Service<KinesisApi> {
  /**
   * What Kinesis publishes in namespace `AWS/Kinesis` for a stream: a statistic set per metric for each complete minute
   * that starts in [from, to), in milliseconds since the epoch, and in which something was done; nothing for an unknown stream.
   */
  metrics(streamArn: string, from: number, to: number): KinesisDatapoint[];
}

/**
 * Makes Kinesis.
 *
 * @param keys - KMS, for streams with a key. @default - the keys of streams are not asked for
 */
export function createKinesis(environment: ServiceEnvironment, keys?: UsableKeys): KinesisService {
  const state = new KinesisState(environment, keys);
  return {
    signingName: 'kinesis',
    loadClient: (): KinesisApi => require('@aws-sdk/client-kinesis'),
    handlers: { ...streamOperations(state), ...recordOperations(state) },
    resourceProviders: [],
    resourceRights(arn) {
      const stream = state.findByArn(arn);
      if (!stream) return undefined;
      const { consumerArn } = parseArn(arn) ?? {};
      const consumer = consumerArn === undefined ? undefined : state.findConsumer(arn);
      const { policy, tags } = consumer ?? stream;
      return {
        account: stream.address.account,
        policies: policy === undefined ? [] : [policy],
        tags,
      };
    },
    metrics: (streamArn, from, to) =>
      state.findByArn(streamArn)?.metrics.datapoints(from, to, state.now) ?? [],
    leaks: () => state.all().map(({ arn }) => `Kinesis stream ${arn}`),
    async stop() {
      for (const stream of state.all())
        for (const consumer of stream.consumers.values()) consumer.endSubscriptions();
    },
  };
}
