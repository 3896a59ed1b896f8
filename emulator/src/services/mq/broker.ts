import type { BrokerState, DeploymentMode } from '@aws-sdk/client-mq';
import type { Clock } from '../../clock/clock';
import type { BrokerDefinition, ConfigurationReference, LogSettings } from './broker-definition';
import type { BrokerMetrics } from './broker-metrics';
import type { RunningBroker } from './running-broker';
import type { User } from './user';

/** Changes of a broker that await its next reboot. */
export interface PendingChanges {
  configuration?: Required<ConfigurationReference>;
  engineVersion?: string;
  instanceType?: string;
  logs?: LogSettings;
  securityGroups?: readonly string[];
}

/**
 * Emulated milliseconds that it takes to create, reboot or delete a broker through the API, unless its processes take
 * longer. On AWS it is minutes.
 */
export const transitionTime = 5000;

const memberCounts: Readonly<Record<DeploymentMode, number>> = {
  ACTIVE_STANDBY_MULTI_AZ: 2,
  CLUSTER_MULTI_AZ: 3,
  SINGLE_INSTANCE: 1,
};

/** A broker as Amazon MQ knows it. */
export class Broker {
  state: BrokerState = 'CREATION_IN_PROGRESS';
  /** Its processes, once they have been started. */
  running: RunningBroker | undefined;
  metrics: BrokerMetrics | undefined;
  readonly users = new Map<string, User>();
  readonly tags: Map<string, string>;
  readonly pending: PendingChanges = {};
  configuration: Required<ConfigurationReference> | undefined;
  /** Configurations that it had before, the latest first. */
  readonly configurationHistory: Required<ConfigurationReference>[] = [];
  /** Where it is reached, the same as long as it exists: a list for each member of a pair, one for all nodes of a cluster. */
  endpoints: string[][] = [];
  /** Where the web console of each of these addresses is; none if the engine has none. */
  consoleUrls: string[] = [];
  /** Called when one of its processes begins or ceases to serve, and when it is gone. */
  readonly listeners = new Set<() => void>();

  constructor(
    readonly id: string,
    readonly arn: string,
    readonly created: number,
    /** What it was created with, or what reboots have made of it. */
    public definition: BrokerDefinition,
    private readonly clock: Clock,
  ) {
    this.tags = new Map(Object.entries(definition.tags));
    for (const user of definition.users) this.users.set(user.username, { current: user });
  }

  /** How many processes it has. */
  get members(): number {
    return memberCounts[this.definition.deploymentMode];
  }

  /** Where it serves clients of AMQP now; undefined while it does not. */
  get amqpEndpoint(): string | undefined {
    const { running } = this;
    if (!running?.active) return undefined;
    // The nodes of a cluster all serve, at the one address that clients are told of.
    const isCluster = this.definition.deploymentMode === 'CLUSTER_MULTI_AZ';
    const endpoints = isCluster ? running.endpoints().flat() : running.active.endpoints();
    return endpoints.find((endpoint) => endpoint.startsWith('amqp'));
  }

  /** Tells those who follow it that something has changed. */
  changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /**
   * Enters a state until work is done, for as long as such a transition takes.
   *
   * @param atOnce - whether no emulated time passes
   * @throws whatever the work throws; the broker is in state `failed` then
   */
  async transition(
    { atOnce, during, failed }: { atOnce: boolean; during: BrokerState; failed: BrokerState },
    work: () => Promise<void>,
  ): Promise<void> {
    this.state = during;
    const time = atOnce
      ? Promise.resolve()
      : this.clock.sleep(transitionTime, `${during} of broker ${this.definition.name}`);
    try {
      await this.clock.work(`${during} of broker ${this.definition.name}`, work);
      await time;
      this.state = 'RUNNING';
    } catch (error) {
      this.state = failed;
      throw error;
    }
  }
}
