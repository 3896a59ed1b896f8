import { request } from 'node:https';
import type { MemberStatistics } from '../brokers/statistics';

/** Where a node's management API is, and as whom it is asked. */
export interface ManagementAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** PEM of the authority behind its certificate. */
  readonly authority: string;
}

/**
 * Reads what Amazon MQ publishes of a broker from its management API. What that tells is up to a second old.
 *
 * @returns undefined where the user may not ask, whose password is the broker's own affair
 * @throws Error if it does not answer.
 */
export async function readStatistics(
  access: ManagementAccess,
): Promise<MemberStatistics | undefined> {
  const overview = await get(access, '/api/overview');
  const nodes = await get(access, '/api/nodes');
  if (overview === undefined || !Array.isArray(nodes)) return undefined;
  const { message_stats: rates, object_totals: objects, queue_totals: messages } = Object(overview);
  const [node] = nodes;
  return {
    process: numbers(node, {
      RabbitMQDiskFree: 'disk_free',
      RabbitMQDiskFreeLimit: 'disk_free_limit',
      RabbitMQFdUsed: 'fd_used',
      RabbitMQMemLimit: 'mem_limit',
      RabbitMQMemUsed: 'mem_used',
    }),
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

function get({ authority, password, url, username }: ManagementAccess, path: string) {
  return new Promise<unknown>((resolve, reject) => {
    const call = request(
      `${url}${path}`,
      { agent: false, auth: `${username}:${password}`, ca: authority },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve(response.statusCode === 200 ? JSON.parse(text) : undefined),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end();
  });
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
