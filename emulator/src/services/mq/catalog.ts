import type { BrokerStorageType, DeploymentMode } from '@aws-sdk/client-mq';
import { badRequest } from './errors';

/** The two engines, as requests name them. */
export type Engine = 'ACTIVEMQ' | 'RABBITMQ';

/** How the service itself spells them in answers. */
export const engineNames = { ACTIVEMQ: 'ActiveMQ', RABBITMQ: 'RabbitMQ' } as const;

/** A class of machines, and what may run on it. */
export interface InstanceOption {
  readonly engine: Engine;
  readonly instanceType: string;
  readonly storageType: BrokerStorageType;
  readonly deploymentModes: readonly DeploymentMode[];
  readonly engineVersions: readonly string[];
}

/**
 * Versions that a broker can be created with, the latest first.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-version-management.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html
 */
export const engineVersions: Readonly<Record<Engine, readonly string[]>> = {
  ACTIVEMQ: ['5.19', '5.18'],
  RABBITMQ: ['4.2', '3.13'],
};

const activeMqTypes = [
  'mq.t3.micro',
  'mq.m5.large',
  'mq.m5.xlarge',
  'mq.m5.2xlarge',
  'mq.m5.4xlarge',
];
const rabbitMqTypes = [
  'mq.t3.micro',
  'mq.m5.large',
  'mq.m5.xlarge',
  'mq.m5.2xlarge',
  'mq.m5.4xlarge',
];
const gravitonTypes = [
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
 * What can be combined. A pair shares its storage and so needs EFS; EBS is for single brokers from `mq.m5` up.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/broker-instance-types.html
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/broker-storage.html
 */
export const instanceOptions: readonly InstanceOption[] = [
  ...activeMqTypes.map(
    (instanceType): InstanceOption => ({
      engine: 'ACTIVEMQ',
      instanceType,
      storageType: 'EFS',
      deploymentModes: ['ACTIVE_STANDBY_MULTI_AZ', 'SINGLE_INSTANCE'],
      engineVersions: engineVersions.ACTIVEMQ,
    }),
  ),
  ...activeMqTypes.slice(1).map(
    (instanceType): InstanceOption => ({
      engine: 'ACTIVEMQ',
      instanceType,
      storageType: 'EBS',
      deploymentModes: ['SINGLE_INSTANCE'],
      engineVersions: engineVersions.ACTIVEMQ,
    }),
  ),
  ...rabbitMqTypes.map(
    (instanceType): InstanceOption => ({
      engine: 'RABBITMQ',
      instanceType,
      storageType: 'EBS',
      deploymentModes:
        instanceType === 'mq.t3.micro'
          ? ['SINGLE_INSTANCE']
          : ['CLUSTER_MULTI_AZ', 'SINGLE_INSTANCE'],
      engineVersions: ['3.13'],
    }),
  ),
  ...gravitonTypes.map(
    (instanceType): InstanceOption => ({
      engine: 'RABBITMQ',
      instanceType,
      storageType: 'EBS',
      deploymentModes: ['CLUSTER_MULTI_AZ', 'SINGLE_INSTANCE'],
      engineVersions: engineVersions.RABBITMQ,
    }),
  ),
];

/** The engine that a request names, in whatever case. @throws ServiceError `BadRequestException` */
export function engineOf(name: string): Engine {
  const engine = name.toUpperCase();
  if (engine === 'ACTIVEMQ' || engine === 'RABBITMQ') return engine;
  throw badRequest(
    `Broker engine type [${name}] is invalid. Valid values: [ACTIVEMQ, RABBITMQ]`,
    'engineType',
  );
}

/**
 * The version that a broker or a configuration gets: that asked for, without its patch level, or the latest.
 *
 * @throws ServiceError `BadRequestException` naming those that there are.
 */
export function versionOf(engine: Engine, asked: string | undefined): string {
  const versions = engineVersions[engine];
  const version = versions.find(
    (candidate) => asked === undefined || asked === candidate || asked.startsWith(`${candidate}.`),
  );
  if (version !== undefined) return version;
  throw badRequest(
    `Broker engine type [${engineNames[engine]}] does not support broker engine version [${asked}]. Valid values: [${versions.join(', ')}]`,
    'engineVersion',
  );
}

/**
 * Checks that machines, storage, version and mode go together.
 *
 * @throws ServiceError `BadRequestException` naming the first that does not fit.
 */
export function checkCombination(wanted: {
  readonly engine: Engine;
  readonly version: string;
  readonly instanceType: string;
  readonly storageType: BrokerStorageType;
  readonly deploymentMode: DeploymentMode;
}): void {
  const { deploymentMode, engine, instanceType, storageType, version } = wanted;
  const name = engineNames[engine];
  const ofEngine = instanceOptions.filter((option) => option.engine === engine);
  const ofType = ofEngine.filter((option) => option.instanceType === instanceType);
  if (ofType.length === 0)
    throw badRequest(
      `Broker engine type [${name}] does not support host instance type [${instanceType}].`,
      'hostInstanceType',
    );
  const ofVersion = ofType.filter((option) => option.engineVersions.includes(version));
  if (ofVersion.length === 0)
    throw badRequest(
      `Broker engine type [${name}] version [${version}] does not support host instance type [${instanceType}].`,
      'hostInstanceType',
    );
  const ofStorage = ofVersion.filter((option) => option.storageType === storageType);
  if (ofStorage.length === 0)
    throw badRequest(
      `Broker engine type [${name}] with host instance type [${instanceType}] does not support storage type [${storageType}].`,
      'storageType',
    );
  if (!ofStorage.some((option) => option.deploymentModes.includes(deploymentMode)))
    throw badRequest(
      `Broker engine type [${name}] with host instance type [${instanceType}] and storage type [${storageType}] does not support deployment mode [${deploymentMode}].`,
      'deploymentMode',
    );
}
