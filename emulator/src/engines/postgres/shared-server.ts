import { type AdministrationAddress, asSuperuser } from './administration';
import { PostgresServer, type ServerCertificate } from './server';

/** The environment variable by which a test run tells its test files of the server that they share. */
export const sharedServerVariable = 'CDK_DECOUPLE_POSTGRES_SHARED';

/** A server that several processes use at once. */
export interface SharedServer extends AdministrationAddress {
  readonly host: string;
}

/** Connections of all databases of a shared server together. */
const sharedConnections = 400;

/**
 * Starts a server for a whole test run and announces it in {@link sharedServerVariable}, which processes
 * started from now on inherit.
 *
 * @returns the function that ends it and takes the announcement back.
 */
export async function startSharedServer(
  certificate: ServerCertificate,
): Promise<() => Promise<void>> {
  const server = await PostgresServer.create(certificate, {
    maxConnections: sharedConnections,
    // Each user's own affair.
    forceSsl: false,
    parameters: {},
  });
  const { host, port, socketDirectory } = server;
  process.env[sharedServerVariable] = JSON.stringify({ host, port, socketDirectory });
  return async () => {
    delete process.env[sharedServerVariable];
    await server.remove();
  };
}

/** The announced server; undefined if there is none, or if it has gone since. */
export async function announcedServer(): Promise<SharedServer | undefined> {
  const announcement = process.env[sharedServerVariable];
  if (!announcement) return undefined;
  const server = JSON.parse(announcement) as SharedServer;
  try {
    await asSuperuser(server, (client) => client.query('SELECT 1'));
    return server;
  } catch {
    return undefined;
  }
}

/** Whether a shared server has been announced and answers. */
export async function sharedServerIsThere(): Promise<boolean> {
  return (await announcedServer()) !== undefined;
}
