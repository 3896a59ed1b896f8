import type { Clock, Timer } from '../../clock/clock';
import type { PostgresDatabase, ServerSettings } from '../../engines/postgres';

/** Statuses as RDS words them. */
export type DatabaseStatus =
  | 'available'
  | 'stopping'
  | 'stopped'
  | 'starting'
  | 'rebooting'
  | 'failed';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html: at most seven days. */
const stoppedAtMost = 7 * 86_400_000;

/**
 * The server behind an instance or a cluster, with its status.
 *
 * Stopping and starting take real time, during which a manual clock stands still; no emulated time is added.
 */
export class DatabaseServer {
  private current: DatabaseStatus = 'available';
  private restart: Timer | undefined;

  constructor(
    private readonly label: string,
    private readonly clock: Clock,
    private readonly database: PostgresDatabase,
    private settings: ServerSettings,
  ) {}

  get host(): string {
    return this.database.host;
  }

  get port(): number {
    return this.database.port;
  }

  get status(): DatabaseStatus {
    return this.current;
  }

  /** When a stopped database starts by itself, in emulated time. */
  get automaticRestart(): number | undefined {
    return this.restart?.due;
  }

  /** Begins to stop it. @throws Error on a shared server. */
  stop(): void {
    this.database.assertStoppable();
    this.change('stopping', 'stopped', async () => {
      await this.database.stop();
      this.restart = this.clock.after(stoppedAtMost, `automatic start of ${this.label}`, () => {
        if (this.current === 'stopped') this.start();
      });
    });
  }

  /** Begins to start it. */
  start(): void {
    this.restart?.cancel();
    this.restart = undefined;
    this.change('starting', 'available', () => this.database.start());
  }

  /** Begins to restart it. @throws Error on a shared server. */
  reboot(): void {
    this.database.assertStoppable();
    this.change('rebooting', 'available', () => this.database.restart(this.settings));
  }

  /** Gives it other settings, by a restart if they differ from what it runs with. */
  async reconfigure(settings: ServerSettings): Promise<void> {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.settings = settings;
    await this.clock.work(`settings of ${this.label}`, () => this.database.restart(settings));
  }

  /**
   * A failure of the server itself: RDS's status stays as it is.
   *
   * @throws Error on a shared server.
   */
  fault(what: 'stop' | 'start' | 'kill'): Promise<void> {
    return this.clock.work(`${what} of ${this.label}`, () => this.database[what]());
  }

  async drop(): Promise<void> {
    this.restart?.cancel();
    await this.clock.work(`deletion of ${this.label}`, () => this.database.drop());
  }

  private change(during: DatabaseStatus, after: DatabaseStatus, act: () => Promise<void>): void {
    this.current = during;
    this.clock
      .work(`${during} ${this.label}`, act)
      .then(() => {
        this.current = after;
      })
      .catch(() => {
        this.current = 'failed';
      });
  }
}
