import type { BrokerMember } from './member';

/** The members of a broker, for those who decide in which order they start and stop. */
export interface ArrangedMembers {
  readonly members: readonly BrokerMember[];
  /** The member that serves clients; undefined while none does. */
  readonly active: BrokerMember | undefined;
  /** Starts a member unless it runs, or may not be started. */
  startMember(member: BrokerMember): Promise<void>;
  /** Resolves with the member that serves clients once there is one. */
  whenActive(): Promise<BrokerMember>;
}

/** How the members of a broker belong together. */
export interface Arrangement {
  /** Starts whatever does not run and may. */
  start(all: ArrangedMembers): Promise<void>;
  /** Restarts every member, so that clients notice as little of it as they can. */
  restart(all: ArrangedMembers): Promise<void>;
  /** Ends all members for good. */
  end(all: ArrangedMembers): Promise<void>;
  /** Where clients connect to, the same over all restarts: one list for each address that Amazon MQ tells of. */
  endpoints(members: readonly BrokerMember[]): string[][];
  /** Where the web console of each of these addresses is; none if the engine has none. */
  consoleUrls(members: readonly BrokerMember[]): string[];
}

/** One program, or a pair of which one serves and the other waits for the lock on their common store. */
export const sharedStore: Arrangement = {
  /** One after the other: the first serves. */
  async start({ members, startMember }) {
    for (const member of members) await startMember(member);
  },
  /** The standby goes first, so that clients see one failover. */
  async restart({ active, members, startMember, whenActive }) {
    const others = members.filter((member) => member !== active);
    for (const member of others) {
      await member.stop();
      await startMember(member);
    }
    if (!active) return;
    await active.stop();
    if (others.some(({ state }) => state === 'standby')) await whenActive();
    await startMember(active);
  },
  /** The standby goes first: it would take over. */
  async end({ active, members }) {
    for (const member of members) if (member !== active) await member.kill();
    await active?.stop();
  },
  endpoints: (members) => members.map((member) => member.endpoints()),
  consoleUrls: (members) => members.flatMap(({ consoleUrl }) => consoleUrl ?? []),
};
