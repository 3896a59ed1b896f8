import type { DayOfWeek } from '@aws-sdk/client-mq';
import {
  CreationFailedError,
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { spelledAs, tagList } from '../live-properties';
import { changedProperties, templateTags, updateTemplateTags } from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import type { Broker } from './broker';
import type { BrokerRequest } from './broker-definition';
import { updateBroker } from './broker-operations';
import type { MqRegion } from './mq-region';
import { checkUsers, type UserDefinition } from './user';

const brokerType = 'AWS::AmazonMQ::Broker';

const properties = [
  'AuthenticationStrategy',
  'AutoMinorVersionUpgrade',
  'BrokerName',
  'Configuration',
  'DataReplicationMode',
  'DeploymentMode',
  'EncryptionOptions',
  'EngineType',
  'EngineVersion',
  'HostInstanceType',
  'Logs',
  'MaintenanceWindowStartTime',
  'PubliclyAccessible',
  'SecurityGroups',
  'StorageType',
  'SubnetIds',
  'Tags',
  'Users',
] as const;

/** Kept and described; nothing is encrypted, and no packet is filtered. */
const recorded = [
  'AutoMinorVersionUpgrade',
  'EncryptionOptions',
  'EngineVersion',
  'HostInstanceType',
  'MaintenanceWindowStartTime',
  'PubliclyAccessible',
  'SecurityGroups',
  'SubnetIds',
];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-amazonmq-broker.html */
export function brokerProvider(
  regions: Regional<MqRegion>,
  { authorize }: ServiceEnvironment,
): ResourceProvider {
  const regionOf = ({ account, region }: Pick<ResourceRequest, 'account' | 'region'>) =>
    regions.in(account, region);
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    authorize({ caller, action: `mq:${action}`, resource });
  return {
    type: brokerType,
    level: 'emulated',
    recordedProperties: recorded,
    unorderedProperties: ['SecurityGroups', 'SubnetIds', 'Users'],
    unsupported: (given) => [
      ...unsupportedProperties(brokerType, given, properties),
      ...refusedValues(given),
    ],
    async create(request) {
      const region = regionOf(request);
      ask(request, 'CreateBroker', '*');
      const { broker, started } = region.createBroker(brokerRequest(request), { atOnce: true });
      try {
        await started;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new CreationFailedError(reason, broker.id);
      }
      return brokerState(broker);
    },
    async find({ account, region, identifier }) {
      const broker = regions.in(account, region).find(identifier.Id ?? '');
      return broker && brokerState(broker);
    },
    async update(request) {
      const region = regionOf(request);
      const broker = region.broker(request.physicalId);
      ask(request, 'UpdateBroker', broker.arn);
      const changed = changedProperties(request.previous.properties, request.properties);
      const after = brokerRequest(request);
      const given = <T>(name: (typeof properties)[number], value: T): T | undefined =>
        changed.has(name) ? value : undefined;
      updateBroker(region, broker, {
        autoMinorVersionUpgrade: given('AutoMinorVersionUpgrade', after.autoMinorVersionUpgrade),
        configuration: given('Configuration', after.configuration),
        engineVersion: given('EngineVersion', after.engineVersion),
        instanceType: given('HostInstanceType', after.instanceType),
        logs: given('Logs', after.logs),
        maintenanceWindow: given('MaintenanceWindowStartTime', after.maintenanceWindow),
        securityGroups: given('SecurityGroups', after.securityGroups),
      });
      if (changed.has('Users')) replaceUsers(broker, after.users);
      updateTemplateTags(broker.tags, request);
      if (awaitsReboot(broker)) {
        ask(request, 'RebootBroker', broker.arn);
        await region.reboot(broker, true);
      }
      return brokerState(broker);
    },
    async delete(request) {
      const region = regionOf(request);
      ask(request, 'DeleteBroker', region.brokerArn(request.physicalId));
      const broker = region.find(request.physicalId);
      if (broker) await region.deleteBroker(broker, true);
    },
    async read(request) {
      const region = regionOf(request);
      ask(request, 'DescribeBroker', region.brokerArn(request.physicalId));
      const broker = region.find(request.physicalId);
      return broker && liveBroker(broker, request.properties);
    },
  };
}

function refusedValues({
  AuthenticationStrategy: strategy,
  DataReplicationMode: replication,
  Users: users,
}: ResourceProperties): string[] {
  const refused: string[] = [];
  if (typeof strategy === 'string' && strategy.toUpperCase() !== 'SIMPLE')
    refused.push(`${brokerType} does not support AuthenticationStrategy ${strategy}`);
  if (typeof replication === 'string' && replication !== 'NONE')
    refused.push(`${brokerType} does not support DataReplicationMode ${replication}`);
  const replicates =
    Array.isArray(users) && users.some((user) => String(Object(user).ReplicationUser) === 'true');
  if (replicates) refused.push(`${brokerType} does not support ReplicationUser of a user`);
  return refused;
}

function brokerRequest(request: ResourceRequest): BrokerRequest {
  const reader = new PropertyReader(request.properties);
  const configuration = reader.object('Configuration');
  const encryption = reader.object('EncryptionOptions');
  const logs = reader.object('Logs');
  const window = reader.object('MaintenanceWindowStartTime');
  return {
    name: reader.requiredString('BrokerName'),
    engineType: reader.requiredString('EngineType'),
    engineVersion: reader.string('EngineVersion'),
    instanceType: reader.requiredString('HostInstanceType'),
    deploymentMode: deploymentModeOf(reader.requiredString('DeploymentMode')),
    storageType: reader.string('StorageType'),
    publiclyAccessible: reader.boolean('PubliclyAccessible') ?? false,
    autoMinorVersionUpgrade: reader.boolean('AutoMinorVersionUpgrade'),
    configuration: configuration && {
      id: configuration.requiredString('Id'),
      revision: configuration.number('Revision'),
    },
    encryption: encryption && {
      useAwsOwnedKey: encryption.boolean('UseAwsOwnedKey') ?? false,
      kmsKeyId: encryption.string('KmsKeyId'),
    },
    logs: { general: logs?.boolean('General'), audit: logs?.boolean('Audit') },
    maintenanceWindow: window && {
      DayOfWeek: dayOf(window.requiredString('DayOfWeek')),
      TimeOfDay: window.requiredString('TimeOfDay'),
      TimeZone: window.string('TimeZone'),
    },
    securityGroups: reader.strings('SecurityGroups'),
    subnetIds: reader.strings('SubnetIds'),
    users: (reader.objects('Users') ?? []).map((user) => ({
      username: user.requiredString('Username'),
      password: user.requiredString('Password'),
      consoleAccess: user.boolean('ConsoleAccess') ?? false,
      groups: user.strings('Groups') ?? [],
    })),
    tags: templateTags(request),
  };
}

function brokerState(broker: Broker): ResourceState {
  const { configuration, consoleUrls, definition, endpoints } = broker;
  const of = (scheme: string): string[] =>
    endpoints.flatMap((all) => all.filter((endpoint) => endpoint.startsWith(`${scheme}://`)));
  const amqp = definition.engine === 'RABBITMQ' ? endpoints.slice(0, 1).flat() : of('amqp+ssl');
  return {
    physicalId: broker.id,
    attributes: {
      Id: broker.id,
      Arn: broker.arn,
      AmqpEndpoints: amqp,
      ...(consoleUrls.length > 0 && { ConsoleURLs: consoleUrls }),
      MqttEndpoints: of('mqtt+ssl'),
      OpenWireEndpoints: of('ssl'),
      StompEndpoints: of('stomp+ssl'),
      WssEndpoints: of('wss'),
      IpAddresses: definition.engine === 'RABBITMQ' ? [] : endpoints.map(() => '127.0.0.1'),
      EngineVersionCurrent: definition.engineVersion,
      ...(configuration && {
        ConfigurationId: configuration.id,
        ConfigurationRevision: String(configuration.revision),
      }),
    },
  };
}

/** Has a broker have these users, from its next reboot on. */
function replaceUsers(broker: Broker, users: readonly UserDefinition[]): void {
  checkUsers(broker.definition.engine, users);
  for (const [username, user] of broker.users)
    if (!users.some((wanted) => wanted.username === username))
      if (user.current) user.pending = { change: 'DELETE', user: user.current };
      else broker.users.delete(username);
  for (const wanted of users) {
    const user = broker.users.get(wanted.username) ?? {};
    user.pending = { change: user.current ? 'UPDATE' : 'CREATE', user: wanted };
    broker.users.set(wanted.username, user);
  }
}

function awaitsReboot({ pending, users }: Broker): boolean {
  return Object.keys(pending).length > 0 || [...users.values()].some((user) => user.pending);
}

/** What a broker has come to; not its passwords. */
function liveBroker(broker: Broker, template: ResourceProperties) {
  const { configuration, definition } = broker;
  const { logs, maintenanceWindow } = definition;
  return {
    AutoMinorVersionUpgrade: definition.autoMinorVersionUpgrade,
    BrokerName: definition.name,
    Configuration: configuration && { Id: configuration.id, Revision: configuration.revision },
    DeploymentMode: definition.deploymentMode,
    EngineType: spelledAs(template.EngineType, definition.engine, (text) => text.toUpperCase()),
    EngineVersion: spelledAs(template.EngineVersion, definition.engineVersion, (text) =>
      text.split('.').slice(0, 2).join('.'),
    ),
    HostInstanceType: definition.instanceType,
    Logs: { General: logs.general, ...(definition.engine === 'ACTIVEMQ' && { Audit: logs.audit }) },
    MaintenanceWindowStartTime: {
      DayOfWeek: maintenanceWindow.DayOfWeek ?? null,
      TimeOfDay: maintenanceWindow.TimeOfDay ?? null,
      TimeZone: maintenanceWindow.TimeZone ?? null,
    },
    PubliclyAccessible: definition.publiclyAccessible,
    SecurityGroups: [...(definition.securityGroups ?? [])],
    StorageType: spelledAs(template.StorageType, definition.storageType, (text) =>
      text.toUpperCase(),
    ),
    SubnetIds: [...(definition.subnetIds ?? [])],
    Tags: tagList(broker.tags),
  };
}

function deploymentModeOf(text: string): BrokerRequest['deploymentMode'] {
  const mode = (['ACTIVE_STANDBY_MULTI_AZ', 'CLUSTER_MULTI_AZ', 'SINGLE_INSTANCE'] as const).find(
    (candidate) => candidate === text,
  );
  if (!mode) throw new TypeError(`DeploymentMode ${text} is none of Amazon MQ`);
  return mode;
}

function dayOf(text: string): DayOfWeek {
  const days = [
    'MONDAY',
    'TUESDAY',
    'WEDNESDAY',
    'THURSDAY',
    'FRIDAY',
    'SATURDAY',
    'SUNDAY',
  ] as const;
  const day = days.find((candidate) => candidate === text.toUpperCase());
  if (!day) throw new TypeError(`DayOfWeek ${text} is none`);
  return day;
}
