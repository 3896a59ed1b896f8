import type { BrokerSettings } from './settings';
import type { MemberStatistics } from './statistics';

/** The address of every member. */
export const brokerHost = '127.0.0.1';

/**
 * What a broker's certificate is for. The address comes first and so is its common name, too: Qpid Proton, on which many
 * clients of AMQP 1.0 are built, looks for addresses nowhere else.
 */
export const certificateHosts: readonly string[] = [brokerHost, 'localhost'];

/** What a member is doing. `standby` waits for the lock on the store. */
export type MemberState = 'stopped' | 'starting' | 'standby' | 'active';

/** One process of a broker. */
export interface BrokerMember {
  readonly state: MemberState;
  /** Process id while it runs. */
  readonly pid: number | undefined;
  /** Its endpoints in the order of Amazon MQ: the same over all restarts. @throws Error before it was first started. */
  endpoints(): string[];
  /** Where its web console and its management API are. @default - it has none */
  readonly consoleUrl?: string;
  /** What it tells of itself; undefined if nothing, as while it is frozen. @throws Error if it does not answer. */
  statistics(): Promise<MemberStatistics | undefined>;
  /**
   * Starts it; does nothing if it runs.
   *
   * @returns once it serves clients or, because another member has the store, stands by.
   * @throws Error with what it logged if it does neither.
   */
  start(settings: BrokerSettings): Promise<void>;
  /** Shuts it down in order. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL. */
  kill(): Promise<void>;
  /** Stops it from running any further without ending it: connections stay open and nothing answers. */
  freeze(): void;
  /** Lets it go on after {@link freeze}. */
  thaw(): void;
}

/** The state of a member, for those who wait for it to change. */
export class StateWatch {
  private current: MemberState = 'stopped';
  private readonly waiting = new Set<() => void>();

  /** @param onState - called when it has changed */
  constructor(private readonly onState: (state: MemberState) => void) {}

  get state(): MemberState {
    return this.current;
  }

  enter(state: MemberState): void {
    if (this.current === state) return;
    this.current = state;
    for (const look of [...this.waiting]) look();
    this.onState(state);
  }

  /** Resolves once `condition` holds. */
  until(condition: (state: MemberState) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition(this.current)) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }
}
