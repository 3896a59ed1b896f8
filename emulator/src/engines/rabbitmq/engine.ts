import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BrokerProcesses } from '../brokers/broker';
import { brokerHost } from '../brokers/member';
import type { BrokerSettings, LogKind } from '../brokers/settings';
import { findRabbitMq } from './installation';
import { RabbitMqNode } from './node';

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
  /** Where its messages are kept. */
  readonly store: string;
  readonly secret: string;
  readonly onLog: (member: number, kind: LogKind, message: string) => void;
}

/** Makes brokers of one node, and ends them all when the emulator stops. */
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
    const { brokerName, id, onLog, secret, store, ...settings } = request;
    const { options } = this;
    const installation = findRabbitMq(options.home);
    const directory = join(await options.scratchDirectory(), 'rabbitmq', id);
    const certificate = await options.issueCertificate(['localhost', brokerHost]);
    const authority = await readFile(await options.authorityFile(), 'utf8');
    const broker: BrokerProcesses = new BrokerProcesses(
      {
        name: brokerName,
        members: 1,
        directory,
        store,
        createMember: (index, onState) =>
          new RabbitMqNode({
            authority,
            certificate,
            cookie: secret,
            directory,
            installation,
            store,
            onLog: (kind, message) => onLog(index, kind, message),
            onState,
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
}
