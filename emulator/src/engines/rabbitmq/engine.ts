import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedStore } from '../brokers/arrangement';
import { BrokerProcesses } from '../brokers/broker';
import { certificateHosts } from '../brokers/member';
import type { BrokerSettings, LogKind } from '../brokers/settings';
import { Cluster } from './cluster';
import { applyDefaults } from './defaults';
import { findRabbitMq } from './installation';
import { RabbitMqNode } from './node';
import { PortMapper } from './port-mapper';

/** How an engine is made. */
export interface RabbitMqEngineOptions {
  /** An installation to use, and no other. @default - whatever {@link findRabbitMq} finds */
  readonly home?: string;
  /** Issues a certificate (PEM) for these hosts, from the CA that clients trust. */
  issueCertificate(
    hosts: readonly string[],
  ): Promise<{ readonly certificate: string; readonly key: string }>;
  /** Path of the certificate of that CA. */
  authorityFile(): Promise<string>;
  /** A directory for the files of running brokers, removed when the emulator stops. */
  scratchDirectory(): Promise<string>;
}

/** A broker to be made. */
export interface RabbitMqRequest extends BrokerSettings {
  /** Unique among those that run. */
  readonly id: string;
  readonly brokerName: string;
  /** Of Amazon MQ, such as `4.2`. */
  readonly engineVersion: string;
  /** How many nodes it has. */
  readonly members: number;
  /** Where its messages are kept. */
  readonly store: string;
  readonly secret: string;
  readonly onLog: (member: number, kind: LogKind, message: string) => void;
}

/** Makes brokers of one node and of several, and ends them all when the emulator stops. */
export class RabbitMqEngine {
  private readonly brokers = new Set<BrokerProcesses>();
  private stopped = false;

  constructor(private readonly options: RabbitMqEngineOptions) {}

  /**
   * Makes a broker and starts it.
   *
   * @throws Error if no RabbitMQ is found, saying what to do, or it does not start.
   */
  async provision(request: RabbitMqRequest): Promise<BrokerProcesses> {
    if (this.stopped) throw new Error('the RabbitMQ engine has been stopped');
    const { brokerName, engineVersion, id, members, onLog, secret, store, ...settings } = request;
    const { options } = this;
    const installation = findRabbitMq(options.home);
    const directory = join(await options.scratchDirectory(), 'rabbitmq', id);
    const certificate = await options.issueCertificate(certificateHosts);
    const authority = await readFile(await options.authorityFile(), 'utf8');
    const isNew = !existsSync(store) || readdirSync(store).length === 0;
    const isCluster = members > 1;
    const mapper = new PortMapper();
    const nodes: RabbitMqNode[] = [];
    const broker: BrokerProcesses = new BrokerProcesses(
      {
        name: brokerName,
        members,
        arrangement: isCluster ? new Cluster(nodes, !isNew) : sharedStore,
        directory,
        store,
        createMember(index, onState) {
          const node = new RabbitMqNode({
            authority,
            certificate,
            cookie: secret,
            directory: join(directory, String(index + 1)),
            installation,
            mapper,
            name: isCluster ? nodeName(index) : 'rabbit@localhost',
            seed: isCluster ? nodeName(0) : undefined,
            store,
            onLog: (kind, message) => onLog(index, kind, message),
            onState,
          });
          nodes.push(node);
          return node;
        },
        onRemoved: () => {
          void mapper.stop();
          this.brokers.delete(broker);
        },
      },
      settings,
    );
    this.brokers.add(broker);
    try {
      await broker.start();
      const access = nodes[0]?.management;
      if (isNew && access) await applyDefaults(access, { engineVersion, isCluster });
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
}

function nodeName(index: number): string {
  return `rabbit-${index + 1}@localhost`;
}
