import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrokerMember, brokerHost, type MemberState, StateWatch } from '../brokers/member';
import type { BrokerSettings, OnLog } from '../brokers/settings';
import type { MemberStatistics } from '../brokers/statistics';
import { withDeadline } from '../processes/deadline';
import { findFreePort } from '../processes/free-port';
import { SupervisedProcess } from '../processes/supervised-process';
import { brokerXml, type MemberPlace } from './broker-xml';
import type { ActiveMqInstallation } from './installation';
import { auditProperties, launchArguments } from './launch';
import { logConfiguration, readLogLine } from './log';
import { ProcessorUse } from './processor-use';
import { Rehearsal } from './rehearsal';
import { type FailoverTiming, protocols, schemes } from './settings';
import { readStatistics } from './statistics';

/** What all members of a broker have in common. */
export interface MemberOptions {
  readonly installation: ActiveMqInstallation;
  readonly timing: FailoverTiming;
  /** Asked when it is started: whether it is to stand by. */
  readonly standsBy: () => boolean;
  /** Its own directory. */
  readonly directory: string;
  readonly place: Omit<MemberPlace, 'data' | 'host' | 'keyStore' | 'ports'>;
  /** PKCS #12. */
  readonly keyStore: Buffer;
  readonly onLog: OnLog;
  /** Called when its state has changed. */
  readonly onState: (state: MemberState) => void;
}

/** Generous: it takes a second on a machine that has nothing else to do. */
const startLimit = 90_000;
const stopLimit = 30_000;

/** One ActiveMQ process. */
export class ActiveMqMember implements BrokerMember {
  private process: SupervisedProcess | undefined;
  private ports: MemberPlace['ports'] | undefined;
  /** What is printed during it is of no broker that anybody knows. */
  private rehearsal: Rehearsal | undefined;
  private processorUse = new ProcessorUse();
  private readonly watch: StateWatch;

  constructor(private readonly options: MemberOptions) {
    this.watch = new StateWatch(options.onState);
    for (const folder of ['conf', 'data', 'tmp'])
      mkdirSync(join(options.directory, folder), { recursive: true, mode: 0o700 });
    this.write('broker.p12', options.keyStore);
    this.write('log4j2.properties', logConfiguration);
  }

  get state(): MemberState {
    return this.watch.state;
  }

  get pid(): number | undefined {
    return this.process?.isRunning ? this.process.pid : undefined;
  }

  endpoints(): string[] {
    const ports = this.knownPorts();
    return protocols.map((protocol) => `${schemes[protocol]}://${brokerHost}:${ports[protocol]}`);
  }

  async statistics(): Promise<MemberStatistics | undefined> {
    if (this.state !== 'active' && this.state !== 'standby') return undefined;
    if (this.process?.isFrozen) return undefined;
    const { brokerName, managementToken, store } = this.options.place;
    const url = `http://${brokerHost}:${this.knownPorts().management}/${managementToken}`;
    return readStatistics(url, brokerName, join(store, 'kahadb'), this.processorUse);
  }

  async start(settings: BrokerSettings): Promise<void> {
    if (this.process?.isRunning) return;
    this.watch.enter('starting');
    this.processorUse = new ProcessorUse();
    const fixed = this.ports;
    for (let attempt = 1; ; attempt++) {
      this.ports = fixed ?? (await choosePorts());
      await this.launch(settings);
      const up = await withDeadline(
        this.watch.until((state) => state !== 'starting'),
        startLimit,
        () => `ActiveMQ did not start within ${startLimit / 1000} s:\n${this.process?.output}`,
      ).then(() => this.state !== 'stopped');
      if (up) return;
      const output = this.process?.output ?? '';
      // Somebody else may have taken a port since it was found free.
      if (fixed || attempt === 3 || !output.includes('BindException'))
        throw new Error(`ActiveMQ did not start:\n${output}`, { cause: this.rehearsal?.failure });
    }
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  freeze(): void {
    this.process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.process?.signal('SIGCONT');
  }

  private async launch(settings: BrokerSettings): Promise<void> {
    const { directory, installation, timing } = this.options;
    const place: MemberPlace = {
      ...this.options.place,
      host: brokerHost,
      ports: this.knownPorts(),
      data: join(directory, 'data'),
      keyStore: join(directory, 'conf', 'broker.p12'),
    };
    const rehearsal = this.options.standsBy()
      ? new Rehearsal(place, {
          proceed: () => started.endInput(),
          giveUp: () => started.signal('SIGKILL'),
        })
      : undefined;
    this.rehearsal = rehearsal;
    this.write('activemq.xml', brokerXml({ place, rehearsal: rehearsal?.xml(), settings, timing }));
    const started = await SupervisedProcess.start(
      installation.java.program,
      launchArguments({ directory, home: installation.home }, auditProperties),
      { input: rehearsal !== undefined, onLine: (line) => this.read(line) },
    );
    this.process = started;
    void started.closed.then(() => {
      if (this.process === started) this.watch.enter('stopped');
    });
  }

  private read(line: string): void {
    if (this.rehearsal?.isOver === false) {
      this.rehearsal.read(line);
      return;
    }
    const { kind, message, event } = readLogLine(line);
    if (event) this.watch.enter(event);
    this.options.onLog(kind, message);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    if (!running?.isRunning) return;
    // One that is frozen gets to know of nothing but SIGKILL.
    if (signal !== 'SIGKILL') running.signal('SIGCONT');
    running.signal(signal);
    await withDeadline(
      this.watch.until((state) => state === 'stopped'),
      stopLimit,
      () => `ActiveMQ (pid ${running.pid}) did not end on ${signal}:\n${running.output}`,
    );
  }

  private knownPorts(): MemberPlace['ports'] {
    if (!this.ports) throw new Error('the broker has not been started');
    return this.ports;
  }

  private write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.options.directory, 'conf', name), content, { mode: 0o600 });
  }
}

async function choosePorts(): Promise<MemberPlace['ports']> {
  const port = () => findFreePort(brokerHost);
  return {
    openwire: await port(),
    amqp: await port(),
    stomp: await port(),
    mqtt: await port(),
    wss: await port(),
    management: await port(),
  };
}
