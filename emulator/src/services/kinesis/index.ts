import type { UsableKeys } from '../key-use';
import type { Service, ServiceEnvironment } from '../service';
import { consumerOperations } from './consumer-operations';
import type { KinesisApi } from './descriptions';
import { parseArn } from './names';
import { recordOperations } from './record-operations';
import { kinesisResources } from './resources';
import { settingOperations } from './setting-operations';
import { shardOperations } from './shard-operations';
import { KinesisState } from './state';
import { streamOperations } from './stream-operations';
import { KinesisStreamSource } from './stream-source';
import { subscriptionOperations } from './subscription-operations';
import { tagOperations } from './tag-operations';

export type { KinesisMetricName } from './metrics';

/** Amazon Kinesis Data Streams. */
export interface KinesisService extends Service<KinesisApi> {
  /** Streams as event source mappings read them. */
  readonly streamSource: KinesisStreamSource;
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
    handlers: {
      ...streamOperations(state),
      ...shardOperations(state),
      ...recordOperations(state),
      ...consumerOperations(state),
      ...subscriptionOperations(state),
      ...settingOperations(state),
      ...tagOperations(state),
    },
    resourceProviders: kinesisResources(state),
    streamSource: new KinesisStreamSource(state),
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
    leaks: () => state.all().map(({ arn }) => `Kinesis stream ${arn}`),
    async stop() {
      for (const stream of state.all())
        for (const consumer of stream.consumers.values()) consumer.endSubscriptions();
    },
  };
}
