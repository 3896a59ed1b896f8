import { type Connection, create_container } from 'rhea';

/** Whom a broker lets in, and how the broker is known. */
export interface BrokerLogin {
  /** `amqp+ssl://…` of every member: only the active one answers. */
  readonly endpoints: readonly string[];
  readonly username: string;
  readonly password: string;
  /** PEM of the authority behind the certificates of the members. */
  readonly ca: string;
}

/** How long a client waits between tries, in milliseconds. */
const retryDelay = { initial: 50, longest: 200 };

/** A connection that goes from one member to the next until one answers, and again when it is lost. */
export function connectToAny({ ca, endpoints, password, username }: BrokerLogin): Connection {
  let attempt = 0;
  const next = () => {
    const { hostname: host, port } = new URL(endpoints[attempt++ % endpoints.length] ?? '');
    return { host, port: Number(port), transport: 'tls' as const, ca, options: { ca } };
  };
  const connection = create_container().connect({
    ...next(),
    connection_details: next,
    reconnect: true,
    initial_reconnect_delay: retryDelay.initial,
    max_reconnect_delay: retryDelay.longest,
    username,
    password,
  });
  // Of members that do not answer: the next one is tried.
  connection.on('connection_error', () => undefined);
  connection.on('disconnected', () => undefined);
  return connection;
}

/** Closes a connection for good, also one that is just being tried again, and resolves when it is. */
export async function close(connection: Connection): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    connection.once('connection_close', () => resolve());
    connection.once('disconnected', () => resolve());
  });
  connection.options.reconnect = false;
  connection.close();
  await closed;
}
