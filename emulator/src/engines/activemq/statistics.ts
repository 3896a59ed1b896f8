import { existsSync, readdirSync } from 'node:fs';
import type {
  DestinationCount,
  DestinationStatistics,
  MemberStatistics,
} from '../brokers/statistics';
import { readBeans } from './jolokia';
import type { ProcessorUse } from './processor-use';

const brokerAttributes = {
  CurrentConnectionsCount: 'CurrentConnectionsCount',
  EstablishedConnectionsCount: 'TotalConnectionsCount',
  JobSchedulerStorePercentUsage: 'JobSchedulerStorePercentUsage',
  StorePercentUsage: 'StorePercentUsage',
  TempPercentUsage: 'TempPercentUsage',
  TotalConsumerCount: 'TotalConsumerCount',
  TotalDequeueCount: 'TotalDequeueCount',
  TotalEnqueueCount: 'TotalEnqueueCount',
  TotalMessageCount: 'TotalMessageCount',
  TotalProducerCount: 'TotalProducerCount',
} as const;

const destinationAttributes = [
  'AverageEnqueueTime',
  'ConsumerCount',
  'DequeueCount',
  'DispatchCount',
  'EnqueueCount',
  'ExpiredCount',
  'InFlightCount',
  'MemoryPercentUsage',
  'ProducerCount',
  'QueueSize',
] as const satisfies readonly DestinationCount[];

/**
 * Reads what Amazon MQ publishes of a member from the beans in it.
 *
 * @param url - of Jolokia
 * @param store - directory of its journal
 * @param processorUse - of its JVM, as far as it is known
 * @throws Error if it does not answer.
 */
export async function readStatistics(
  url: string,
  brokerName: string,
  store: string,
  processorUse: ProcessorUse,
): Promise<MemberStatistics> {
  const broker = `org.apache.activemq:type=Broker,brokerName=${brokerName}`;
  const [heap, system, uptime, values, inactive, queues, topics] = await readBeans(url, [
    { mbean: 'java.lang:type=Memory', attribute: 'HeapMemoryUsage' },
    {
      mbean: 'java.lang:type=OperatingSystem',
      attribute: ['AvailableProcessors', 'ProcessCpuTime'],
    },
    { mbean: 'java.lang:type=Runtime', attribute: 'Uptime' },
    { mbean: broker, attribute: Object.values(brokerAttributes) },
    { mbean: broker, attribute: 'InactiveDurableTopicSubscribers' },
    destinationQuery(broker, 'Queue'),
    destinationQuery(broker, 'Topic'),
  ]);
  const { max, used } = numbers(heap);
  const { AvailableProcessors: processors = 1, ProcessCpuTime: cpuTime = 0 } = numbers(system);
  return {
    process: {
      CpuUtilization: processorUse.at({ cpuTime, processors, uptime: Number(uptime) }),
      HeapUsage: max === undefined || used === undefined ? 0 : (used / max) * 100,
    },
    broker:
      values === undefined
        ? {}
        : { ...brokerValues(numbers(values), inactive), ...journalFiles(store) },
    destinations: [...destinations('Queue', queues), ...destinations('Topic', topics)],
  };
}

function destinationQuery(broker: string, kind: 'Queue' | 'Topic') {
  return {
    mbean: `${broker},destinationType=${kind},destinationName=*`,
    attribute: destinationAttributes,
  };
}

function brokerValues(
  values: Readonly<Record<string, number>>,
  inactive: unknown,
): Record<string, number> {
  const named = Object.entries(brokerAttributes).map(([metric, attribute]) => [
    metric,
    values[attribute] ?? 0,
  ]);
  return {
    ...Object.fromEntries(named),
    InactiveDurableTopicSubscribersCount: Array.isArray(inactive) ? inactive.length : 0,
  };
}

/** After a clean end only the latest file of the journal is read, after any other all of them. */
function journalFiles(store: string): Record<string, number> {
  const files = existsSync(store)
    ? readdirSync(store).filter((name) => /^db-\d+\.log$/.test(name))
    : [];
  return {
    JournalFilesForFastRecovery: Math.min(1, files.length),
    JournalFilesForFullRecovery: files.length,
  };
}

function* destinations(kind: 'Queue' | 'Topic', beans: unknown): Iterable<DestinationStatistics> {
  for (const [bean, attributes] of Object.entries(Object(beans))) {
    const name = /destinationName=([^,]+)/.exec(bean)?.[1];
    // Advisories are the broker's own, and Amazon MQ does not publish them.
    if (name === undefined || name.startsWith('ActiveMQ.Advisory')) continue;
    const found = numbers(attributes);
    const value = (attribute: DestinationCount) => found[attribute] ?? 0;
    yield {
      kind,
      name,
      values: {
        AverageEnqueueTime: value('AverageEnqueueTime'),
        ConsumerCount: value('ConsumerCount'),
        DequeueCount: value('DequeueCount'),
        DispatchCount: value('DispatchCount'),
        EnqueueCount: value('EnqueueCount'),
        ExpiredCount: value('ExpiredCount'),
        InFlightCount: value('InFlightCount'),
        MemoryPercentUsage: value('MemoryPercentUsage'),
        ProducerCount: value('ProducerCount'),
        QueueSize: value('QueueSize'),
      },
    };
  }
}

function numbers(value: unknown): Readonly<Record<string, number>> {
  const entries = Object.entries(Object(value)).map(([name, item]) => [name, Number(item)]);
  return Object.fromEntries(entries);
}
