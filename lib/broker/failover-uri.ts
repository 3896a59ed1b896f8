import { Fn } from 'aws-cdk-lib';
import { BrokerProtocol } from './broker-protocol';

/** Amazon MQ's scheme of AMQP, and the one that clients of AMQP 1.0 know. */
const AMAZON_AMQP = 'amqp+ssl:';
const AMQP_OVER_TLS = 'amqps:';

/**
 * Where clients of a protocol find whichever member is active: `failover:(ssl://…-1…:61617,ssl://…-2…:61617)`.
 *
 * @param endpoints - of both members
 * @see https://activemq.apache.org/components/classic/documentation/failover-transport-reference
 */
export function failoverUri(protocol: BrokerProtocol, endpoints: readonly string[]): string {
  return `failover:(${endpoints.map((endpoint) => inWordsOfClients(protocol, endpoint)).join(',')})`;
}

function inWordsOfClients(protocol: BrokerProtocol, endpoint: string): string {
  return protocol === BrokerProtocol.AMQP
    ? `${AMQP_OVER_TLS}${Fn.select(1, Fn.split(AMAZON_AMQP, endpoint))}`
    : endpoint;
}
