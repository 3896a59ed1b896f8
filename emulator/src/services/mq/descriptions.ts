import type { BrokerInstance, EngineType, UserSummary } from '@aws-sdk/client-mq';
import { availabilityZones } from '../../network/availability-zones';
import type { OutputOf } from '../../protocol/handlers';
import type { Broker } from './broker';
import { logGroupName } from './broker-logs';
import { type Engine, engineNames, type InstanceOption } from './catalog';
import type { Configuration, Revision } from './configuration';

/** Amazon MQ's SDK client module. */
export type MqApi = typeof import('@aws-sdk/client-mq');

/** The service answers `ActiveMQ` and `RabbitMQ`, which its published model, and so the SDK's type, does not have. */
function engineType(engine: Engine): EngineType {
  const name: string = engineNames[engine];
  return name as EngineType;
}

/** A broker in full. */
export function describeBroker(broker: Broker): OutputOf<MqApi, 'DescribeBroker'> {
  const { definition, id, pending } = broker;
  const { encryption, logs } = definition;
  return {
    ActionsRequired: [],
    AuthenticationStrategy: 'SIMPLE',
    AutoMinorVersionUpgrade: definition.autoMinorVersionUpgrade,
    BrokerArn: broker.arn,
    BrokerId: id,
    BrokerInstances: brokerInstances(broker),
    BrokerName: definition.name,
    BrokerState: broker.state,
    Configurations: broker.configuration && {
      Current: configurationId(broker.configuration),
      History: broker.configurationHistory.map(configurationId),
      Pending: pending.configuration && configurationId(pending.configuration),
    },
    Created: new Date(broker.created),
    DataReplicationMode: 'NONE',
    DeploymentMode: definition.deploymentMode,
    EncryptionOptions: {
      UseAwsOwnedKey: encryption?.useAwsOwnedKey ?? true,
      KmsKeyId: encryption?.kmsKeyId,
    },
    EngineType: engineType(definition.engine),
    EngineVersion: definition.engineVersion,
    HostInstanceType: definition.instanceType,
    Logs: {
      General: logs.general,
      GeneralLogGroup: logGroupName(id, 'general'),
      ...(definition.engine === 'ACTIVEMQ' && {
        Audit: logs.audit,
        AuditLogGroup: logGroupName(id, 'audit'),
      }),
      Pending: pending.logs && { General: pending.logs.general, Audit: pending.logs.audit },
    },
    MaintenanceWindowStartTime: definition.maintenanceWindow,
    PendingEngineVersion: pending.engineVersion,
    PendingHostInstanceType: pending.instanceType,
    PendingSecurityGroups: pending.securityGroups && [...pending.securityGroups],
    PubliclyAccessible: definition.publiclyAccessible,
    SecurityGroups: [...(definition.securityGroups ?? [])],
    StorageType: definition.storageType,
    SubnetIds: [...(definition.subnetIds ?? [])],
    Tags: Object.fromEntries(broker.tags),
    Users: userSummaries(broker),
  };
}

/** A broker in a list. */
export function summarizeBroker(broker: Broker) {
  const { definition } = broker;
  return {
    BrokerArn: broker.arn,
    BrokerId: broker.id,
    BrokerName: definition.name,
    BrokerState: broker.state,
    Created: new Date(broker.created),
    DeploymentMode: definition.deploymentMode,
    EngineType: engineType(definition.engine),
    HostInstanceType: definition.instanceType,
  };
}

/** The processes of a broker; those of a RabbitMQ cluster are behind one endpoint. */
export function brokerInstances({ consoleUrls, definition, endpoints }: Broker): BrokerInstance[] {
  if (definition.engine === 'RABBITMQ') {
    const [first] = endpoints;
    const [ConsoleURL] = consoleUrls;
    return first ? [{ ConsoleURL, Endpoints: [...first] }] : [];
  }
  return endpoints.map((Endpoints) => ({ Endpoints: [...Endpoints], IpAddress: '127.0.0.1' }));
}

/** The users of a broker, in the order of their names. */
export function userSummaries({ users }: Broker): UserSummary[] {
  return [...users]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([Username, { pending }]) => ({ Username, PendingChange: pending?.change }));
}

/** A configuration as it is described and listed. */
export function describeConfiguration(configuration: Configuration) {
  return {
    Arn: configuration.arn,
    AuthenticationStrategy: 'SIMPLE' as const,
    Created: new Date(configuration.created),
    Description: configuration.latest.description,
    EngineType: engineType(configuration.engine),
    EngineVersion: configuration.engineVersion,
    Id: configuration.id,
    LatestRevision: describeRevision(configuration.latest),
    Name: configuration.name,
    Tags: Object.fromEntries(configuration.tags),
  };
}

/** A revision without its data. */
export function describeRevision({ created, description, revision }: Revision) {
  return { Created: new Date(created), Description: description, Revision: revision };
}

/** What machines there are. */
export function describeOption(option: InstanceOption, region: string) {
  return {
    AvailabilityZones: availabilityZones(region).map(({ name }) => ({ Name: name })),
    EngineType: engineType(option.engine),
    HostInstanceType: option.instanceType,
    StorageType: option.storageType,
    SupportedDeploymentModes: [...option.deploymentModes],
    SupportedEngineVersions: [...option.engineVersions],
  };
}

/** An engine with its versions. */
export function describeEngine(engine: Engine, versions: readonly string[]) {
  return {
    EngineType: engineType(engine),
    EngineVersions: versions.map((Name) => ({ Name })),
  };
}

function configurationId({ id, revision }: { id: string; revision: number }) {
  return { Id: id, Revision: revision };
}
