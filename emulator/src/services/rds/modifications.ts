import type { DbCluster, DbInstance } from './databases';
import type { ClusterDefinition, InstanceDefinition } from './definitions';
import type { ParameterGroup } from './groups';
import { assertScaling, memoryOfClass } from './instance-class';
import { serverSettings } from './parameters';
import { classBeforeTheFirst, parametersOf, type RdsRegion } from './rds-region';

type Change<D> = Pick<
  D,
  Extract<
    keyof D,
    'deletionProtection' | 'instanceClass' | 'parameterGroup' | 'recorded' | 'scaling' | 'tags'
  >
>;

/**
 * Changes an instance at once; its server is restarted where its settings come out differently.
 *
 * @throws ServiceError in AWS's words.
 */
export async function modifyInstance(
  region: RdsRegion,
  id: string,
  change: Change<InstanceDefinition>,
): Promise<DbInstance> {
  const instance = region.instance(id);
  parametersOf(region.parameterGroups, change.parameterGroup);
  if (change.instanceClass !== 'db.serverless') memoryOfClass(change.instanceClass);
  Object.assign(instance, change);
  await (instance.cluster
    ? applyToCluster(region, instance.cluster)
    : applyToInstance(region, instance));
  return instance;
}

/**
 * Changes a cluster at once; its server is restarted where its settings come out differently.
 *
 * @throws ServiceError in AWS's words.
 */
export async function modifyCluster(
  region: RdsRegion,
  id: string,
  change: Change<ClusterDefinition>,
): Promise<DbCluster> {
  const cluster = region.cluster(id);
  parametersOf(region.clusterParameterGroups, change.parameterGroup);
  if (change.scaling) assertScaling(change.scaling);
  Object.assign(cluster, change);
  await applyToCluster(region, cluster);
  return cluster;
}

/**
 * Gives all databases that use a parameter group the group's present parameters.
 *
 * On AWS parameters such as `max_connections` take effect at the next reboot, which CloudFormation leaves to the
 * user; here the servers are restarted at once.
 */
export async function applyParameterGroup(
  region: RdsRegion,
  { name }: ParameterGroup,
  of: 'clusters' | 'instances',
): Promise<void> {
  if (of === 'clusters') {
    for (const cluster of region.allClusters())
      if (cluster.parameterGroup === name) await applyToCluster(region, cluster);
    return;
  }
  for (const instance of region.allInstances()) {
    if (instance.parameterGroup !== name) continue;
    if (instance.cluster) await applyToCluster(region, instance.cluster);
    else await applyToInstance(region, instance);
  }
}

async function applyToInstance(region: RdsRegion, instance: DbInstance): Promise<void> {
  const parameters = parametersOf(region.parameterGroups, instance.parameterGroup);
  const memory = memoryOfClass(instance.instanceClass);
  await instance.server.reconfigure(serverSettings({ ...instance, memory, parameters }));
}

async function applyToCluster(region: RdsRegion, cluster: DbCluster): Promise<void> {
  const [writer] = cluster.members;
  const memory =
    writer?.instanceClass === 'db.serverless'
      ? 0
      : memoryOfClass(writer?.instanceClass ?? classBeforeTheFirst);
  const { engine, engineVersion } = cluster;
  await cluster.server.reconfigure(
    serverSettings({
      engine,
      engineVersion,
      memory,
      scaling: writer && memory > 0 ? undefined : cluster.scaling,
      parameters: {
        ...parametersOf(region.clusterParameterGroups, cluster.parameterGroup),
        ...parametersOf(region.parameterGroups, writer?.parameterGroup),
      },
    }),
  );
}
