import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDelay, withDeadline } from '../processes/deadline';
import { findFreePort } from '../processes/free-port';
import { SupervisedProcess } from '../processes/supervised-process';
import { type UserIds, unprivilegedUser } from '../processes/unprivileged-user';
import { findPostgres, type PostgresBinaries } from './binaries';
import { copyTemplate, dataTemplate, superuser, tlsRequiredRole } from './data-template';
import { makeServerDirectory, removeDirectory, sweepServerDirectories } from './work-directory';

/** A certificate and its private key, both PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What a server runs with. */
export interface ServerSettings {
  /** As on RDS, 3 of them are kept back for the superuser. */
  readonly maxConnections: number;
  /** Whether connections without TLS are turned away, as `rds.force_ssl` does. */
  readonly forceSsl: boolean;
  /** Further settings of postgresql.conf by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The address of every server. */
export const serverHost = '127.0.0.1';

/**
 * Loopback addresses from which connections may be handed on to a server, TLS and all, as a proxy does. Certificates
 * cannot name a range, so they are few.
 */
export const relayHosts: readonly string[] = Array.from(
  { length: 62 },
  (_, index) => `127.0.0.${index + 2}`,
);

/** Names and addresses that a server's certificate has to carry. */
export const certificateHosts = ['localhost', serverHost, '::1', ...relayHosts];

const readyLine = 'database system is ready to accept connections';
/** Generous: a machine under load takes seconds to recover what takes it 50 ms otherwise. */
const startLimit = 60_000;
const stopLimit = 30_000;

let prepared: Promise<{ binaries: PostgresBinaries; template: string }> | undefined;

/** Finds the binaries and the template, and sweeps what others have left: once per process. */
function prepare(user: UserIds | undefined) {
  prepared ??= (async () => {
    const binaries = await findPostgres();
    sweepServerDirectories();
    return { binaries, template: await dataTemplate(binaries, user) };
  })();
  prepared.catch(() => {
    // The next server looks again: somebody may have installed one.
    prepared = undefined;
  });
  return prepared;
}

/** A PostgreSQL server of our own, with its own data directory. */
export class PostgresServer {
  readonly host = serverHost;
  /** Where the superuser connects, by a Unix socket that no other user of the machine can reach. */
  readonly socketDirectory: string;
  private process: SupervisedProcess | undefined;
  private listeningPort = 0;
  /** Starts and stops one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly directory: string,
    private readonly binaries: PostgresBinaries,
    private readonly user: UserIds | undefined,
    private settings: ServerSettings,
  ) {
    this.socketDirectory = this.data;
  }

  /** Makes a data directory and starts a server on it. Takes about 0.1 s, and 0.5 s more the first time on a machine. */
  static async create(
    certificate: ServerCertificate,
    settings: ServerSettings,
  ): Promise<PostgresServer> {
    const user = unprivilegedUser();
    const { binaries, template } = await prepare(user);
    const server = new PostgresServer(makeServerDirectory(user), binaries, user, settings);
    try {
      await copyTemplate(template, server.data, user);
      server.writeFile('server.crt', certificate.certificate);
      server.writeFile('server.key', certificate.key);
      await server.start();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** The same over all restarts. */
  get port(): number {
    return this.listeningPort;
  }

  get isRunning(): boolean {
    return this.process?.isRunning ?? false;
  }

  /** Process id of the postmaster while it runs. */
  get pid(): number | undefined {
    return this.isRunning ? this.process?.pid : undefined;
  }

  /** Starts it on its data, recovering where it was killed; does nothing if it runs. */
  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  /** Ends all sessions and shuts down in order; does nothing if it does not run. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end('SIGINT'));
  }

  /** Kills it with SIGKILL: sessions break off; what was committed is there after the next start. */
  kill(): Promise<void> {
    return this.inTurn(() => this.end('SIGKILL'));
  }

  /** Restarts it with other settings. */
  restart(settings: ServerSettings = this.settings): Promise<void> {
    return this.inTurn(async () => {
      await this.end('SIGINT');
      this.settings = settings;
      await this.startNow();
    });
  }

  /** Ends it and removes its data. */
  remove(): Promise<void> {
    return this.inTurn(async () => {
      await this.end('SIGQUIT');
      removeDirectory(this.directory);
    });
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.last.then(step);
    this.last = done.catch(() => undefined);
    return done;
  }

  private get data(): string {
    return join(this.directory, 'data');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    if (!running?.isRunning) return;
    running.signal(signal);
    await withDeadline(
      running.ended,
      stopLimit,
      () => `PostgreSQL (pid ${running.pid}) did not end on ${signal}:\n${running.output}`,
    );
  }

  private async startNow(): Promise<void> {
    if (this.isRunning) return;
    this.writeFile('pg_hba.conf', accessRules(this.settings.forceSsl));
    const attempt = async (): Promise<void> => {
      const fixedPort = this.listeningPort;
      const port = fixedPort || (await findFreePort(this.host));
      const started = await SupervisedProcess.start(
        this.binaries.postgres,
        ['-D', this.data, ...this.flags(port)],
        { user: this.user, orphanSignal: 'QUIT' },
      );
      this.process = started;
      if (await started.printed(readyLine)) {
        this.listeningPort = port;
        return;
      }
      await started.ended;
      const portTaken = started.output.includes('could not bind') && fixedPort === 0;
      // The children of a killed postmaster take a moment to notice its death.
      const dying = started.output.includes('still in use');
      if (!portTaken && !dying) throw new Error(`PostgreSQL did not start:\n${started.output}`);
      if (dying) await realDelay(20);
      return attempt();
    };
    await withDeadline(
      attempt(),
      startLimit,
      () => `PostgreSQL did not start within ${startLimit / 1000} s:\n${this.process?.output}`,
    );
  }

  private flags(port: number): string[] {
    const { maxConnections, parameters } = this.settings;
    const values: Record<string, string> = {
      ...parameters,
      listen_addresses: this.host,
      port: String(port),
      unix_socket_directories: this.socketDirectory,
      max_connections: String(maxConnections),
      superuser_reserved_connections: String(reservedConnections),
      shared_buffers: '32MB',
      // A killed process loses nothing without it; only a machine that loses power does.
      fsync: 'off',
      full_page_writes: 'off',
      max_wal_size: '256MB',
      ssl: 'on',
      ssl_cert_file: 'server.crt',
      ssl_key_file: 'server.key',
      logging_collector: 'off',
      log_destination: 'stderr',
      // Ready only when it says so.
      log_min_messages: 'log',
      lc_messages: 'C',
      timezone: parameters.timezone ?? 'UTC',
    };
    return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  }

  private writeFile(name: string, content: string): void {
    const path = join(this.data, name);
    writeFileSync(path, content, { mode: 0o600 });
    if (this.user) chownSync(path, this.user.uid, this.user.gid);
  }
}

/**
 * Who may connect how. Only the socket, which lies in a directory of mode 0700, lets the superuser in.
 *
 * https://www.postgresql.org/docs/current/auth-pg-hba-conf.html: `+` stands for the members of a role.
 */
function accessRules(forceSsl: boolean): string {
  return `local all ${superuser} trust
host all ${superuser} all reject
hostnossl all +${tlsRequiredRole} all reject
${forceSsl ? 'hostssl' : 'host'} all all 127.0.0.1/32 scram-sha-256
`;
}

/** Connections of `max_connections` that only the superuser gets (PostgreSQL's default, which RDS keeps). */
export const reservedConnections = 3;
