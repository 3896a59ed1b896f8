import type { MemberStatistics } from '../brokers/statistics';
import { callManagement, type ManagementAccess } from './management';

/**
 * Reads what Amazon MQ publishes of a broker, and of one of its nodes, from the management API. What that tells is up to a second old, of a node's memory five, of its disk ten.
 *
 * @param name - of the node, such as `rabbit@localhost`
 * @returns undefined where the user may not ask, whose password is the broker's own affair
 * @throws Error if it does not answer.
 */
export async function readStatistics(
  access: ManagementAccess,
  name: string,
): Promise<MemberStatistics | undefined> {
  const overview = await get(access, '/api/overview');
  const nodes = await get(access, '/api/nodes');
  if (overview === undefined || !Array.isArray(nodes)) return undefined;
  const { message_stats: rates, object_totals: objects, queue_totals: messages } = Object(overview);
  return {
    node: name,
    process: numbers(
      nodes.find((node) => Object(node).name === name),
      {
        RabbitMQDiskFree: 'disk_free',
        RabbitMQDiskFreeLimit: 'disk_free_limit',
        RabbitMQFdUsed: 'fd_used',
        RabbitMQMemLimit: 'mem_limit',
        RabbitMQMemUsed: 'mem_used',
      },
    ),
    broker: {
      ...numbers(objects, {
        ChannelCount: 'channels',
        ConnectionCount: 'connections',
        ConsumerCount: 'consumers',
        ExchangeCount: 'exchanges',
        QueueCount: 'queues',
      }),
      ...numbers(messages, {
        MessageCount: 'messages',
        MessageReadyCount: 'messages_ready',
        MessageUnacknowledgedCount: 'messages_unacknowledged',
      }),
      AckRate: rateOf(rates, 'ack'),
      ConfirmRate: rateOf(rates, 'confirm'),
      PublishRate: rateOf(rates, 'publish'),
    },
    destinations: [],
  };
}

async function get(access: ManagementAccess, path: string): Promise<unknown> {
  const { status, text } = await callManagement(access, 'GET', path);
  return status === 200 ? JSON.parse(text) : undefined;
}

/** Metrics by the names of RabbitMQ's own numbers, as far as there are any yet. */
function numbers(source: unknown, names: Readonly<Record<string, string>>): Record<string, number> {
  const found: Record<string, unknown> = Object(source);
  return Object.fromEntries(
    Object.entries(names)
      .filter(([, name]) => found[name] !== undefined)
      .map(([metric, name]) => [metric, Number(found[name])]),
  );
}

function rateOf(stats: unknown, what: string): number {
  return Number(Object(Object(stats)[`${what}_details`]).rate ?? 0);
}
