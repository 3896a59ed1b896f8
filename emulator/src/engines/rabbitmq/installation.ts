import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A RabbitMQ that runs here. */
export interface RabbitMqInstallation {
  /** The program that starts a node. */
  readonly server: string;
  /** Such as `3.10.8`; undefined where the installation does not say. */
  readonly version: string | undefined;
}

/** The environment variable that names the installation to use before all others that are found: the directory above `sbin`. */
export const homeVariable = 'RABBITMQ_HOME';

/**
 * Finds a RabbitMQ: at the path that is given, else where {@link homeVariable} says, else one that is installed on the system.
 *
 * @param home - an installation to use, and no other
 * @throws Error naming the places that were looked at, and what to do.
 */
export function findRabbitMq(home?: string): RabbitMqInstallation {
  const named = home ?? process.env[homeVariable];
  const candidates = named
    ? [join(named, 'sbin', 'rabbitmq-server'), join(named, 'bin', 'rabbitmq-server')]
    : [
        // Not /usr/sbin/rabbitmq-server, which changes to another user.
        '/usr/lib/rabbitmq/bin/rabbitmq-server',
        '/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server',
        '/usr/local/opt/rabbitmq/sbin/rabbitmq-server',
      ];
  const server = candidates.find(existsSync);
  if (server === undefined)
    throw new Error(
      'No RabbitMQ found to run brokers with. Install it from the packages of the system (`apt-get install --no-install-recommends ' +
        `rabbitmq-server\`, \`brew install rabbitmq\`), or name the directory of one in ${homeVariable}. Looked for: ${candidates.join(', ')}`,
    );
  return { server, version: versionOf(server) };
}

function versionOf(server: string): string | undefined {
  const lib = join(dirname(dirname(server)), 'lib');
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((name) => /^rabbitmq_server-(.+)$/.exec(name)?.[1])
    .find((version) => version !== undefined);
}
