import type { Service, ServiceEnvironment } from '../service';
import type { FirehoseApi } from './api';
import { recordOperations } from './operations/record-operations';
import { streamOperations } from './operations/stream-operations';
import { tagOperations } from './operations/tag-operations';
import type { FirehosePorts } from './ports';
import { firehoseResources } from './resources';
import { FirehoseState } from './state';

export type { FirehoseMetricName } from './metrics';
export type { FirehosePorts, ObjectToWrite } from './ports';

/** Amazon Data Firehose. */
export type FirehoseService = Service<FirehoseApi>;

/** Makes Firehose. */
export function createFirehose(
  environment: ServiceEnvironment,
  ports: FirehosePorts,
): FirehoseService {
  const state = new FirehoseState(environment, ports);
  const loadClient = (): FirehoseApi => require('@aws-sdk/client-firehose');
  return {
    signingName: 'firehose',
    loadClient,
    handlers: {
      ...streamOperations(state),
      ...recordOperations(state),
      ...tagOperations(state),
    },
    resourceProviders: firehoseResources(state, loadClient),
    resourceRights(arn) {
      const stream = state.findByArn(arn);
      return stream && { account: stream.address.account, policies: [], tags: stream.tags };
    },
    leaks: () => state.all().map(({ arn }) => `Firehose delivery stream ${arn}`),
    async stop() {
      for (const stream of state.all()) stream.discard();
    },
  };
}
