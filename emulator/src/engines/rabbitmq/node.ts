import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrokerMember, brokerHost, type MemberState, StateWatch } from '../brokers/member';
import type { BrokerSettings, OnLog } from '../brokers/settings';
import type { MemberStatistics } from '../brokers/statistics';
import { realDelay, waitAtMost, withDeadline } from '../processes/deadline';
import { findFreePort } from '../processes/free-port';
import { SupervisedProcess } from '../processes/supervised-process';
import type { RabbitMqInstallation } from './installation';
import { callManagement, type ManagementAccess } from './management';
import type { PortMapper } from './port-mapper';
import { readStatistics } from './statistics';
import { volumeProgram } from './volume';

/** What a node is made with. */
export interface NodeOptions {
  readonly installation: RabbitMqInstallation;
  /** Such as `rabbit@localhost`. */
  readonly name: string;
  /** Name of the node of whose cluster it becomes part when it is first started. @default - it is by itself */
  readonly seed?: string;
  readonly mapper: PortMapper;
  /** For its configuration. */
  readonly directory: string;
  /** For its messages. */
  readonly store: string;
  /** PEM. */
  readonly certificate: { readonly certificate: string; readonly key: string };
  /** PEM of the authority behind the certificate. */
  readonly authority: string;
  /** What the node and its tools know each other by. */
  readonly cookie: string;
  readonly onLog: OnLog;
  readonly onState: (state: MemberState) => void;
}

interface Ports {
  readonly amqp: number;
  readonly management: number;
  readonly distribution: number;
}

const startLimit = 120_000;
const stopLimit = 60_000;
const writeLimit = 5000;

const clusterName = '/api/cluster-name';

/** One node of RabbitMQ, by itself or in a cluster. */
export class RabbitMqNode implements BrokerMember {
  private process: SupervisedProcess | undefined;
  private ports: Ports | undefined;
  private users: BrokerSettings['users'] = [];
  private readonly watch: StateWatch;

  constructor(private readonly options: NodeOptions) {
    this.watch = new StateWatch(options.onState);
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    mkdirSync(options.store, { recursive: true, mode: 0o700 });
    this.write('ca.pem', options.authority);
    this.write('certificate.pem', options.certificate.certificate);
    this.write('key.pem', options.certificate.key);
    this.write('enabled_plugins', '[rabbitmq_management].\n');
    this.write('.erlang.cookie', options.cookie);
    chmodSync(join(options.directory, '.erlang.cookie'), 0o400);
    mkdirSync(join(options.directory, 'bin'), { recursive: true });
    this.write('bin/df', volumeProgram(process.env.PATH));
    chmodSync(join(options.directory, 'bin/df'), 0o700);
  }

  get state(): MemberState {
    return this.watch.state;
  }

  get pid(): number | undefined {
    return this.process?.isRunning ? this.process.pid : undefined;
  }

  endpoints(): string[] {
    return [`amqps://${brokerHost}:${this.knownPorts().amqp}`];
  }

  /** Where its web console and its management API are. */
  get consoleUrl(): string {
    return `https://${brokerHost}:${this.knownPorts().management}`;
  }

  /** Its ports of AMQP and of its management API while connections may be made to them. */
  get servingPorts(): Pick<Ports, 'amqp' | 'management'> | undefined {
    return this.state === 'active' && !this.process?.isFrozen ? this.ports : undefined;
  }

  /** How its management API is asked, as the user that it was made with; undefined while it does not serve. */
  get management(): ManagementAccess | undefined {
    const [user] = this.users;
    if (this.state !== 'active' || !user || this.process?.isFrozen) return undefined;
    return { ...user, url: this.consoleUrl, authority: this.options.authority };
  }

  async statistics(): Promise<MemberStatistics | undefined> {
    const { management } = this;
    return management && readStatistics(management, this.options.name);
  }

  async start(settings: BrokerSettings): Promise<void> {
    if (this.process?.isRunning) return;
    this.watch.enter('starting');
    this.users = settings.users;
    this.ports ??= await choosePorts();
    this.write('rabbitmq.conf', this.configuration(settings));
    const mapper = await this.options.mapper.start();
    const started = await SupervisedProcess.start(this.options.installation.server, [], {
      environment: this.environment(this.ports, mapper),
      onLine: (line) => this.read(line),
    });
    this.process = started;
    void started.closed.then(() => {
      if (this.process === started) this.watch.enter('stopped');
    });
    await withDeadline(
      this.watch.until((state) => state !== 'starting'),
      startLimit,
      () => `RabbitMQ did not start within ${startLimit / 1000} s:\n${started.output}`,
    );
    if (this.state !== 'active') throw new Error(`RabbitMQ did not start:\n${started.output}`);
    await this.measured();
  }

  /** Waits until no queue would be without a majority or a mirror if this node stopped; not for ever. */
  async whenDispensable(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const { management } = this;
      if (!management) return;
      const checks = ['node-is-quorum-critical', 'node-is-mirror-sync-critical'].map((check) =>
        callManagement(management, 'GET', `/api/health/checks/${check}`),
      );
      const answers = await Promise.all(checks).catch(() => []);
      // Versions without mirrors have no check of them.
      if (answers.length > 0 && answers.every(({ status }) => status === 200 || status === 404))
        return;
      await realDelay(100);
    }
  }

  /** Waits for the first numbers of the node, so that its metrics are there from its first minute on. */
  private async measured(): Promise<void> {
    for (let attempt = 0; attempt < 50 && this.state === 'active'; attempt++) {
      const statistics = await this.statistics().catch(() => undefined);
      if (!statistics || 'RabbitMQMemUsed' in statistics.process) return;
      await realDelay(100);
    }
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Kills it with SIGKILL once what it has answered is on the disk. */
  async kill(): Promise<void> {
    await waitAtMost(
      this.writeDown().catch(() => undefined),
      writeLimit,
    );
    await this.end('SIGKILL');
  }

  freeze(): void {
    this.process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.process?.signal('SIGCONT');
  }

  /**
   * Has it write its definitions to the disk. One that has them in Mnesia keeps the last decision to commit in memory for up to two seconds, and
   * when it is killed meanwhile the queue that was declared is gone, with all the messages that were confirmed. Amazon MQ's RabbitMQ 4 has them
   * in Khepri, which has no such gap. Any definition that is written again, as it was, is synced with all before it.
   *
   * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-4.html
   */
  private async writeDown(): Promise<void> {
    const { management } = this;
    if (!management) return;
    const { status, text } = await callManagement(management, 'GET', clusterName);
    if (status === 200) await callManagement(management, 'PUT', clusterName, JSON.parse(text));
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const running = this.process;
    if (!running?.isRunning) return;
    if (signal !== 'SIGKILL') running.signal('SIGCONT');
    running.signal(signal);
    await withDeadline(
      this.watch.until((state) => state === 'stopped'),
      stopLimit,
      () => `RabbitMQ (pid ${running.pid}) did not end on ${signal}:\n${running.output}`,
    );
  }

  private read(line: string): void {
    if (line.includes('Server startup complete')) this.watch.enter('active');
    this.options.onLog('general', line);
  }

  /** TLS only, as Amazon MQ has it. The user is made when the node has no data yet. */
  private configuration({ configuration = '', users }: BrokerSettings): string {
    const { amqp, management } = this.knownPorts();
    const path = (name: string) => join(this.options.directory, name);
    const [user] = users;
    const tls = (prefix: string) => [
      `${prefix}.cacertfile = ${path('ca.pem')}`,
      `${prefix}.certfile = ${path('certificate.pem')}`,
      `${prefix}.keyfile = ${path('key.pem')}`,
    ];
    return [
      'listeners.tcp = none',
      `listeners.ssl.default = ${brokerHost}:${amqp}`,
      ...tls('ssl_options'),
      'ssl_options.verify = verify_none',
      `management.ssl.ip = ${brokerHost}`,
      `management.ssl.port = ${management}`,
      ...tls('management.ssl'),
      'loopback_users = none',
      // Statistics are up to so many milliseconds old.
      'collect_statistics_interval = 1000',
      ...(user
        ? [
            `default_user = ${user.username}`,
            `default_pass = ${user.password}`,
            'default_user_tags.administrator = true',
          ]
        : []),
      // The limits are those of a small machine: a broker may fill its memory, but not ours.
      'vm_memory_high_watermark.absolute = 400MB',
      'disk_free_limit.absolute = 50MB',
      ...this.clusterSettings(),
      configuration,
      '',
    ].join('\n');
  }

  /** A seed knows nobody, and so makes a cluster; the others look for it until it is there. */
  private clusterSettings(): string[] {
    const { name, seed } = this.options;
    if (seed === undefined) return [];
    return [
      'cluster_partition_handling = pause_minority',
      ...(seed === name
        ? []
        : [
            'cluster_formation.peer_discovery_backend = classic_config',
            `cluster_formation.classic_config.nodes.1 = ${seed}`,
            `cluster_formation.classic_config.nodes.2 = ${name}`,
            'cluster_formation.randomized_startup_delay_range.min = 0',
            'cluster_formation.randomized_startup_delay_range.max = 0',
          ]),
    ];
  }

  private environment({ amqp, distribution }: Ports, mapper: number): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    const { directory, name, store } = this.options;
    return {
      PATH: `${join(directory, 'bin')}:${PATH}`,
      LANG: 'C.UTF-8',
      HOME: directory,
      // The shell then becomes the node, so that its signals are the node's.
      RUNNING_UNDER_SYSTEMD: '1',
      RABBITMQ_NODENAME: name,
      RABBITMQ_NODE_IP_ADDRESS: brokerHost,
      RABBITMQ_NODE_PORT: String(amqp),
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_MNESIA_BASE: store,
      RABBITMQ_LOG_BASE: directory,
      RABBITMQ_LOGS: '-stderr',
      RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
      RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
      RABBITMQ_GENERATED_CONFIG_DIR: join(directory, 'generated'),
      RABBITMQ_PID_FILE: join(directory, 'node.pid'),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      ERL_EPMD_PORT: String(mapper),
      ERL_EPMD_ADDRESS: brokerHost,
    };
  }

  private knownPorts(): Ports {
    if (!this.ports) throw new Error('the broker has not been started');
    return this.ports;
  }

  private write(name: string, content: string): void {
    writeFileSync(join(this.options.directory, name), content, { mode: 0o600 });
  }
}

async function choosePorts(): Promise<Ports> {
  const port = () => findFreePort(brokerHost);
  return {
    amqp: await port(),
    management: await port(),
    distribution: await port(),
  };
}
