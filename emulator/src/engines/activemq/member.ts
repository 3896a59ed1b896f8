import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDeadline } from '../processes/deadline';
import { findFreePort } from '../processes/free-port';
import { SupervisedProcess } from '../processes/supervised-process';
import { brokerXml, type MemberPlace } from './broker-xml';
import type { ActiveMqInstallation } from './installation';
import { type LogKind, logConfiguration, readLogLine } from './log';
import { type ActiveMqSettings, type LockTiming, protocols, schemes } from './settings';

/** What a member is doing. `standby` waits for the lock on the store. */
export type MemberState = 'stopped' | 'starting' | 'standby' | 'active';

/** What all members of a broker have in common. */
export interface MemberOptions {
  readonly installation: ActiveMqInstallation;
  readonly lock: LockTiming;
  /** Its own directory. */
  readonly directory: string;
  readonly place: Omit<MemberPlace, 'data' | 'host' | 'keyStore' | 'ports'>;
  /** PKCS #12. */
  readonly keyStore: Buffer;
  /** Called with what it logs. */
  readonly onLog: (kind: LogKind, message: string) => void;
  /** Called when its state has changed. */
  readonly onState: (state: MemberState) => void;
}

/** The address of every member. */
export const brokerHost = '127.0.0.1';

/** Generous: it takes a second on a machine that has nothing else to do. */
const startLimit = 90_000;
const stopLimit = 30_000;

/** One ActiveMQ process. */
export class ActiveMqMember {
  private process: SupervisedProcess | undefined;
  private current: MemberState = 'stopped';
  private ports: MemberPlace['ports'] | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly options: MemberOptions) {
    for (const folder of ['conf', 'data', 'tmp'])
      mkdirSync(join(options.directory, folder), { recursive: true, mode: 0o700 });
    this.write('broker.p12', options.keyStore);
    this.write('log4j2.properties', logConfiguration);
  }

  get state(): MemberState {
    return this.current;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.process?.isRunning ? this.process.pid : undefined;
  }

  /** URL of Jolokia in it. @throws Error before it was first started. */
  get managementUrl(): string {
    const { managementToken } = this.options.place;
    return `http://${brokerHost}:${this.knownPorts().management}/${managementToken}`;
  }

  /** Its endpoints in the order of Amazon MQ: the same over all restarts. @throws Error before it was first started. */
  endpoints(): string[] {
    const ports = this.knownPorts();
    return protocols.map((protocol) => `${schemes[protocol]}://${brokerHost}:${ports[protocol]}`);
  }

  /**
   * Starts it; does nothing if it runs.
   *
   * @returns once it serves clients or, because another member has the store, stands by.
   * @throws Error with what it logged if it does neither.
   */
  async start(settings: ActiveMqSettings): Promise<void> {
    if (this.process?.isRunning) return;
    this.enter('starting');
    const fixed = this.ports;
    for (let attempt = 1; ; attempt++) {
      this.ports = fixed ?? (await choosePorts());
      await this.launch(settings);
      const up = await withDeadline(
        this.until(() => this.current !== 'starting'),
        startLimit,
        () => `ActiveMQ did not start within ${startLimit / 1000} s:\n${this.process?.output}`,
      ).then(() => this.current !== 'stopped');
      if (up) return;
      const output = this.process?.output ?? '';
      // Somebody else may have taken a port since it was found free.
      if (fixed || attempt === 3 || !output.includes('BindException'))
        throw new Error(`ActiveMQ did not start:\n${output}`);
    }
  }

  /** Shuts it down in order. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Kills it with SIGKILL. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Stops it from running any further without ending it: connections stay open and nothing answers. */
  freeze(): void {
    this.process?.signal('SIGSTOP');
  }

  /** Lets it go on after {@link freeze}. */
  thaw(): void {
    this.process?.signal('SIGCONT');
  }

  /** Resolves once `condition` holds after a change of its state. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  private async launch(settings: ActiveMqSettings): Promise<void> {
    const { directory, installation, lock, place } = this.options;
    const { home, java } = installation;
    this.write(
      'activemq.xml',
      brokerXml(
        {
          ...place,
          host: brokerHost,
          ports: this.knownPorts(),
          data: join(directory, 'data'),
          keyStore: join(directory, 'conf', 'broker.p12'),
        },
        settings,
        lock,
      ),
    );
    const conf = join(directory, 'conf');
    this.process = await SupervisedProcess.start(
      java.program,
      [
        // For a process that lives for minutes and shares the machine: a quick start and a small heap.
        '-Xms32m',
        '-Xmx256m',
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        '-Djava.awt.headless=true',
        `-Djava.io.tmpdir=${join(directory, 'tmp')}`,
        `-Dactivemq.home=${home}`,
        `-Dactivemq.base=${directory}`,
        `-Dactivemq.conf=${conf}`,
        `-Dactivemq.data=${join(directory, 'data')}`,
        `-Dactivemq.classpath=${conf}:`,
        '-Dorg.apache.activemq.audit=true',
        '-jar',
        join(home, 'bin', 'activemq.jar'),
        'start',
        `xbean:file:${join(conf, 'activemq.xml')}`,
      ],
      { onLine: (line) => this.read(line) },
    );
    const started = this.process;
    void started.closed.then(() => {
      if (this.process === started) this.enter('stopped');
    });
  }

  private read(line: string): void {
    const { kind, message, event } = readLogLine(line);
    if (event) this.enter(event);
    this.options.onLog(kind, message);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    if (!running?.isRunning) return;
    // One that is frozen gets to know of nothing but SIGKILL.
    if (signal !== 'SIGKILL') running.signal('SIGCONT');
    running.signal(signal);
    await withDeadline(
      this.until(() => this.current === 'stopped'),
      stopLimit,
      () => `ActiveMQ (pid ${running.pid}) did not end on ${signal}:\n${running.output}`,
    );
  }

  private enter(state: MemberState): void {
    if (this.current === state) return;
    this.current = state;
    for (const look of [...this.waiting]) look();
    this.options.onState(state);
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
