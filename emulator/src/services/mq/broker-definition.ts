import type { BrokerStorageType, DeploymentMode, WeeklyStartTime } from '@aws-sdk/client-mq';
import { checkCombination, type Engine, engineNames, engineOf, versionOf } from './catalog';
import { badRequest } from './errors';
import { checkUsers, type UserDefinition } from './user';

/** A revision of a configuration. */
export interface ConfigurationReference {
  readonly id: string;
  /** @default - the latest */
  readonly revision?: number;
}

/** Which logs go to CloudWatch Logs. */
export interface LogSettings {
  readonly general: boolean;
  readonly audit: boolean;
}

/** What a caller says of a new broker. */
export interface BrokerRequest {
  readonly name: string;
  readonly engineType: string;
  readonly engineVersion?: string;
  readonly instanceType: string;
  readonly deploymentMode: DeploymentMode;
  readonly storageType?: string;
  readonly publiclyAccessible: boolean;
  readonly autoMinorVersionUpgrade?: boolean;
  readonly configuration?: ConfigurationReference;
  readonly encryption?: { readonly useAwsOwnedKey: boolean; readonly kmsKeyId?: string };
  readonly logs?: Partial<LogSettings>;
  readonly maintenanceWindow?: WeeklyStartTime;
  readonly securityGroups?: readonly string[];
  readonly subnetIds?: readonly string[];
  readonly users: readonly UserDefinition[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A new broker with everything decided. */
export interface BrokerDefinition
  extends Omit<BrokerRequest, 'engineType' | 'logs' | 'storageType' | 'autoMinorVersionUpgrade'> {
  readonly engine: Engine;
  readonly engineVersion: string;
  readonly storageType: BrokerStorageType;
  readonly autoMinorVersionUpgrade: boolean;
  readonly logs: LogSettings;
  readonly maintenanceWindow: WeeklyStartTime;
}

const defaultWindow: WeeklyStartTime = { DayOfWeek: 'SUNDAY', TimeOfDay: '00:00', TimeZone: 'UTC' };

/** How many subnets a mode takes where subnets are given. */
const subnetCounts: Readonly<Record<DeploymentMode, number>> = {
  ACTIVE_STANDBY_MULTI_AZ: 2,
  CLUSTER_MULTI_AZ: 3,
  SINGLE_INSTANCE: 1,
};

/**
 * Checks a request for a broker, and fills in what it leaves open.
 *
 * @throws ServiceError `BadRequestException` naming what does not fit.
 */
export function brokerDefinition(request: BrokerRequest): BrokerDefinition {
  const engine = engineOf(request.engineType);
  if (!/^[A-Za-z0-9_-]{1,50}$/.test(request.name))
    throw badRequest(
      `Broker name [${request.name}] is invalid. It must be 1-50 characters long and can contain only letters, numbers, dashes, and underscores.`,
      'brokerName',
    );
  const engineVersion = versionOf(engine, request.engineVersion);
  const storageType = storageTypeOf(engine, request.storageType);
  const { deploymentMode, instanceType } = request;
  checkCombination({ engine, version: engineVersion, instanceType, storageType, deploymentMode });
  checkNetwork(engine, request);
  const logs = logSettings(engine, request.logs);
  const autoMinorVersionUpgrade = request.autoMinorVersionUpgrade ?? true;
  checkMinorUpgrades(engine, engineVersion, autoMinorVersionUpgrade);
  checkUsers(engine, request.users);
  return {
    ...request,
    engine,
    engineVersion,
    storageType,
    autoMinorVersionUpgrade,
    logs,
    maintenanceWindow: request.maintenanceWindow ?? defaultWindow,
  };
}

/** @throws ServiceError as AWS requires it of the versions that there are */
export function checkMinorUpgrades(engine: Engine, version: string, automatic: boolean): void {
  if (!automatic)
    throw badRequest(
      `AutoMinorVersionUpgrade must be set to true for broker engine type [${engineNames[engine]}] version [${version}].`,
      'autoMinorVersionUpgrade',
    );
}

/** @throws ServiceError for an audit log of RabbitMQ */
export function logSettings(engine: Engine, wanted: Partial<LogSettings> = {}): LogSettings {
  if (engine === 'RABBITMQ' && wanted.audit)
    throw badRequest('Audit logging is not supported for RabbitMQ brokers.', 'logs.audit');
  return { general: wanted.general ?? false, audit: wanted.audit ?? false };
}

function storageTypeOf(engine: Engine, asked: string | undefined): BrokerStorageType {
  const storageType = (asked ?? (engine === 'ACTIVEMQ' ? 'EFS' : 'EBS')).toUpperCase();
  if (storageType === 'EFS' || storageType === 'EBS') return storageType;
  throw badRequest(
    `Broker storage type [${asked}] is invalid. Valid values: [EBS, EFS]`,
    'storageType',
  );
}

/** Where no subnets are given, AWS takes those of the default VPC. */
function checkNetwork(engine: Engine, request: BrokerRequest): void {
  const { deploymentMode, publiclyAccessible, securityGroups = [], subnetIds = [] } = request;
  if (securityGroups.length > 5)
    throw badRequest(
      `The number of security groups [${securityGroups.length}] exceeds the limit of 5.`,
      'securityGroups',
    );
  if (subnetIds.length === 0) return;
  if (engine === 'RABBITMQ' && publiclyAccessible)
    throw badRequest(
      'SubnetIds cannot be specified for publicly accessible RabbitMQ brokers.',
      'subnetIds',
    );
  const count = subnetCounts[deploymentMode];
  // A private RabbitMQ cluster may be given more subnets than it has nodes.
  if (subnetIds.length !== count && !(engine === 'RABBITMQ' && subnetIds.length > count))
    throw badRequest(
      `Specify exactly [${count}] subnet${count === 1 ? '' : 's'} for deployment mode [${deploymentMode}].`,
      'subnetIds',
    );
}
