import type { Caller } from '../../iam/caller';

/**
 * Brokers of Amazon MQ as Lambda's event source mappings see them. What they consume with are clients of their own: a broker
 * is a real program. The composition root adapts Amazon MQ to it.
 */
export interface BrokerSource {
  /** Undefined if there is no such broker. */
  describe(
    brokerArn: string,
  ): { readonly engine: 'ACTIVEMQ' | 'RABBITMQ'; readonly publiclyAccessible: boolean } | undefined;
  /** Where it serves clients of AMQP now, such as `amqp+ssl://127.0.0.1:20001`; undefined while it does not. */
  endpoint(brokerArn: string): string | undefined;
  /** Calls `listener` when another member serves, none, or the broker is gone. Returns the function that ends it. */
  onChange(brokerArn: string, listener: () => void): () => void;
}

/** Secrets as Lambda reads them: as the function's role. */
export interface SecretSource {
  /** @throws ServiceError if there is no such secret, or the caller may not read it */
  text(secretArn: string, caller: Caller): string;
}
