import type { Regional } from '../service';
import { Broker } from './broker';
import type { Engine } from './catalog';
import type { MqRegion } from './mq-region';

/** Brokers as those see them who consume their messages. */
export interface BrokerSource {
  /** Undefined if there is no such broker. */
  describe(
    brokerArn: string,
  ): { readonly engine: Engine; readonly publiclyAccessible: boolean } | undefined;
  /** Where it serves clients of AMQP now, such as `amqp+ssl://127.0.0.1:20001`; undefined while it does not. */
  endpoint(brokerArn: string): string | undefined;
  /** Calls `listener` when another member serves, none, or the broker is gone. Returns the function that ends it. */
  onChange(brokerArn: string, listener: () => void): () => void;
}

/** Looks brokers up by their ARNs. */
export function brokerSource(regions: Regional<MqRegion>): BrokerSource {
  const find = (arn: string): Broker | undefined => {
    const [, , , region = '', account = ''] = arn.split(':');
    const found = regions.in(account, region).findByArn(arn);
    return found instanceof Broker ? found : undefined;
  };
  return {
    describe(arn) {
      const broker = find(arn);
      return (
        broker && {
          engine: broker.definition.engine,
          publiclyAccessible: broker.definition.publiclyAccessible,
        }
      );
    },
    endpoint: (arn) => find(arn)?.amqpEndpoint,
    onChange(arn, listener) {
      const broker = find(arn);
      broker?.listeners.add(listener);
      return () => broker?.listeners.delete(listener);
    },
  };
}
