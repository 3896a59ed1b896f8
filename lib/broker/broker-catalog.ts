import type { BrokerEngine } from './engine-version';

/** How many brokers work together, as CloudFormation calls it. */
export type DeploymentMode = 'SINGLE_INSTANCE' | 'ACTIVE_STANDBY_MULTI_AZ' | 'CLUSTER_MULTI_AZ';

/** Where a broker keeps its messages: EFS spans zones, EBS is of one. */
export type BrokerStorage = 'EFS' | 'EBS';

/** Versions, machines, storage and modes that go together. */
interface BrokerOption {
  readonly engine: BrokerEngine;
  readonly versions: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly storage: BrokerStorage;
  readonly modes: readonly DeploymentMode[];
}

/** A broker to be. */
export interface BrokerChoice {
  readonly engine: BrokerEngine;
  /** Major and minor, such as `5.19`. */
  readonly version: string;
  /** Such as `mq.m5.large`. */
  readonly instanceType: string;
  readonly storage: BrokerStorage;
  readonly mode: DeploymentMode;
}

/** As they spell themselves. */
export const ENGINE_NAMES = { ACTIVEMQ: 'ActiveMQ', RABBITMQ: 'RabbitMQ' } as const;

const ACTIVEMQ = ['5.18', '5.19'];
const M5 = ['mq.m5.large', 'mq.m5.xlarge', 'mq.m5.2xlarge', 'mq.m5.4xlarge'];
const T3 = ['mq.t3.micro'];
const M7G = [
  'mq.m7g.medium',
  'mq.m7g.large',
  'mq.m7g.xlarge',
  'mq.m7g.2xlarge',
  'mq.m7g.4xlarge',
  'mq.m7g.8xlarge',
  'mq.m7g.12xlarge',
  'mq.m7g.16xlarge',
];

/**
 * What Amazon MQ makes. CloudFormation finds out only after it has made everything that the broker depends on.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-broker-instance-types.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-4.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/broker-storage.html
 */
const BROKER_OPTIONS: readonly BrokerOption[] = [
  {
    engine: 'ACTIVEMQ',
    versions: ACTIVEMQ,
    instanceTypes: [...T3, ...M5],
    storage: 'EFS',
    modes: ['SINGLE_INSTANCE', 'ACTIVE_STANDBY_MULTI_AZ'],
  },
  {
    engine: 'ACTIVEMQ',
    versions: ACTIVEMQ,
    instanceTypes: M5,
    storage: 'EBS',
    modes: ['SINGLE_INSTANCE'],
  },
  {
    engine: 'RABBITMQ',
    versions: ['3.13'],
    instanceTypes: T3,
    storage: 'EBS',
    modes: ['SINGLE_INSTANCE'],
  },
  {
    engine: 'RABBITMQ',
    versions: ['3.13'],
    instanceTypes: M5,
    storage: 'EBS',
    modes: ['SINGLE_INSTANCE', 'CLUSTER_MULTI_AZ'],
  },
  {
    engine: 'RABBITMQ',
    versions: ['3.13', '4.2', '4.3'],
    instanceTypes: M7G,
    storage: 'EBS',
    modes: ['SINGLE_INSTANCE', 'CLUSTER_MULTI_AZ'],
  },
];

/** Versions that Amazon MQ had and of which it makes no new brokers; those that there are it upgrades by itself. */
const ENDED: Readonly<Record<BrokerEngine, readonly string[]>> = {
  ACTIVEMQ: ['5.15', '5.16', '5.17'],
  RABBITMQ: ['3.8', '3.9', '3.10', '3.11', '3.12'],
};

const MODE_NAMES: Readonly<Record<DeploymentMode, string>> = {
  SINGLE_INSTANCE: 'a single broker',
  ACTIVE_STANDBY_MULTI_AZ: 'an active/standby pair',
  CLUSTER_MULTI_AZ: 'a cluster',
};

/** Major and minor of a version, such as `5.16` of `5.16.7`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** Whether Amazon MQ has ended its support of a version. */
export function supportHasEnded(engine: BrokerEngine, version: string): boolean {
  return ENDED[engine].includes(minorOf(version));
}

/** Versions that brokers can be made of. */
export function supportedVersions(engine: BrokerEngine): string[] {
  return unique(
    BROKER_OPTIONS.filter((option) => option.engine === engine),
    'versions',
  );
}

/**
 * Why Amazon MQ would not make a broker, with what it would make instead; undefined if it would, or if the version is not known.
 */
export function whyNot(choice: BrokerChoice): string | undefined {
  const { engine, instanceType, mode, storage, version } = choice;
  const name = ENGINE_NAMES[engine];
  const ofEngine = BROKER_OPTIONS.filter((option) => option.engine === engine);
  if (supportHasEnded(engine, version)) {
    return `Amazon MQ has ended its support of ${name} ${version}: take one of ${list(unique(ofEngine, 'versions'))}`;
  }
  if (!/^\d+\.\d+$/.test(version)) {
    return `Amazon MQ takes the major and minor version of ${name} only, such as ${minorOf(version)}, got '${version}'`;
  }
  const ofVersion = ofEngine.filter(({ versions }) => versions.includes(version));
  if (ofVersion.length === 0) return undefined;
  const ofMode = ofVersion.filter(({ modes }) => modes.includes(mode));
  if (ofMode.length === 0) {
    return `${name} has no ${MODE_NAMES[mode].replace(/^an? /, '')}`;
  }
  const ofStorage = ofMode.filter((option) => option.storage === storage);
  if (ofStorage.length === 0) {
    return `${MODE_NAMES[mode]} of ${name} keeps its messages on ${list(ofMode.map((option) => option.storage))}, not on ${storage}`;
  }
  if (ofStorage.some(({ instanceTypes }) => instanceTypes.includes(instanceType))) return undefined;
  return `${MODE_NAMES[mode]} of ${name} ${version} on ${storage} does not run on ${instanceType}: take one of ${list(unique(ofStorage, 'instanceTypes'))}`;
}

function unique(
  options: readonly BrokerOption[],
  of: 'versions' | 'instanceTypes' | 'modes',
): string[] {
  return [...new Set(options.flatMap((option): readonly string[] => option[of]))];
}

function list(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}
