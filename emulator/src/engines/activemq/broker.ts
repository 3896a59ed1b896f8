import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LogKind } from './log';
import { ActiveMqMember, type MemberOptions } from './member';
import type { ActiveMqSettings } from './settings';

/** What a broker is made with. */
export interface BrokerOptions extends Omit<MemberOptions, 'onLog' | 'onState' | 'place'> {
  readonly brokerName: string;
  /** 2 for an active and a standby one on the same store. */
  readonly members: 1 | 2;
  /** Where messages are kept: for a pair, the directory that stands for the file system that both mount. */
  readonly store: string;
  readonly keyStorePassword: string;
  readonly managementToken: string;
  /** Called when it has been ended. */
  readonly onRemoved: () => void;
  /** Called with what each member logs; the first member is 0. */
  readonly onLog: (member: number, kind: LogKind, message: string) => void;
}

/**
 * One ActiveMQ, or a pair of which one serves and the other waits for the lock on their common store.
 *
 * It keeps its endpoints and its messages as long as it exists.
 */
export class ActiveMqBroker {
  readonly members: readonly ActiveMqMember[];
  /** Members that may not be started: their zone is lost. */
  private readonly unreachable = new Set<ActiveMqMember>();
  private removed = false;
  /** Starts and stops one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly options: BrokerOptions,
    private settings: ActiveMqSettings,
  ) {
    const { brokerName, directory, keyStorePassword, managementToken, members, store } = options;
    mkdirSync(store, { recursive: true, mode: 0o700 });
    this.members = Array.from({ length: members }, (_, index) => {
      const place = { brokerName, keyStorePassword, managementToken, store };
      return new ActiveMqMember({
        ...options,
        place,
        directory: join(directory, String(index + 1)),
        onLog: (kind, message) => options.onLog(index, kind, message),
        onState: () => this.changed(),
      });
    });
  }

  /** The member that serves clients; undefined while none does. */
  get active(): ActiveMqMember | undefined {
    return this.members.find(({ state }) => state === 'active');
  }

  /** Starts whatever does not run and may. The first to start serves. */
  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  /** Resolves with the member that serves clients once there is one. @throws Error if no member runs that could. */
  async whenActive(): Promise<ActiveMqMember> {
    for (;;) {
      const { active } = this;
      if (active) return active;
      if (this.members.every(({ state }) => state === 'stopped'))
        throw new Error(`no member of broker ${this.options.brokerName} runs`);
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
      });
    }
  }

  /**
   * Restarts it with other settings. Of a pair the standby goes first, so that clients see one failover.
   */
  reboot(settings: ActiveMqSettings = this.settings): Promise<void> {
    return this.inTurn(async () => {
      this.settings = settings;
      const { active } = this;
      const others = this.members.filter((member) => member !== active);
      for (const member of others) {
        await member.stop();
        await this.startMember(member);
      }
      if (!active) return;
      await active.stop();
      if (others.some(({ state }) => state === 'standby')) await this.whenActive();
      await this.startMember(active);
    });
  }

  /** Kills a member with SIGKILL; it stays down until {@link start}. @default - the active one */
  kill(member: ActiveMqMember | undefined = this.active): Promise<void> {
    return this.inTurn(async () => member?.kill());
  }

  /** Kills a member, and keeps it from being started until {@link restoreMember}. */
  loseMember(member: ActiveMqMember): Promise<void> {
    return this.inTurn(async () => {
      this.unreachable.add(member);
      await member.kill();
    });
  }

  /** Lets a member that was lost be started, and starts it. */
  restoreMember(member: ActiveMqMember): Promise<void> {
    return this.inTurn(async () => {
      this.unreachable.delete(member);
      await this.startNow();
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
      // The standby first: it would take over.
      for (const member of this.members.filter(({ state }) => state !== 'active'))
        await member.kill();
      await this.active?.stop();
      this.options.onRemoved();
      rmSync(this.options.directory, { recursive: true, force: true, maxRetries: 5 });
      if (existsSync(this.lostStore)) renameSync(this.lostStore, this.options.store);
    });
  }

  private get lostStore(): string {
    return `${this.options.store}.lost`;
  }

  private async startNow(): Promise<void> {
    for (const member of this.members) await this.startMember(member);
  }

  private async startMember(member: ActiveMqMember): Promise<void> {
    if (this.removed || this.unreachable.has(member) || existsSync(this.lostStore)) return;
    await member.start(this.settings);
  }

  private changed(): void {
    const resolvers = [...this.waiting];
    this.waiting.clear();
    for (const resolve of resolvers) resolve();
  }

  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.last.then(step);
    this.last = done.catch(() => undefined);
    return done;
  }
}
