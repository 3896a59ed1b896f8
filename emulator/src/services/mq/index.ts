import { Regional, type Service, type ServiceEnvironment } from '../service';
import { type BrokerFaults, brokerFaults } from './broker-faults';
import { brokerOperations } from './broker-operations';
import { type BrokerSource, brokerSource } from './broker-source';
import { catalogOperations } from './catalog-operations';
import { configurationOperations } from './configuration-operations';
import type { MqApi } from './descriptions';
import { type MqDependencies, MqRegion } from './mq-region';
import { mqResources } from './resources';
import { tagOperations } from './tag-operations';
import { userOperations } from './user-operations';

export type { BrokerFaults } from './broker-faults';
export type { LogSink } from './broker-logs';
export type { BrokerSource } from './broker-source';
export type { MqDependencies } from './mq-region';
export type { BrokerEngines, RunningBroker, StartRequest } from './running-broker';

/** Amazon MQ. */
export interface MqService extends Service<MqApi> {
  /**
   * What may go wrong with a broker.
   *
   * @param broker - its id, name or ARN. @default - the only one there is
   * @throws Error if there is none, or several that fit.
   */
  faults(broker?: string): BrokerFaults;
  /** Brokers as those see them who consume their messages. */
  readonly source: BrokerSource;
}

/** Makes Amazon MQ: brokers of ActiveMQ and RabbitMQ, each a real program. */
export function createMq(env: ServiceEnvironment, dependencies: MqDependencies): MqService {
  const regions = new Regional(
    (account, region) => new MqRegion(account, region, env, dependencies),
  );
  return {
    signingName: 'mq',
    loadClient: (): MqApi => require('@aws-sdk/client-mq'),
    handlers: {
      ...brokerOperations(regions),
      ...catalogOperations(),
      ...configurationOperations(regions, env.clock),
      ...tagOperations(regions),
      ...userOperations(regions),
    },
    resourceProviders: mqResources(regions, env),
    resourceRights(arn) {
      const [, , , region = '', account = ''] = arn.split(':');
      const found = regions.in(account, region).findByArn(arn);
      return found && { account, policies: [], tags: found.tags };
    },
    source: brokerSource(regions),
    faults(name) {
      const all = regions.all().flatMap((region) => region.brokers());
      return brokerFaults(all, name, env.clock);
    },
    leaks: () =>
      regions.all().flatMap((region) => [
        ...region.brokers().map(({ arn }) => `Amazon MQ broker ${arn}`),
        ...region
          .configurations()
          .filter(({ automatic }) => !automatic)
          .map(({ arn }) => `Amazon MQ configuration ${arn}`),
      ]),
    stop: () => dependencies.engines.stop(),
  };
}
