import { ActiveMqEngine, type ActiveMqEngineOptions } from './engines/activemq';
import type { BrokerEngines } from './services/mq';

/** The programs that brokers of Amazon MQ are run with. */
export function brokerEngines(options: ActiveMqEngineOptions): BrokerEngines {
  const activeMq = new ActiveMqEngine(options);
  return {
    async start({ engine, members, ...request }) {
      if (engine === 'RABBITMQ') throw new Error('There is no engine for RabbitMQ');
      return activeMq.provision({ ...request, members: members === 1 ? 1 : 2 });
    },
    stop: () => activeMq.stop(),
  };
}
