import { join } from 'node:path';
import { sharedStore } from '../brokers/arrangement';
import { BrokerProcesses } from '../brokers/broker';
import { certificateHosts } from '../brokers/member';
import type { BrokerSettings, LogKind } from '../brokers/settings';
import { type ActiveMqInstallation, findActiveMq } from './installation';
import { ActiveMqMember } from './member';
import { type FailoverProfile, failoverTimings } from './settings';

/** How an engine is made. */
export interface ActiveMqEngineOptions {
  /** An installation to use, and no other. @default - whatever {@link findActiveMq} finds */
  readonly home?: string;
  /** @default 'fast' */
  readonly failover?: FailoverProfile;
  /** Makes a key store (PKCS #12) with a certificate for these hosts, from the CA that clients trust. */
  issueKeyStore(hosts: readonly string[], password: string): Promise<Buffer>;
  /** A directory for the files of running brokers, removed when the emulator stops. */
  scratchDirectory(): Promise<string>;
}

/** A broker to be made. */
export interface ActiveMqRequest extends BrokerSettings {
  /** Unique among those that run. */
  readonly id: string;
  readonly brokerName: string;
  readonly members: 1 | 2;
  /** Where its messages are kept. */
  readonly store: string;
  /** What opens its key store and its management endpoint. */
  readonly secret: string;
  readonly onLog: (member: number, kind: LogKind, message: string) => void;
}

/** Makes brokers, and ends them all when the emulator stops. */
export class ActiveMqEngine {
  private readonly brokers = new Set<BrokerProcesses>();
  private installation: Promise<ActiveMqInstallation> | undefined;
  private stopped = false;

  constructor(private readonly options: ActiveMqEngineOptions) {}

  /**
   * Makes a broker and starts it.
   *
   * @throws Error if no ActiveMQ is found, saying what to do, or it does not start.
   */
  async provision(request: ActiveMqRequest): Promise<BrokerProcesses> {
    if (this.stopped) throw new Error('the ActiveMQ engine has been stopped');
    const { brokerName, id, members, onLog, secret, store, ...settings } = request;
    const installation = await this.find();
    const directory = join(await this.options.scratchDirectory(), 'activemq', id);
    const keyStore = await this.options.issueKeyStore(certificateHosts, secret);
    const broker: BrokerProcesses = new BrokerProcesses(
      {
        name: brokerName,
        members,
        arrangement: sharedStore,
        directory,
        store,
        lockFiles: ['kahadb', 'scheduler'].map((part) => join(store, part, 'lock')),
        createMember: (index, onState) =>
          new ActiveMqMember({
            directory: join(directory, String(index + 1)),
            installation,
            keyStore,
            timing: failoverTimings[this.options.failover ?? 'fast'],
            place: { brokerName, keyStorePassword: secret, managementToken: secret, store },
            onLog: (kind, message) => onLog(index, kind, message),
            onState,
            standsBy: () => broker.active !== undefined,
          }),
        onRemoved: () => this.brokers.delete(broker),
      },
      settings,
    );
    this.brokers.add(broker);
    try {
      await broker.start();
    } catch (error) {
      await broker.remove();
      throw error;
    }
    if (this.stopped) await broker.remove();
    return broker;
  }

  /** Ends all brokers. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.brokers].map((broker) => broker.remove()));
  }

  private find(): Promise<ActiveMqInstallation> {
    this.installation ??= findActiveMq(this.options.home);
    this.installation.catch(() => {
      // The next broker looks again: somebody may have installed one.
      this.installation = undefined;
    });
    return this.installation;
  }
}
