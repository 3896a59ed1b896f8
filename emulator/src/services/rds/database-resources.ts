import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import type { Authorize } from '../../iam/caller';
import { unsupportedProperties } from '../accepted-parameters';
import { changedProperties, templateTags } from '../resource-updates';
import type { Regional } from '../service';
import type { DbCluster, DbInstance } from './databases';
import type { ClusterDefinition, InstanceDefinition } from './definitions';
import { liveCluster, liveInstance } from './live-properties';
import type { MasterUserDefinition } from './master-user';
import { modifyCluster, modifyInstance } from './modifications';
import { propertySupport, type RdsType } from './properties';
import type { RdsRegion } from './rds-region';

/** What the providers work with. */
export interface RdsResourcesEnvironment {
  readonly regions: Regional<RdsRegion>;
  readonly authorize: Authorize;
}

/** Asks whether the one who deploys may do it. */
export function permit(
  { authorize }: RdsResourcesEnvironment,
  { caller }: ResourceRequest,
  action: string,
  resource: string,
): void {
  authorize({ caller, action: `rds:${action}`, resource });
}

/** The properties of a type that are neither honoured nor recorded. */
export function refusedProperties(type: RdsType, properties: ResourceProperties): string[] {
  const { honoured, recorded } = propertySupport[type];
  return unsupportedProperties(type, properties, [...honoured, ...recorded]);
}

/** `AWS::RDS::DBInstance` and `AWS::RDS::DBCluster`. */
export function databaseProviders(env: RdsResourcesEnvironment): ResourceProvider[] {
  const regionOf = ({ account, region }: ResourceRequest) => env.regions.in(account, region);
  return [
    {
      type: 'AWS::RDS::DBInstance',
      level: 'emulated',
      recordedProperties: propertySupport['AWS::RDS::DBInstance'].recorded,
      unsupported: (properties) => [
        ...refusedProperties('AWS::RDS::DBInstance', properties),
        ...refusedEngine(properties, ['postgres', 'aurora-postgresql']),
      ],
      async create(request) {
        const region = regionOf(request);
        const definition = instanceDefinition(request);
        permit(env, request, 'CreateDBInstance', region.instanceArn(definition.id));
        return instanceState(await region.createInstance(definition));
      },
      unsupportedUpdate: (before, after) =>
        refusedChanges('AWS::RDS::DBInstance', before, after, [
          'DBInstanceClass',
          'DBParameterGroupName',
        ]),
      async update(request) {
        const region = regionOf(request);
        const { deletionProtection, instanceClass, parameterGroup, recorded, tags } =
          instanceDefinition(request);
        permit(env, request, 'ModifyDBInstance', region.instanceArn(request.physicalId));
        const change = { deletionProtection, instanceClass, parameterGroup, recorded, tags };
        return instanceState(await modifyInstance(region, request.physicalId, change));
      },
      async delete(request) {
        const region = regionOf(request);
        permit(env, request, 'DeleteDBInstance', region.instanceArn(request.physicalId));
        await ignoringAbsence('DBInstanceNotFoundFault', () =>
          region.deleteInstance(request.physicalId),
        );
      },
      async read(request) {
        const region = regionOf(request);
        permit(env, request, 'DescribeDBInstances', region.instanceArn(request.physicalId));
        const instance = region.allInstances().find(({ id }) => id === request.physicalId);
        return instance && liveInstance(instance, request);
      },
    },
    {
      type: 'AWS::RDS::DBCluster',
      level: 'emulated',
      recordedProperties: propertySupport['AWS::RDS::DBCluster'].recorded,
      unsupported: (properties) => [
        ...refusedProperties('AWS::RDS::DBCluster', properties),
        ...refusedEngine(properties, ['aurora-postgresql']),
        ...refusedEngineMode(properties),
      ],
      async create(request) {
        const region = regionOf(request);
        const definition = clusterDefinition(request);
        permit(env, request, 'CreateDBCluster', region.clusterArn(definition.id));
        return clusterState(await region.createCluster(definition));
      },
      unsupportedUpdate: (before, after) =>
        refusedChanges('AWS::RDS::DBCluster', before, after, [
          'DBClusterParameterGroupName',
          'ServerlessV2ScalingConfiguration',
        ]),
      async update(request) {
        const region = regionOf(request);
        const { deletionProtection, parameterGroup, recorded, scaling, tags } =
          clusterDefinition(request);
        permit(env, request, 'ModifyDBCluster', region.clusterArn(request.physicalId));
        const change = { deletionProtection, parameterGroup, recorded, scaling, tags };
        return clusterState(await modifyCluster(region, request.physicalId, change));
      },
      async delete(request) {
        const region = regionOf(request);
        permit(env, request, 'DeleteDBCluster', region.clusterArn(request.physicalId));
        await ignoringAbsence('DBClusterNotFoundFault', () =>
          region.deleteCluster(request.physicalId),
        );
      },
      async read(request) {
        const region = regionOf(request);
        permit(env, request, 'DescribeDBClusters', region.clusterArn(request.physicalId));
        const cluster = region.allClusters().find(({ id }) => id === request.physicalId);
        return cluster && liveCluster(cluster, request);
      },
    },
  ];
}

/** Of the properties that behave, only a few can be changed; all recorded ones can. */
function refusedChanges(
  type: 'AWS::RDS::DBCluster' | 'AWS::RDS::DBInstance',
  before: ResourceProperties,
  after: ResourceProperties,
  changeable: readonly string[],
): string[] {
  const allowed: readonly string[] = [
    ...propertySupport[type].recorded,
    ...changeable,
    'DeletionProtection',
    'Tags',
  ];
  return [...changedProperties(before, after)]
    .filter((name) => !allowed.includes(name))
    .sort()
    .map((name) => `${type} does not support changing ${name} of an existing resource`);
}

function refusedEngine({ Engine: engine }: ResourceProperties, supported: string[]): string[] {
  return typeof engine === 'string' && !supported.includes(engine)
    ? [`engine ${engine} is not supported; supported: ${supported.join(', ')}`]
    : [];
}

function refusedEngineMode({ EngineMode: mode }: ResourceProperties): string[] {
  return typeof mode === 'string' && mode !== 'provisioned'
    ? [`EngineMode ${mode} is not supported; only provisioned is, with Serverless v2 too`]
    : [];
}

function instanceDefinition(request: ResourceRequest): InstanceDefinition {
  const properties = new PropertyReader(request.properties);
  return {
    ...commonDefinition('AWS::RDS::DBInstance', request, properties),
    id: properties.string('DBInstanceIdentifier') ?? request.generateName(63).toLowerCase(),
    engine: properties.string('Engine') ?? 'aurora-postgresql',
    instanceClass: properties.requiredString('DBInstanceClass'),
    clusterId: properties.string('DBClusterIdentifier'),
    databaseName: properties.string('DBName'),
    parameterGroup: properties.string('DBParameterGroupName')?.toLowerCase(),
  };
}

function clusterDefinition(request: ResourceRequest): ClusterDefinition {
  const properties = new PropertyReader(request.properties);
  const scaling = properties.object('ServerlessV2ScalingConfiguration');
  return {
    ...commonDefinition('AWS::RDS::DBCluster', request, properties),
    id: properties.string('DBClusterIdentifier') ?? request.generateName(63).toLowerCase(),
    engine: properties.requiredString('Engine'),
    databaseName: properties.string('DatabaseName'),
    parameterGroup: properties.string('DBClusterParameterGroupName')?.toLowerCase(),
    scaling: scaling && {
      minCapacity: scaling.number('MinCapacity') ?? 0,
      maxCapacity: scaling.number('MaxCapacity') ?? 0,
    },
  };
}

function commonDefinition(type: RdsType, request: ResourceRequest, properties: PropertyReader) {
  const names: readonly string[] = propertySupport[type].recorded;
  return {
    engineVersion: properties.string('EngineVersion'),
    master: masterUser(properties),
    deletionProtection: properties.boolean('DeletionProtection') ?? false,
    subnetGroup: properties.string('DBSubnetGroupName')?.toLowerCase(),
    tags: templateTags(request),
    recorded: Object.fromEntries(
      Object.entries(request.properties).filter(([name]) => names.includes(name)),
    ),
  };
}

function masterUser(properties: PropertyReader): MasterUserDefinition {
  return {
    username: properties.string('MasterUsername'),
    password: properties.string('MasterUserPassword'),
    managed: properties.boolean('ManageMasterUserPassword') ?? false,
    secretKmsKeyId: properties.object('MasterUserSecret')?.string('KmsKeyId'),
  };
}

function instanceState(instance: DbInstance): ResourceState {
  const { secretArn } = instance.master;
  return {
    physicalId: instance.id,
    attributes: {
      'Endpoint.Address': instance.server.host,
      'Endpoint.Port': String(instance.server.port),
      'Endpoint.HostedZoneId': hostedZoneId,
      DBInstanceArn: instance.arn,
      DbiResourceId: instance.resourceId,
      ...(secretArn !== undefined && { 'MasterUserSecret.SecretArn': secretArn }),
    },
  };
}

function clusterState(cluster: DbCluster): ResourceState {
  const { secretArn } = cluster.master;
  return {
    physicalId: cluster.id,
    attributes: {
      'Endpoint.Address': cluster.server.host,
      'Endpoint.Port': String(cluster.server.port),
      'ReadEndpoint.Address': cluster.server.host,
      DBClusterArn: cluster.arn,
      DBClusterResourceId: cluster.resourceId,
      ...(secretArn !== undefined && { 'MasterUserSecret.SecretArn': secretArn }),
    },
  };
}

/** Route 53's zone of RDS endpoints in us-east-1. */
const hostedZoneId = 'Z2R2ITUGPM61AM';

/** A resource that somebody else has deleted needs no deletion. */
export async function ignoringAbsence(code: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== code) throw error;
  }
}
