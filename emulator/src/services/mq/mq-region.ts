import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerSettings } from '../../engines/brokers';
import type { ServiceEnvironment } from '../service';
import { Broker } from './broker';
import {
  type BrokerDefinition,
  type BrokerRequest,
  brokerDefinition,
  type ConfigurationReference,
} from './broker-definition';
import { BrokerLogs, type LogSink } from './broker-logs';
import { BrokerMetrics } from './broker-metrics';
import { type Engine, engineOf, versionOf } from './catalog';
import { Configuration } from './configuration';
import { defaultConfiguration } from './default-configuration';
import { badRequest, brokerNotFound, configurationNotFound, conflict } from './errors';
import type { BrokerEngines } from './running-broker';
import { engineUser } from './user';

/** What Amazon MQ needs of others. */
export interface MqDependencies {
  readonly engines: BrokerEngines;
  readonly logs: LogSink;
  /** The directory in which brokers keep their messages. */
  storageDirectory(): Promise<string>;
}

/** A configuration to be made. */
export interface ConfigurationRequest {
  readonly name: string;
  readonly engineType: string;
  readonly engineVersion?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The brokers and configurations of one account and region. */
export class MqRegion {
  private readonly brokersById = new Map<string, Broker>();
  private readonly configurationsById = new Map<string, Configuration>();
  private readonly creatorRequests = new Map<string, Broker>();
  private readonly logs: BrokerLogs;

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly env: ServiceEnvironment,
    private readonly dependencies: MqDependencies,
  ) {
    this.logs = new BrokerLogs({ account, region }, env, dependencies.logs);
  }

  brokers(): Broker[] {
    return [...this.brokersById.values()];
  }

  configurations(): Configuration[] {
    return [...this.configurationsById.values()];
  }

  find(id: string): Broker | undefined {
    return this.brokersById.get(id);
  }

  /** @throws ServiceError `NotFoundException` */
  broker(id: string): Broker {
    const broker = this.find(id);
    if (!broker) throw brokerNotFound(id);
    return broker;
  }

  /** @throws ServiceError `NotFoundException` */
  configuration(id: string): Configuration {
    const configuration = this.configurationsById.get(id);
    if (!configuration) throw configurationNotFound(id);
    return configuration;
  }

  brokerArn(id: string): string {
    return this.find(id)?.arn ?? this.arn(`broker:*:${id}`);
  }

  configurationArn(id: string): string {
    return this.arn(`configuration:${id}`);
  }

  /** What a broker or a configuration of that ARN is. */
  findByArn(arn: string): Broker | Configuration | undefined {
    const id = arn.slice(arn.lastIndexOf(':') + 1);
    const found = this.find(id) ?? this.configurationsById.get(id);
    return found?.arn === arn ? found : undefined;
  }

  /**
   * Makes a broker and begins to start it.
   *
   * @param atOnce - whether it is there as soon as its processes are, without any emulated time
   * @returns the broker, and when it has been started
   * @throws ServiceError in AWS's words.
   */
  createBroker(
    request: BrokerRequest,
    { atOnce, creatorRequestId }: { atOnce: boolean; creatorRequestId?: string },
  ): { broker: Broker; started: Promise<void> } {
    const before = creatorRequestId && this.creatorRequests.get(creatorRequestId);
    if (before) return { broker: before, started: Promise.resolve() };
    const definition = brokerDefinition(request);
    if (this.brokers().some((broker) => broker.definition.name === definition.name))
      throw conflict(`Broker with name [${definition.name}] already exists.`, 'brokerName');
    const id = `b-${this.random(`broker/${definition.name}`).uuid()}`;
    const arn = this.arn(`broker:${definition.name}:${id}`);
    const broker = new Broker(id, arn, this.env.clock.now(), definition, this.env.clock);
    broker.configuration = this.configurationFor(definition);
    this.brokersById.set(id, broker);
    if (creatorRequestId) this.creatorRequests.set(creatorRequestId, broker);
    const transition = {
      atOnce,
      during: 'CREATION_IN_PROGRESS',
      failed: 'CREATION_FAILED',
    } as const;
    return { broker, started: broker.transition(transition, () => this.startBroker(broker)) };
  }

  /** Restarts a broker with everything that awaits a reboot. @returns when it has been done */
  reboot(broker: Broker, atOnce: boolean): Promise<void> {
    const transition = {
      atOnce,
      during: 'REBOOT_IN_PROGRESS',
      failed: 'CRITICAL_ACTION_REQUIRED',
    } as const;
    return broker.transition(transition, async () => {
      applyPending(broker);
      await broker.running?.reboot(this.settingsOf(broker));
    });
  }

  /** Ends a broker and removes its messages. @returns when it is gone */
  async deleteBroker(broker: Broker, atOnce: boolean): Promise<void> {
    const transition = {
      atOnce,
      during: 'DELETION_IN_PROGRESS',
      failed: 'DELETION_IN_PROGRESS',
    } as const;
    await broker.transition(transition, async () => {
      broker.metrics?.stop();
      await broker.running?.remove();
      await rm(await this.storeOf(broker), { recursive: true, force: true, maxRetries: 5 });
    });
    this.brokersById.delete(broker.id);
    broker.changed();
  }

  /** Makes a configuration with the default revision. @throws ServiceError in AWS's words. */
  createConfiguration(request: ConfigurationRequest): Configuration {
    const engine = engineOf(request.engineType);
    if (!/^[A-Za-z0-9\-._~]{1,150}$/.test(request.name))
      throw badRequest(
        `Configuration name [${request.name}] is invalid. It must be 1-150 characters long and can contain only alphanumeric characters, dashes, periods, underscores, and tildes (- . _ ~).`,
        'name',
      );
    return this.addConfiguration(
      request.name,
      engine,
      versionOf(engine, request.engineVersion),
      request.tags,
    );
  }

  /** @throws ServiceError if a broker has it */
  deleteConfiguration(configuration: Configuration): void {
    const user = this.brokers().find(
      ({ configuration: current, pending }) =>
        current?.id === configuration.id || pending.configuration?.id === configuration.id,
    );
    if (user)
      throw badRequest(
        `Configuration [${configuration.id}] is associated with broker [${user.id}].`,
        'configuration-id',
      );
    this.configurationsById.delete(configuration.id);
  }

  /**
   * The revision that a reference means.
   *
   * @throws ServiceError if there is none, or it is of another engine
   */
  resolve(
    { id, revision }: ConfigurationReference,
    engine: Engine,
  ): Required<ConfigurationReference> {
    const configuration = this.configuration(id);
    if (configuration.engine !== engine)
      throw badRequest(
        `Configuration [${id}] is for another broker engine type than that of the broker.`,
        'configuration',
      );
    const meant = revision === undefined ? configuration.latest : configuration.revision(revision);
    return { id, revision: meant.revision };
  }

  private async startBroker(broker: Broker): Promise<void> {
    const { definition, id } = broker;
    broker.running = await this.dependencies.engines.start({
      ...this.settingsOf(broker),
      brokerName: definition.name,
      engine: definition.engine,
      engineVersion: definition.engineVersion,
      id,
      members: broker.members,
      secret: this.random(`broker/${definition.name}/secret`).hex(32),
      store: await this.storeOf(broker),
      onLog: (member, kind, message) => {
        // A sign of life, for a manual clock that waits for a start.
        this.env.clock.begin(`log of broker ${definition.name}`)();
        this.logs.write(broker, member, kind, message);
      },
    });
    const { account, region } = this;
    broker.metrics = new BrokerMetrics(broker, { account, region }, this.env);
    broker.endpoints = broker.running.endpoints();
    broker.consoleUrls = broker.running.consoleUrls();
    broker.running.onChange(() => broker.changed());
    broker.changed();
  }

  private settingsOf({ configuration, users }: Broker): BrokerSettings {
    return {
      users: [...users.values()].flatMap(({ current }) => (current ? [engineUser(current)] : [])),
      configuration:
        configuration && this.configuration(configuration.id).revision(configuration.revision).data,
    };
  }

  private async storeOf({ definition }: Broker): Promise<string> {
    const directory = await this.dependencies.storageDirectory();
    return join(directory, 'mq', this.account, this.region, definition.name);
  }

  /** AWS makes a configuration for a broker of ActiveMQ that is given none. */
  private configurationFor(
    definition: BrokerDefinition,
  ): Required<ConfigurationReference> | undefined {
    const { configuration, engine, engineVersion, name } = definition;
    if (configuration) return this.resolve(configuration, engine);
    if (engine === 'RABBITMQ') return undefined;
    const { id } = this.addConfiguration(`${name}-configuration`, engine, engineVersion);
    return { id, revision: 1 };
  }

  /** @param tags - undefined for one that a broker brings about */
  private addConfiguration(
    name: string,
    engine: Engine,
    engineVersion: string,
    tags?: Readonly<Record<string, string>>,
  ): Configuration {
    const id = `c-${this.random(`configuration/${name}`).uuid()}`;
    const now = this.env.clock.now();
    const arn = this.configurationArn(id);
    const configuration = new Configuration(
      id,
      arn,
      name,
      engine,
      engineVersion,
      now,
      tags ?? {},
      tags === undefined,
    );
    const { data, description } = defaultConfiguration(engine, engineVersion);
    configuration.revise(data, description, now);
    this.configurationsById.set(id, configuration);
    return configuration;
  }

  private arn(resource: string): string {
    return `arn:aws:mq:${this.region}:${this.account}:${resource}`;
  }

  private random(what: string) {
    return this.env.random.stream(`mq/${this.account}/${this.region}/${what}`);
  }
}

/** Makes everything current that awaited the reboot. */
function applyPending(broker: Broker): void {
  const { pending, users } = broker;
  if (pending.configuration) {
    if (broker.configuration) broker.configurationHistory.unshift(broker.configuration);
    broker.configuration = pending.configuration;
  }
  broker.definition = {
    ...broker.definition,
    engineVersion: pending.engineVersion ?? broker.definition.engineVersion,
    instanceType: pending.instanceType ?? broker.definition.instanceType,
    logs: pending.logs ?? broker.definition.logs,
    securityGroups: pending.securityGroups ?? broker.definition.securityGroups,
  };
  for (const name of [
    'configuration',
    'engineVersion',
    'instanceType',
    'logs',
    'securityGroups',
  ] as const)
    delete pending[name];
  for (const [username, user] of users) {
    if (user.pending?.change === 'DELETE') users.delete(username);
    else if (user.pending) users.set(username, { current: user.pending.user });
  }
}
