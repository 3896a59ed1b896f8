import { ServiceError } from '../../protocol/errors';
import {
  type Channel,
  type Delivery,
  type Outcome,
  queueMessage,
  type TopicQueues,
} from './delivery';
import { awsEndpointSchedule } from './retry-schedule';

/** Queues: the same SendMessage that a client calls, made by SNS on behalf of the topic. */
export function queueChannel(queues: TopicQueues): Channel {
  return {
    retries: () => awsEndpointSchedule,
    deliver(delivery: Delivery) {
      const { endpoint, topic } = delivery.subscription;
      return attempt(() => queues.send(endpoint, queueMessage(delivery, endpoint), topic.caller));
    },
  };
}

/** Tries something at a service; its errors are the outcome. */
export function attempt(run: () => string | undefined): Outcome {
  try {
    return { kind: 'delivered', as: run() };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const reason = `${error.code}: ${error.message}`;
    return { kind: 'failed', reason, passing: isPassing(error) };
  }
}

/** Whether a service may well take later what it has just refused. */
function isPassing({ code, options }: ServiceError): boolean {
  return /throttl|TooManyRequests/i.test(code) || (options.status ?? 400) >= 500;
}
