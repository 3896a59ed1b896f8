import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { ArrangedMembers, Arrangement } from './arrangement';
import type { BrokerMember } from './member';
import type { BrokerSettings } from './settings';

/** What a broker is made with. */
export interface BrokerOptions {
  readonly name: string;
  /** How many processes it has. */
  readonly members: number;
  readonly arrangement: Arrangement;
  /** Its own directory, removed when it is. */
  readonly directory: string;
  /** Where messages are kept: for a pair, the directory that stands for the file system that both mount; for a cluster, that of all volumes. */
  readonly store: string;
  /** Who has locked these files has the store. @default - nothing arbitrates: there is one member */
  readonly lockFiles?: readonly string[];
  /** Makes a member. @param onState - to be called when its state has changed */
  createMember(index: number, onState: () => void): BrokerMember;
  /** Called when it has been ended. */
  onRemoved(): void;
}

/** The programs that a broker consists of. It keeps its endpoints and its messages as long as it exists. */
export class BrokerProcesses {
  readonly members: readonly BrokerMember[];
  /** Members that may not be started: their zone is lost. */
  private readonly unreachable = new Set<BrokerMember>();
  /** Members that are frozen and whose lock has been taken from them. */
  private readonly isolated = new Set<BrokerMember>();
  private removed = false;
  /** Starts and stops one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly options: BrokerOptions,
    private settings: BrokerSettings,
  ) {
    mkdirSync(options.store, { recursive: true, mode: 0o700 });
    this.members = Array.from({ length: options.members }, (_, index) =>
      options.createMember(index, () => this.changed()),
    );
  }

  /** The member that serves clients, of several the first; undefined while none does. */
  get active(): BrokerMember | undefined {
    return this.members.find((member) => member.state === 'active' && !this.isolated.has(member));
  }

  /** Where clients connect to, the same over all restarts: one list for each address that Amazon MQ tells of. */
  endpoints(): string[][] {
    return this.options.arrangement.endpoints(this.members);
  }

  /** Where the web console of each of these addresses is, the same over all restarts; none if the engine has none. */
  consoleUrls(): string[] {
    return this.options.arrangement.consoleUrls(this.members);
  }

  /** Starts whatever does not run and may. */
  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  /** Resolves with the member that serves clients once there is one. @throws Error if no member runs that could. */
  async whenActive(): Promise<BrokerMember> {
    for (;;) {
      const { active } = this;
      if (active) return active;
      if (this.members.every(({ state }) => state === 'stopped'))
        throw new Error(`no member of broker ${this.options.name} runs`);
      await new Promise<void>((resolve) => {
        const end = this.onChange(() => {
          end();
          resolve();
        });
      });
    }
  }

  /** Calls `listener` whenever a member has changed its state. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Restarts it with other settings. */
  reboot(settings: BrokerSettings = this.settings): Promise<void> {
    return this.inTurn(async () => {
      this.settings = settings;
      const members = this.members.filter((member) => !this.isolated.has(member));
      await this.options.arrangement.restart({ ...this.arranged, members });
    });
  }

  /** Kills a member with SIGKILL; it stays down until {@link start}. @default - the active one */
  kill(member: BrokerMember | undefined = this.active): Promise<void> {
    return this.inTurn(async () => member?.kill());
  }

  /** Kills a member, and keeps it from being started until {@link restoreMember}. */
  loseMember(member: BrokerMember): Promise<void> {
    return this.inTurn(async () => {
      this.unreachable.add(member);
      await member.kill();
    });
  }

  /** Lets a member that was lost be started, and starts it. */
  restoreMember(member: BrokerMember): Promise<void> {
    return this.inTurn(async () => {
      this.unreachable.delete(member);
      await this.startNow();
    });
  }

  /** Freezes a member: nothing reaches it, and it keeps its lock. @default - the active one */
  cutNetwork(member: BrokerMember | undefined = this.active): Promise<void> {
    return this.inTurn(async () => member?.freeze());
  }

  /**
   * Freezes a member and takes its lock from it, so that another serves. It never goes on: it could still write to a
   * store that is no longer its own.
   *
   * @default - the active one
   * @throws Error if there is no other that could serve.
   */
  isolate(member: BrokerMember | undefined = this.active): Promise<void> {
    const { lockFiles, name } = this.options;
    return this.inTurn(async () => {
      if (!lockFiles || this.members.length === 1)
        throw new Error(
          `broker ${name} is no pair, of which one member could be isolated from the store`,
        );
      if (!member || this.isolated.has(member)) return;
      member.freeze();
      this.isolated.add(member);
      // The kernel leaves a frozen process its locks: they are those of files that are no longer there.
      if (member.state === 'active') for (const file of lockFiles) rmSync(file, { force: true });
      this.changed();
    });
  }

  /** Lets frozen members go on; those that were isolated are ended, and started again. */
  restoreNetwork(): Promise<void> {
    return this.inTurn(async () => {
      for (const member of this.members) {
        if (!this.isolated.has(member)) {
          member.thaw();
          continue;
        }
        await member.kill();
        this.isolated.delete(member);
        await this.startMember(member);
      }
    });
  }

  /** Takes the store away: no member can go on or start until {@link restoreStorage}. */
  loseStorage(): Promise<void> {
    return this.inTurn(async () => {
      if (existsSync(this.lostStore)) return;
      await Promise.all(this.members.map((member) => member.kill()));
      renameSync(this.options.store, this.lostStore);
    });
  }

  /** Gives the store back as it was, and starts the members. */
  restoreStorage(): Promise<void> {
    return this.inTurn(async () => {
      if (existsSync(this.lostStore)) renameSync(this.lostStore, this.options.store);
      await this.startNow();
    });
  }

  /** Ends it for good; messages stay in the store. */
  remove(): Promise<void> {
    this.removed = true;
    return this.inTurn(async () => {
      await this.options.arrangement.end(this.arranged);
      this.options.onRemoved();
      rmSync(this.options.directory, { recursive: true, force: true, maxRetries: 5 });
      if (existsSync(this.lostStore)) renameSync(this.lostStore, this.options.store);
    });
  }

  private get lostStore(): string {
    return `${this.options.store}.lost`;
  }

  private startNow(): Promise<void> {
    return this.options.arrangement.start(this.arranged);
  }

  private get arranged(): ArrangedMembers {
    const { active, members } = this;
    return {
      active,
      members,
      startMember: (member) => this.startMember(member),
      whenActive: () => this.whenActive(),
    };
  }

  private async startMember(member: BrokerMember): Promise<void> {
    if (this.removed || this.unreachable.has(member) || this.isolated.has(member)) return;
    if (existsSync(this.lostStore)) return;
    await member.start(this.settings);
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.last.then(step);
    this.last = done.catch(() => undefined);
    return done;
  }
}
