/** How quickly the standby serves when the active broker has gone, in milliseconds. */
export interface FailoverTiming {
  /** How often the standby tries to take the lock. */
  readonly acquireSleepInterval: number;
  /** How often the holder confirms it; who takes it waits as long before it serves. */
  readonly keepAlivePeriod: number;
  /** How often the index is written: who takes the lock reads the journal back from there. */
  readonly checkpointInterval: number;
}

/**
 * `fast` has the standby serve about a second after the active broker was lost, where the machine has CPU time left.
 * `realistic` takes 5 to 15 seconds, as with ActiveMQ's defaults and a lock of EFS.
 */
export type FailoverProfile = 'fast' | 'realistic';

/** The timing of each profile. */
export const failoverTimings: Readonly<Record<FailoverProfile, FailoverTiming>> = {
  fast: { acquireSleepInterval: 200, keepAlivePeriod: 500, checkpointInterval: 2000 },
  realistic: { acquireSleepInterval: 10_000, keepAlivePeriod: 5000, checkpointInterval: 5000 },
};

/** The wire protocols of Amazon MQ, in the order in which it lists its endpoints. */
export const protocols = ['openwire', 'amqp', 'stomp', 'mqtt', 'wss'] as const;

/** One of them. */
export type Protocol = (typeof protocols)[number];

/** The scheme of a protocol's endpoints, which is ActiveMQ's name of its transport, too. */
export const schemes: Readonly<Record<Protocol, string>> = {
  openwire: 'ssl',
  amqp: 'amqp+ssl',
  stomp: 'stomp+ssl',
  mqtt: 'mqtt+ssl',
  wss: 'wss',
};
