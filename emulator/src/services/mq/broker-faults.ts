import type { Clock } from '../../clock/clock';
import { availabilityZones } from '../../network/availability-zones';
import type { Broker } from './broker';
import type { RunningBroker, RunningMember } from './running-broker';

/**
 * What can be done to the processes of one broker. Its state, as Amazon MQ describes it, stays `RUNNING`.
 *
 * Brokers run in real time whatever the clock: on a manual clock no emulated time passes meanwhile. Members are counted
 * from 1, as in the names of their metrics.
 */
export interface BrokerFaults {
  /** The number of the member that serves clients, of a cluster the first that does; undefined while none does. */
  readonly active: number | undefined;
  /** Process ids of the members that run. */
  readonly processIds: readonly number[];
  /** Resolves with the number of the member that serves clients once there is one. */
  whenActive(): Promise<number>;
  /**
   * Kills a member with SIGKILL; it stays down until `start`. A node of RabbitMQ first gets its definitions to the disk. A quorum queue
   * that is younger than about two real seconds it may lose all the same.
   *
   * @param member - @default - the active one
   */
  kill(member?: number): Promise<void>;
  /** Starts whatever is down and may be started: of a pair, it becomes the standby; of a cluster, it joins the others. */
  start(): Promise<void>;
  /** Takes away what runs in an availability zone, until {@link restoreZone}. @param zone - such as `us-east-1a` */
  loseZone(zone: string): Promise<void>;
  /** Gives a zone back, and starts what was in it. */
  restoreZone(zone: string): Promise<void>;
  /** Takes away the storage: no member can go on without, or start, until {@link restoreStorage}. */
  loseStorage(): Promise<void>;
  /** Gives the storage back as it was, and starts the members. */
  restoreStorage(): Promise<void>;
  /**
   * Cuts a member off from its clients: connections stay open and nothing answers, as when packets are lost. It keeps its
   * storage, so that no other takes over. Its process stands still meanwhile.
   *
   * @param member - @default - the active one
   */
  cutNetwork(member?: number): Promise<void>;
  /**
   * Cuts a member of a pair off from its clients and from the storage: its connections stay open and nothing answers, its
   * lock is lost, and the other member takes over. EFS takes a lease's time to notice; here it is at once.
   *
   * @param member - @default - the active one
   */
  isolate(member?: number): Promise<void>;
  /** Ends every cut. A member that was isolated starts again, as the standby, and its old connections end. */
  restoreNetwork(): Promise<void>;
}

/**
 * The faults of one of the brokers.
 *
 * @param name - id, name or ARN; undefined for the only one
 * @throws Error if there is none, or several that fit, or it has no processes yet.
 */
export function brokerFaults(
  brokers: readonly Broker[],
  name: string | undefined,
  clock: Clock,
): BrokerFaults {
  const broker = findBroker(brokers, name);
  const { running } = broker;
  if (!running) throw new Error(`broker ${broker.definition.name} does not run`);
  const label = `fault of broker ${broker.definition.name}`;
  const inWork = (act: () => Promise<unknown>) =>
    clock.work(label, async () => {
      await act();
    });
  const inZone = (zone: string) => membersIn(broker, running, zone);
  return {
    get processIds() {
      return running.members.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    },
    get active() {
      return running.active && numberOf(running, running.active);
    },
    whenActive: () => clock.work(label, async () => numberOf(running, await running.whenActive())),
    kill: (member) => inWork(() => running.kill(memberOf(running, member))),
    start: () => inWork(() => running.start()),
    loseZone: (zone) =>
      inWork(() => Promise.all(inZone(zone).map((member) => running.loseMember(member)))),
    restoreZone: (zone) =>
      inWork(() => Promise.all(inZone(zone).map((member) => running.restoreMember(member)))),
    loseStorage: () => inWork(() => running.loseStorage()),
    restoreStorage: () => inWork(() => running.restoreStorage()),
    cutNetwork: (member) => inWork(() => running.cutNetwork(memberOf(running, member))),
    isolate: (member) => inWork(() => running.isolate(memberOf(running, member))),
    restoreNetwork: () => inWork(() => running.restoreNetwork()),
  };
}

function findBroker(brokers: readonly Broker[], name: string | undefined): Broker {
  const found = brokers.filter(
    ({ arn, definition, id }) =>
      name === undefined || name === id || name === arn || name === definition.name,
  );
  const [first, second] = found;
  if (!first) throw new Error(`there is no broker ${name ?? ''}`.trimEnd());
  if (second)
    throw new Error(
      `there are several brokers${name === undefined ? '' : ` ${name}`}; name one by its ARN: ${found.map(({ arn }) => arn).join(', ')}`,
    );
  return first;
}

function memberOf(running: RunningBroker, number: number | undefined): RunningMember | undefined {
  if (number === undefined) return running.active;
  const member = running.members[number - 1];
  if (!member)
    throw new RangeError(`the broker has members 1 to ${running.members.length}, got ${number}`);
  return member;
}

function numberOf(running: RunningBroker, member: RunningMember): number {
  return running.members.indexOf(member) + 1;
}

/** The members of a broker are in the first zones of its region, one in each. */
function membersIn(broker: Broker, running: RunningBroker, zone: string): RunningMember[] {
  const [, , , region = ''] = broker.arn.split(':');
  const zones = availabilityZones(region).map(({ name }) => name);
  const index = zones.indexOf(zone);
  if (index < 0) throw new RangeError(`${region} has zones ${zones.join(', ')}, got ${zone}`);
  return running.members.filter((_, number) => number === index);
}
