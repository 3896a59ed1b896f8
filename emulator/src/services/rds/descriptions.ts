import { PropertyReader } from '../../cloudformation/provider';
import type { OutputOf } from '../../protocol/handlers';
import type { DbCluster, DbInstance } from './databases';

type Client = typeof import('@aws-sdk/client-rds');
type Instance = NonNullable<OutputOf<Client, 'StartDBInstance'>['DBInstance']>;
type Cluster = NonNullable<OutputOf<Client, 'StartDBCluster'>['DBCluster']>;

const certificateAuthority = 'rds-ca-rsa2048-g1';

/** An instance as the API describes it. */
export function describeInstance(instance: DbInstance): Instance {
  const recorded = new PropertyReader(instance.recorded);
  const { server, master } = instance;
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.resourceId,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStatus: server.status,
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    MasterUsername: master.username,
    MasterUserSecret: secretOf(master.secretArn),
    DBName: instance.databaseName,
    Endpoint: { Address: server.host, Port: server.port },
    InstanceCreateTime: new Date(instance.created),
    AutomaticRestartTime: dateOf(server.automaticRestart),
    DBClusterIdentifier: instance.cluster?.id,
    DeletionProtection: instance.deletionProtection,
    DBSubnetGroup: instance.subnetGroup ? { DBSubnetGroupName: instance.subnetGroup } : undefined,
    DBParameterGroups: instance.parameterGroup
      ? [{ DBParameterGroupName: instance.parameterGroup, ParameterApplyStatus: 'in-sync' }]
      : [],
    TagList: tagList(instance.tags),
    AllocatedStorage: recorded.number('AllocatedStorage'),
    AutoMinorVersionUpgrade: recorded.boolean('AutoMinorVersionUpgrade') ?? true,
    AvailabilityZone: recorded.string('AvailabilityZone'),
    BackupRetentionPeriod: recorded.number('BackupRetentionPeriod') ?? 1,
    CACertificateIdentifier: recorded.string('CACertificateIdentifier') ?? certificateAuthority,
    CopyTagsToSnapshot: recorded.boolean('CopyTagsToSnapshot') ?? false,
    EnabledCloudwatchLogsExports: recorded.strings('EnableCloudwatchLogsExports'),
    IAMDatabaseAuthenticationEnabled: recorded.boolean('EnableIAMDatabaseAuthentication') ?? false,
    Iops: recorded.number('Iops'),
    KmsKeyId: recorded.string('KmsKeyId'),
    MaxAllocatedStorage: recorded.number('MaxAllocatedStorage'),
    MonitoringInterval: recorded.number('MonitoringInterval') ?? 0,
    MonitoringRoleArn: recorded.string('MonitoringRoleArn'),
    MultiAZ: recorded.boolean('MultiAZ') ?? false,
    PerformanceInsightsEnabled: recorded.boolean('EnablePerformanceInsights') ?? false,
    PreferredBackupWindow: recorded.string('PreferredBackupWindow'),
    PreferredMaintenanceWindow: recorded.string('PreferredMaintenanceWindow'),
    PromotionTier: recorded.number('PromotionTier'),
    PubliclyAccessible: recorded.boolean('PubliclyAccessible') ?? false,
    StorageEncrypted: recorded.boolean('StorageEncrypted') ?? false,
    StorageThroughput: recorded.number('StorageThroughput'),
    StorageType: recorded.string('StorageType'),
    VpcSecurityGroups: securityGroups(recorded.strings('VPCSecurityGroups')),
  };
}

/** A cluster as the API describes it. */
export function describeCluster(cluster: DbCluster): Cluster {
  const recorded = new PropertyReader(cluster.recorded);
  const { server, master, scaling } = cluster;
  return {
    DBClusterIdentifier: cluster.id,
    DBClusterArn: cluster.arn,
    DbClusterResourceId: cluster.resourceId,
    Status: server.status,
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    EngineMode: 'provisioned',
    MasterUsername: master.username,
    MasterUserSecret: secretOf(master.secretArn),
    DatabaseName: cluster.databaseName,
    Endpoint: server.host,
    ReaderEndpoint: server.host,
    Port: server.port,
    ClusterCreateTime: new Date(cluster.created),
    AutomaticRestartTime: dateOf(server.automaticRestart),
    DeletionProtection: cluster.deletionProtection,
    DBSubnetGroup: cluster.subnetGroup,
    DBClusterParameterGroup: cluster.parameterGroup,
    DBClusterMembers: cluster.members.map((member, index) => ({
      DBInstanceIdentifier: member.id,
      IsClusterWriter: index === 0,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: new PropertyReader(member.recorded).number('PromotionTier') ?? 1,
    })),
    ServerlessV2ScalingConfiguration: scaling && {
      MinCapacity: scaling.minCapacity,
      MaxCapacity: scaling.maxCapacity,
    },
    TagList: tagList(cluster.tags),
    AvailabilityZones: recorded.strings('AvailabilityZones'),
    BackupRetentionPeriod: recorded.number('BackupRetentionPeriod') ?? 1,
    CopyTagsToSnapshot: recorded.boolean('CopyTagsToSnapshot') ?? false,
    EnabledCloudwatchLogsExports: recorded.strings('EnableCloudwatchLogsExports'),
    IAMDatabaseAuthenticationEnabled: recorded.boolean('EnableIAMDatabaseAuthentication') ?? false,
    KmsKeyId: recorded.string('KmsKeyId'),
    PreferredBackupWindow: recorded.string('PreferredBackupWindow'),
    PreferredMaintenanceWindow: recorded.string('PreferredMaintenanceWindow'),
    StorageEncrypted: recorded.boolean('StorageEncrypted') ?? false,
    StorageType: recorded.string('StorageType'),
    VpcSecurityGroups: securityGroups(recorded.strings('VpcSecurityGroupIds')),
  };
}

function secretOf(arn: string | undefined) {
  return arn === undefined ? undefined : { SecretArn: arn, SecretStatus: 'active' };
}

function securityGroups(ids: readonly string[] = []) {
  return ids.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' }));
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
