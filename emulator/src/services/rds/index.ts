import type { PostgresEngine } from '../../engines/postgres';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { databaseProviders } from './database-resources';
import type { DbCluster, DbInstance } from './databases';
import { groupProviders } from './group-resources';
import type { ManagedSecrets } from './master-user';
import { operations } from './operations';
import { Proxies } from './proxies';
import { proxyProviders } from './proxy-resources';
import { RdsRegion } from './rds-region';

export type { ManagedSecrets } from './master-user';
export { honouredParameters, recordedParameters } from './parameters';
export { type PropertySupport, propertySupport } from './properties';

/** What RDS needs from others. */
export interface RdsDependencies {
  readonly postgres: PostgresEngine;
  /** Where passwords go that RDS manages. */
  readonly secrets: ManagedSecrets;
}

/**
 * What can be done to the server of one database. Its status, as RDS describes it, stays `available`.
 *
 * On a manual clock no time passes meanwhile. A database on a shared server refuses, with the reason.
 */
export interface DatabaseFaults {
  /** Shuts the server down: sessions end, connections are refused. */
  stop(): Promise<void>;
  /** Starts it again, on the same port, with all that was committed. */
  start(): Promise<void>;
  /** Kills it with SIGKILL; it stays down until `start`. */
  kill(): Promise<void>;
}

/** Where a database is, for those who connect to it. */
export interface DatabaseAddress {
  readonly engine: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly dbname?: string;
  readonly dbInstanceIdentifier?: string;
  readonly dbClusterIdentifier?: string;
}

/** RDS as the composition root sees it. */
export interface RdsService extends Service<typeof import('@aws-sdk/client-rds')> {
  readonly faults: {
    /**
     * @param identifierOrArn - of an instance or a cluster, in any account and region; undefined for the only one
     * @throws Error if there is none, or there are several.
     */
    database(identifierOrArn?: string): DatabaseFaults;
  };
  /** Looks up a database by CloudFormation type and identifier; undefined if there is none. */
  describeDatabase(target: {
    readonly type: string;
    readonly id: string;
    readonly account: string;
    readonly region: string;
  }): DatabaseAddress | undefined;
}

/** Makes RDS: PostgreSQL instances and Aurora PostgreSQL clusters, each a real server. */
export function createRds(
  env: ServiceEnvironment,
  { postgres, secrets }: RdsDependencies,
): RdsService {
  const { clock, random, authorize } = env;
  const regions = new Regional(
    (account, region) => new RdsRegion(account, region, { clock, random, postgres, secrets }),
  );
  const proxies = new Regional(
    (account, region) => new Proxies(regions.in(account, region), clock, random),
  );
  return {
    signingName: 'rds',
    loadClient: () => require('@aws-sdk/client-rds') as typeof import('@aws-sdk/client-rds'),
    handlers: operations(regions),
    resourceProviders: [
      ...databaseProviders({ regions, authorize }),
      ...groupProviders({ regions, authorize }),
      ...proxyProviders({ regions, authorize }, proxies),
    ],
    leaks: () => [
      ...regions.all().flatMap(leaksOf),
      ...proxies.all().flatMap((all) => all.leaks()),
    ],
    async stop() {
      await Promise.all(proxies.all().map((all) => all.stop()));
      await Promise.all(regions.all().map((region) => region.stop()));
      await postgres.stop();
    },
    faults: {
      database(identifierOrArn) {
        const { server } = findDatabase(regions.all(), identifierOrArn);
        return {
          stop: () => server.fault('stop'),
          start: () => server.fault('start'),
          kill: () => server.fault('kill'),
        };
      },
    },
    describeDatabase({ type, id, account, region }) {
      const state = regions.in(account, region);
      const instance = state.allInstances().find((candidate) => isNamed(candidate, id));
      const cluster = state.allClusters().find((candidate) => isNamed(candidate, id));
      if (type === 'AWS::RDS::DBInstance' && instance)
        return { ...addressOf(instance), dbInstanceIdentifier: instance.id };
      if (type === 'AWS::RDS::DBCluster' && cluster)
        return { ...addressOf(cluster), dbClusterIdentifier: cluster.id };
      return undefined;
    },
  };
}

function leaksOf(region: RdsRegion): string[] {
  return [
    ...region.allInstances().map(({ arn }) => `RDS instance ${arn}`),
    ...region.allClusters().map(({ arn }) => `RDS cluster ${arn}`),
    ...[region.subnetGroups, region.parameterGroups, region.clusterParameterGroups]
      .flatMap((groups): { readonly arn: string }[] => groups.all())
      .map(({ arn }) => `RDS group ${arn}`),
  ];
}

function findDatabase(
  regions: readonly RdsRegion[],
  name: string | undefined,
): DbInstance | DbCluster {
  const found = regions
    .flatMap((region) => [...region.allClusters(), ...region.allInstances()])
    .filter((database) => name === undefined || isNamed(database, name));
  const [first] = found;
  if (!first) throw new Error(`there is no DB instance or cluster ${name ?? ''}`.trimEnd());
  if (found.some(({ server }) => server !== first.server))
    throw new Error(
      `there are several databases${name === undefined ? '' : ` ${name}`}; name one by its ARN: ${found.map(({ arn }) => arn).join(', ')}`,
    );
  return first;
}

function isNamed({ id, arn }: DbInstance | DbCluster, name: string): boolean {
  return id === name.toLowerCase() || arn === name;
}

/** The name of the database is told only where one was asked for, as by AWS. */
function addressOf({ server, databaseName }: DbInstance | DbCluster) {
  return {
    engine: 'postgres' as const,
    host: server.host,
    port: server.port,
    ...(databaseName !== undefined && { dbname: databaseName }),
  };
}
