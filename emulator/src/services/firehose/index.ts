import type { Caller } from '../../iam/caller';
import type { Service, ServiceEnvironment } from '../service';
import type { FirehoseApi } from './api';
import { encryptionOperations } from './operations/encryption-operations';
import { putRecord, recordOperations } from './operations/record-operations';
import { streamOperations } from './operations/stream-operations';
import { tagOperations } from './operations/tag-operations';
import type { FirehosePorts } from './ports';
import { firehoseResources } from './resources';
import { FirehoseState } from './state';

export type { CapturedAnswer, CapturedAnswers, CapturedCall } from './endpoints/captured-call';
export { FirehoseEndpoints } from './endpoints/firehose-endpoints';
export type { FirehoseMetricName } from './metrics';
export type { FirehosePorts, ObjectToWrite } from './ports';

/** Amazon Data Firehose. */
export interface FirehoseService extends Service<FirehoseApi> {
  /**
   * Puts a record on behalf of another service that acts as somebody, as PutRecord does.
   *
   * @returns its id
   * @throws ServiceError AccessDeniedException, ResourceNotFoundException, ServiceUnavailableException and the like
   */
  put(deliveryStreamArn: string, data: Uint8Array, caller: Caller): string;
}

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
      ...encryptionOperations(state),
      ...tagOperations(state),
    },
    resourceProviders: firehoseResources(state, loadClient),
    resourceRights(arn) {
      const stream = state.findByArn(arn);
      return stream && { account: stream.address.account, policies: [], tags: stream.tags };
    },
    put(arn, data, caller) {
      environment.authorize({ caller, action: 'firehose:PutRecord', resource: arn });
      return putRecord(state, state.findByArn(arn), arn, data);
    },
    leaks: () => state.all().map(({ arn }) => `Firehose delivery stream ${arn}`),
    async stop() {
      for (const stream of state.all()) stream.discard();
    },
  };
}
