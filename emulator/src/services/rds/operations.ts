import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf } from '../page';
import type { Regional } from '../service';
import type { DatabaseServer } from './database-server';
import type { DbCluster, DbInstance } from './databases';
import { describeCluster, describeInstance } from './descriptions';
import { clusterState, instanceState, invalidCombination, invalidValue } from './errors';
import type { RdsRegion } from './rds-region';

type Client = typeof import('@aws-sdk/client-rds');

/** The operations of RDS. Databases are created and deleted through CloudFormation. */
export function operations(regions: Regional<RdsRegion>): Handlers<Client> {
  const regionOf = ({ account, region }: CallContext) => regions.in(account, region);
  const instanceFor = (id: string, context: CallContext): DbInstance => {
    const region = regionOf(context);
    context.authorize(`rds:${context.operation}`, region.instanceArn(id));
    return region.instance(id);
  };
  const clusterFor = (id: string, context: CallContext): DbCluster => {
    const region = regionOf(context);
    context.authorize(`rds:${context.operation}`, region.clusterArn(id));
    return region.cluster(id);
  };

  return {
    DescribeDBInstances(input, context) {
      acceptOnly('DescribeDBInstances', input, ['DBInstanceIdentifier', 'MaxRecords', 'Marker']);
      const { DBInstanceIdentifier: id } = input;
      const region = regionOf(context);
      context.authorize('rds:DescribeDBInstances', region.instanceArn(id ?? '*'));
      const found = id === undefined ? region.allInstances() : [region.instance(id)];
      const { items, nextToken } = page(found, input);
      return { DBInstances: items.map(describeInstance), Marker: nextToken };
    },

    DescribeDBClusters(input, context) {
      acceptOnly('DescribeDBClusters', input, ['DBClusterIdentifier', 'MaxRecords', 'Marker']);
      const { DBClusterIdentifier: id } = input;
      const region = regionOf(context);
      context.authorize('rds:DescribeDBClusters', region.clusterArn(id ?? '*'));
      const found = id === undefined ? region.allClusters() : [region.cluster(id)];
      const { items, nextToken } = page(found, input);
      return { DBClusters: items.map(describeCluster), Marker: nextToken };
    },

    StopDBInstance(input, context) {
      acceptOnly('StopDBInstance', input, ['DBInstanceIdentifier']);
      const instance = instanceFor(input.DBInstanceIdentifier, context);
      assertStandalone(instance);
      assertAvailable(instance);
      acting(instance.server, 'stop');
      return { DBInstance: describeInstance(instance) };
    },

    StartDBInstance(input, context) {
      const instance = instanceFor(input.DBInstanceIdentifier, context);
      assertStandalone(instance);
      if (instance.server.status !== 'stopped')
        throw instanceState(`Instance ${instance.id} is not in stopped state.`);
      instance.server.start();
      return { DBInstance: describeInstance(instance) };
    },

    RebootDBInstance(input, context) {
      const instance = instanceFor(input.DBInstanceIdentifier, context);
      if (input.ForceFailover)
        throw invalidCombination(
          'Cannot force failover since the instance is not configured for Multi-AZ',
        );
      assertAvailable(instance);
      acting(instance.server, 'reboot');
      return { DBInstance: describeInstance(instance) };
    },

    StopDBCluster(input, context) {
      const cluster = clusterFor(input.DBClusterIdentifier, context);
      if (cluster.server.status !== 'available')
        throw clusterState(`DbCluster ${cluster.id} is not in available state.`);
      acting(cluster.server, 'stop');
      return { DBCluster: describeCluster(cluster) };
    },

    StartDBCluster(input, context) {
      const cluster = clusterFor(input.DBClusterIdentifier, context);
      if (cluster.server.status !== 'stopped')
        throw clusterState(`DbCluster ${cluster.id} is not in stopped state.`);
      cluster.server.start();
      return { DBCluster: describeCluster(cluster) };
    },
  };
}

function assertStandalone({ cluster, engine }: DbInstance): void {
  if (cluster)
    throw invalidCombination(`${engine} DB instances are not eligible for stopping and starting.`);
}

function assertAvailable({ id, server }: DbInstance): void {
  if (server.status !== 'available')
    throw instanceState(`Instance ${id} is not in available state.`);
}

/** A shared server cannot be stopped: the answer says so. */
function acting(server: DatabaseServer, action: 'stop' | 'reboot'): void {
  try {
    server[action]();
  } catch (error) {
    throw new NotImplementedError(
      `${action} of this database: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html: 20 to 100 a page. */
function page<T extends { readonly id: string }>(
  items: readonly T[],
  { MaxRecords: size = 100, Marker: marker }: { MaxRecords?: number; Marker?: string },
) {
  if (size < 20 || size > 100)
    throw invalidValue(`Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
  return pageOf(
    items,
    ({ id }) => id,
    size,
    marker,
    () => invalidValue('The request contains an invalid marker.'),
  );
}
