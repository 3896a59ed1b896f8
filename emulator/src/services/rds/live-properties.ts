import type { LiveProperties, ReadRequest, TemplateValue } from '../../cloudformation/provider';
import { spelledAs, tagList } from '../live-properties';
import type { DbCluster, DbInstance } from './databases';
import type { ParameterGroup } from './groups';

/** Recorded properties that are instructions, which RDS does not tell afterwards. */
const instructions = [
  'AllowMajorVersionUpgrade',
  'ApplyImmediately',
  'CertificateRotationRestart',
  'DBInstanceParameterGroupName',
  'DeleteAutomatedBackups',
];

/** What an instance has come to; not its password. */
export function liveInstance(instance: DbInstance, request: ReadRequest): LiveProperties {
  const { properties } = request;
  return {
    ...liveDatabase(instance, request),
    DBClusterIdentifier: named(properties.DBClusterIdentifier, instance.cluster?.id),
    DBInstanceClass: instance.instanceClass,
    DBInstanceIdentifier: named(properties.DBInstanceIdentifier, instance.id),
    DBName: instance.databaseName,
    DBParameterGroupName: named(properties.DBParameterGroupName, instance.parameterGroup),
  };
}

/** What a cluster has come to; not its password. */
export function liveCluster(cluster: DbCluster, request: ReadRequest): LiveProperties {
  const { properties } = request;
  const { ServerlessV2ScalingConfiguration: declared } = properties;
  return {
    ...liveDatabase(cluster, request),
    DatabaseName: cluster.databaseName,
    DBClusterIdentifier: named(properties.DBClusterIdentifier, cluster.id),
    DBClusterParameterGroupName: named(
      properties.DBClusterParameterGroupName,
      cluster.parameterGroup,
    ),
    EngineMode: 'provisioned',
    ServerlessV2ScalingConfiguration: cluster.scaling && {
      ...(typeof declared === 'object' && declared),
      MinCapacity: cluster.scaling.minCapacity,
      MaxCapacity: cluster.scaling.maxCapacity,
    },
  };
}

/** What a parameter group has come to. `nameProperty` is what its type calls its name. */
export function liveParameterGroup(
  group: ParameterGroup,
  nameProperty: string,
  { properties }: ReadRequest,
): LiveProperties {
  return {
    [nameProperty]: named(properties[nameProperty], group.name),
    Description: group.description,
    Family: group.family,
    Parameters: { ...group.parameters },
    Tags: tagList(group.tags),
  };
}

function liveDatabase(
  database: DbInstance | DbCluster,
  { properties }: ReadRequest,
): LiveProperties {
  const recorded = Object.entries(database.recorded).filter(
    ([name]) => !instructions.includes(name),
  );
  return {
    ...Object.fromEntries(recorded),
    DBSubnetGroupName: named(properties.DBSubnetGroupName, database.subnetGroup),
    DeletionProtection: database.deletionProtection,
    Engine: database.engine,
    EngineVersion: database.engineVersion,
    ManageMasterUserPassword: database.master.secretArn !== undefined,
    MasterUsername: database.master.username,
    Tags: tagList(database.tags),
  };
}

/** RDS keeps names in lower case. */
function named(
  given: TemplateValue | undefined,
  live: string | undefined,
): TemplateValue | undefined {
  return spelledAs(given, live, (name) => name.toLowerCase());
}
