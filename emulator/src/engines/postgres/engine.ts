import {
  asSuperuser,
  createMaster,
  createTenant,
  type DatabaseDefinition,
  dropTenant,
  limitTenant,
  type TenantLimits,
} from './administration';
import {
  certificateHosts,
  PostgresServer,
  reservedConnections,
  type ServerCertificate,
  type ServerSettings,
  serverHost,
} from './server';
import { announcedServer, type SharedServer } from './shared-server';

/**
 * Whether a database has a server to itself (`own`), or takes a place on the one that the test run shares
 * (`shared`) if there is one and the names of its user and database are free there.
 */
export type PostgresMode = 'own' | 'shared';

/** How an engine is made. */
export interface PostgresEngineOptions {
  /** Issues the server's certificate, from the CA that clients trust. */
  issueCertificate(hosts: readonly string[]): Promise<ServerCertificate>;
  /**
   * Where databases live.
   *
   * A shared server saves 0.1 s a database, but cannot be stopped, killed or exhausted.
   * @default 'own'
   */
  readonly mode?: PostgresMode;
}

/** What a database is made with. */
export interface ProvisionRequest extends ServerSettings {
  /** The user who owns it. */
  readonly username: string;
  readonly password: string;
  /** @default 'postgres' */
  readonly databaseName?: string;
}

/** A running PostgreSQL database. */
export interface PostgresDatabase {
  readonly host: string;
  readonly port: number;
  /** Says whether it can be stopped, killed and restarted. @throws Error if not, on a shared server. */
  assertStoppable(): void;
  /** Ends all sessions and shuts the server down in order; connections are refused. @throws Error on a shared server. */
  stop(): Promise<void>;
  /** Starts the server again, on the same port and data. */
  start(): Promise<void>;
  /** Kills the server with SIGKILL; it stays down until `start`. @throws Error on a shared server. */
  kill(): Promise<void>;
  /** Stops it and starts it with other settings. @throws Error on a shared server. */
  restart(settings?: ServerSettings): Promise<void>;
  /** Removes it with all its data. */
  drop(): Promise<void>;
}

/** Makes PostgreSQL databases, and ends them all when the emulator stops. */
export class PostgresEngine {
  private readonly databases = new Set<PostgresDatabase>();
  private certificate: Promise<ServerCertificate> | undefined;
  private stopped = false;

  constructor(private readonly options: PostgresEngineOptions) {}

  get mode(): PostgresMode {
    return this.options.mode ?? 'own';
  }

  /**
   * Makes a database and its user, and starts a server for it unless it is shared.
   *
   * @throws Error if no PostgreSQL can be found or started.
   */
  async provision(request: ProvisionRequest): Promise<PostgresDatabase> {
    if (this.stopped) throw new Error('the PostgreSQL engine has been stopped');
    const made =
      (this.mode === 'shared' ? await this.onSharedServer(request) : undefined) ??
      (await this.onOwnServer(request));
    const database: PostgresDatabase = {
      ...made,
      drop: async () => {
        this.databases.delete(database);
        await made.drop();
      },
    };
    this.databases.add(database);
    if (this.stopped) await database.drop();
    return database;
  }

  /** Databases that have not been dropped. */
  get count(): number {
    return this.databases.size;
  }

  /** Drops all databases. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.databases].map((database) => database.drop()));
  }

  private async onOwnServer(request: ProvisionRequest): Promise<PostgresDatabase> {
    this.certificate ??= this.options.issueCertificate(certificateHosts);
    const server = await PostgresServer.create(await this.certificate, request);
    try {
      await asSuperuser(server, (client) => createMaster(client, definitionOf(request)));
    } catch (error) {
      await server.remove();
      throw error;
    }
    const mayStop = this.mode === 'own';
    return {
      host: server.host,
      port: server.port,
      assertStoppable: () => {
        if (!mayStop) throw sharedServerRefusal('stopped');
      },
      stop: () => (mayStop ? server.stop() : refuse('stopped')),
      start: () => server.start(),
      kill: () => (mayStop ? server.kill() : refuse('killed')),
      restart: (settings) => (mayStop || settings ? server.restart(settings) : refuse('restarted')),
      drop: () => server.remove(),
    };
  }

  /** Undefined if there is no shared server, it has no room for the names, or the settings are not its own. */
  private async onSharedServer(request: ProvisionRequest): Promise<PostgresDatabase | undefined> {
    if (!shareable(request)) return undefined;
    const server = await announcedServer();
    if (!server) return undefined;
    const definition = definitionOf(request);
    const created = await asSuperuser(server, (client) =>
      createTenant(client, definition, limitsOf(request)),
    );
    return created ? tenant(server, definition) : undefined;
  }
}

/** Whether a server that others use too can honour the settings. */
function shareable({ parameters }: ServerSettings): boolean {
  return Object.keys(parameters).length === 0;
}

/** As many connections as the user of a server of its own would get. */
function limitsOf({ maxConnections, forceSsl }: ServerSettings): TenantLimits {
  return { connections: maxConnections - reservedConnections, forceSsl };
}

function tenant(server: SharedServer, definition: DatabaseDefinition): PostgresDatabase {
  return {
    host: serverHost,
    port: server.port,
    assertStoppable: () => {
      throw sharedServerRefusal('stopped');
    },
    stop: () => refuse('stopped'),
    start: () => Promise.resolve(),
    kill: () => refuse('killed'),
    restart: (settings) => {
      if (!settings || !shareable(settings)) return refuse('restarted');
      return asSuperuser(server, (client) => limitTenant(client, definition, limitsOf(settings)));
    },
    drop: () => asSuperuser(server, (client) => dropTenant(client, definition)),
  };
}

function refuse(what: string): Promise<never> {
  return Promise.reject(sharedServerRefusal(what));
}

/** Also for a database that found no room on the shared server, so that a test does not pass by chance. */
function sharedServerRefusal(what: string): Error {
  return new Error(
    `This database shares its PostgreSQL server with other tests, so it cannot be ${what}. Start the emulator with a ` +
      "server of its own: { databases: 'own' }.",
  );
}

function definitionOf(request: ProvisionRequest): DatabaseDefinition {
  const { databaseName: database = 'postgres', username, password } = request;
  return { database, username, password };
}
