import type { ServiceCaller } from '../../iam/caller';
import type { Channel } from './delivery';
import { attempt } from './queue-channel';
import { awsEndpointSchedule } from './retry-schedule';

/** Functions, as far as topics need them. */
export interface TopicFunctions {
  /**
   * Has a function run soon.
   *
   * @param payload - JSON
   * @returns the invocation's request id
   * @throws ServiceError
   */
  invoke(functionArn: string, payload: string, caller: ServiceCaller): string;
}

/**
 * Functions, invoked asynchronously: what becomes of the invocation is Lambda's business.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function functionChannel(functions: TopicFunctions): Channel {
  return {
    retries: () => awsEndpointSchedule,
    deliver({ subscription, document }) {
      const { arn, endpoint, topic } = subscription;
      const event = {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: arn,
            Sns: document.lambdaMembers(arn),
          },
        ],
      };
      return attempt(() => functions.invoke(endpoint, JSON.stringify(event), topic.caller));
    },
  };
}
