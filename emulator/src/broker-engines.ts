import { ActiveMqEngine, type ActiveMqEngineOptions } from './engines/activemq';
import { RabbitMqEngine, type RabbitMqEngineOptions } from './engines/rabbitmq';
import type { MqDependencies } from './services/mq';
import { StorageDirectory } from './storage-directory';

/** What brokers of Amazon MQ run on: programs, and a place for their messages. */
export function brokerEngines(options: {
  readonly activeMq: ActiveMqEngineOptions;
  readonly rabbitMq: RabbitMqEngineOptions;
  readonly storageDirectory: string | undefined;
}): Pick<MqDependencies, 'engines' | 'storageDirectory'> {
  const activeMq = new ActiveMqEngine(options.activeMq);
  const rabbitMq = new RabbitMqEngine(options.rabbitMq);
  const storage = new StorageDirectory(options.storageDirectory, 'brokers');
  return {
    engines: {
      async start({ engine, engineVersion, members, ...request }) {
        if (engine === 'RABBITMQ')
          return rabbitMq.provision({ ...request, engineVersion, members });
        return activeMq.provision({ ...request, members: members === 1 ? 1 : 2 });
      },
      async stop() {
        await Promise.all([activeMq.stop(), rabbitMq.stop()]);
        await storage.remove();
      },
    },
    storageDirectory: () => storage.path(),
  };
}
