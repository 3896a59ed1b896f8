import { ActiveMqEngine, type ActiveMqEngineOptions } from './engines/activemq';
import { MemoryDirectory } from './engines/processes/memory-directory';
import type { MqDependencies } from './services/mq';

/** What brokers of Amazon MQ run on: programs, and a place for their messages. */
export function brokerEngines(
  options: ActiveMqEngineOptions,
  storageDirectory: string | undefined,
): Pick<MqDependencies, 'engines' | 'storageDirectory'> {
  const activeMq = new ActiveMqEngine(options);
  const memory = new MemoryDirectory('brokers');
  return {
    engines: {
      async start({ engine, members, ...request }) {
        if (engine === 'RABBITMQ') throw new Error('There is no engine for RabbitMQ');
        return activeMq.provision({ ...request, members: members === 1 ? 1 : 2 });
      },
      async stop() {
        await activeMq.stop();
        await memory.remove();
      },
    },
    storageDirectory: async () => storageDirectory ?? memory.path(),
  };
}
