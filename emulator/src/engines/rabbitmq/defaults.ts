import { callManagement, type ManagementAccess } from './management';

/** What decides how Amazon MQ sets up a new broker. */
export interface DefaultsRequest {
  /** Of Amazon MQ, such as `4.2`. */
  readonly engineVersion: string;
  readonly isCluster: boolean;
}

/**
 * Sets up a new broker as Amazon MQ does: queues of RabbitMQ 4 are quorum queues unless they are declared as others, those of a cluster of
 * RabbitMQ 3 are mirrored on all nodes.
 *
 * The virtual host is made anew, which is how versions before 3.11 take a default type for it.
 *
 * @throws Error if the broker does not take it.
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-4.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-defaults.html
 */
export async function applyDefaults(
  access: ManagementAccess,
  { engineVersion, isCluster }: DefaultsRequest,
): Promise<void> {
  if (!engineVersion.startsWith('3.')) {
    const type = { default_queue_type: 'quorum' };
    await call(access, 'DELETE', '/api/vhosts/%2F');
    await call(access, 'POST', '/api/definitions', {
      vhosts: [{ name: '/', ...type, metadata: { description: '', tags: [], ...type } }],
      permissions: [
        { user: access.username, vhost: '/', configure: '.*', write: '.*', read: '.*' },
      ],
    });
  } else if (isCluster)
    await call(access, 'POST', '/api/definitions', {
      policies: [
        {
          vhost: '/',
          name: 'ha-all-AWS-OWNED-DO-NOT-DELETE',
          pattern: '.*',
          'apply-to': 'all',
          priority: 0,
          definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic' },
        },
      ],
    });
}

async function call(
  access: ManagementAccess,
  method: 'DELETE' | 'POST',
  path: string,
  body?: unknown,
): Promise<void> {
  const { status, text } = await callManagement(access, method, path, body);
  if (status >= 300)
    throw new Error(`RabbitMQ answered ${method} ${path} with status ${status}: ${text}`);
}
