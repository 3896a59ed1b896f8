import type { Clock } from '../../clock/clock';
import type { PostgresEngine, ServerSettings } from '../../engines/postgres';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { DatabaseServer } from './database-server';
import type { DbCluster, DbInstance } from './databases';
import type { ClusterDefinition, InstanceDefinition } from './definitions';
import {
  clusterNotFound,
  clusterState,
  instanceNotFound,
  invalidCombination,
  invalidValue,
} from './errors';
import {
  clusterParameterGroupKind,
  Groups,
  type ParameterGroup,
  parameterGroupKind,
  type SubnetGroup,
  subnetGroupKind,
} from './groups';
import { assertScaling, memoryOfClass } from './instance-class';
import { createMasterUser, type ManagedSecrets, type MasterUser } from './master-user';
import { type Parameters, type SettingsSource, serverSettings } from './parameters';

/** What a region's databases are made with. */
export interface RdsDependencies {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly postgres: PostgresEngine;
  readonly secrets: ManagedSecrets;
}

/** Until its first instance says how large it is, a provisioned cluster has the memory of this class. */
export const classBeforeTheFirst = 'db.r6g.large';
const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The databases of one account and region, and the groups that they refer to. */
export class RdsRegion {
  readonly subnetGroups: Groups<SubnetGroup>;
  readonly parameterGroups: Groups<ParameterGroup>;
  readonly clusterParameterGroups: Groups<ParameterGroup>;
  private readonly instances = new Map<string, DbInstance>();
  private readonly clusters = new Map<string, DbCluster>();
  /** Identifiers that are being created: their servers take a while to start. */
  private readonly reserved = new Set<string>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly dependencies: RdsDependencies,
  ) {
    const users = (name: string, of: (database: DbInstance | DbCluster) => unknown) =>
      this.allDatabases().find((database) => of(database) === name)?.id;
    const prefix = this.arnPrefix;
    this.subnetGroups = new Groups(subnetGroupKind, prefix, (name) =>
      users(name, (database) => database.subnetGroup),
    );
    this.parameterGroups = new Groups(parameterGroupKind, prefix, (name) =>
      users(name, (database) => !('members' in database) && database.parameterGroup),
    );
    this.clusterParameterGroups = new Groups(clusterParameterGroupKind, prefix, (name) =>
      users(name, (database) => 'members' in database && database.parameterGroup),
    );
  }

  get arnPrefix(): string {
    return `arn:aws:rds:${this.region}:${this.account}`;
  }

  instanceArn(id: string): string {
    return id.startsWith('arn:') ? id : `${this.arnPrefix}:db:${id.toLowerCase()}`;
  }

  clusterArn(id: string): string {
    return id.startsWith('arn:') ? id : `${this.arnPrefix}:cluster:${id.toLowerCase()}`;
  }

  /** By identifier or ARN. @throws ServiceError `DBInstanceNotFoundFault`. */
  instance(id: string): DbInstance {
    const instance = this.instances.get(plainId(id));
    if (!instance) throw instanceNotFound(id);
    return instance;
  }

  /** By identifier or ARN. @throws ServiceError `DBClusterNotFoundFault`. */
  cluster(id: string): DbCluster {
    const cluster = this.clusters.get(plainId(id));
    if (!cluster) throw clusterNotFound(id);
    return cluster;
  }

  allInstances(): DbInstance[] {
    return [...this.instances.values()].sort(byId);
  }

  allClusters(): DbCluster[] {
    return [...this.clusters.values()].sort(byId);
  }

  /**
   * Creates an instance and starts its server, or adds it to its cluster.
   *
   * @throws ServiceError in AWS's words.
   */
  async createInstance(definition: InstanceDefinition): Promise<DbInstance> {
    const id = identifier('DBInstanceIdentifier', definition.id);
    if (this.instances.has(id) || this.reserved.has(`db:${id}`))
      throw new ServiceError('DBInstanceAlreadyExistsFault', 'DB instance already exists');
    const cluster =
      definition.clusterId === undefined ? undefined : this.cluster(definition.clusterId);
    if ((definition.engine === 'aurora-postgresql') !== (cluster !== undefined))
      throw invalidCombination(
        cluster
          ? `The engine of ${id} must be that of its cluster, ${cluster.engine}.`
          : 'An instance of engine aurora-postgresql must belong to a cluster.',
      );
    if (definition.subnetGroup) this.subnetGroups.get(definition.subnetGroup);
    assertDatabaseName(definition.databaseName);
    const parameters = parametersOf(this.parameterGroups, definition.parameterGroup);
    const memory =
      definition.instanceClass === 'db.serverless' ? 0 : memoryOfClass(definition.instanceClass);
    if (memory === 0 && !cluster?.scaling)
      throw invalidCombination(
        'Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.',
      );
    const arn = this.instanceArn(id);
    const base = { ...definition, id, arn, ...this.birth(arn, 'db') };
    const instance = cluster
      ? await this.joinCluster(base, cluster, { memory, parameters })
      : await this.reserving(`db:${id}`, async () => {
          const master = this.masterUser(definition, arn, 'db');
          const settings = serverSettings({ ...definition, memory, parameters });
          const server = await this.startServer(`DB instance ${id}`, definition, master, settings);
          return { ...base, master, server };
        });
    this.instances.set(id, instance);
    return instance;
  }

  /**
   * Creates a cluster and starts its server.
   *
   * On AWS a cluster without an instance answers nobody; here its server runs from the start.
   *
   * @throws ServiceError in AWS's words.
   */
  async createCluster(definition: ClusterDefinition): Promise<DbCluster> {
    const id = identifier('DBClusterIdentifier', definition.id);
    if (this.clusters.has(id) || this.reserved.has(`cluster:${id}`))
      throw new ServiceError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
    if (definition.scaling) assertScaling(definition.scaling);
    if (definition.subnetGroup) this.subnetGroups.get(definition.subnetGroup);
    assertDatabaseName(definition.databaseName);
    const parameters = parametersOf(this.clusterParameterGroups, definition.parameterGroup);
    const arn = this.clusterArn(id);
    const cluster = await this.reserving(`cluster:${id}`, async () => {
      const master = this.masterUser(definition, arn, 'cluster');
      const memory = memoryOfClass(classBeforeTheFirst);
      const settings = serverSettings({ ...definition, memory, parameters });
      const server = await this.startServer(`DB cluster ${id}`, definition, master, settings);
      const birth = this.birth(arn, 'cluster');
      return { ...definition, id, arn, ...birth, master, server, members: [] };
    });
    this.clusters.set(id, cluster);
    return cluster;
  }

  /** Deletes an instance with its data. @throws ServiceError if it is protected. */
  async deleteInstance(id: string): Promise<void> {
    const instance = this.instance(id);
    if (instance.deletionProtection)
      throw invalidCombination(
        'Cannot delete protected DB Instance, please disable deletion protection and try again.',
      );
    const { cluster } = instance;
    this.instances.delete(instance.id);
    if (cluster) cluster.members.splice(cluster.members.indexOf(instance), 1);
    else await this.discard(instance.server, instance.master);
  }

  /** Deletes a cluster with its data. @throws ServiceError if it is protected, stopped, or has instances. */
  async deleteCluster(id: string): Promise<void> {
    const cluster = this.cluster(id);
    if (cluster.deletionProtection)
      throw invalidCombination(
        'Cannot delete protected Cluster, please disable deletion protection and try again.',
      );
    if (cluster.members.length > 0)
      throw clusterState(
        'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
      );
    if (cluster.server.status === 'stopped')
      throw clusterState(`Db cluster ${cluster.id} is in stopped state`);
    this.clusters.delete(cluster.id);
    await this.discard(cluster.server, cluster.master);
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    const servers = new Set(this.allDatabases().map(({ server }) => server));
    await Promise.all([...servers].map((server) => server.drop()));
  }

  private allDatabases(): (DbInstance | DbCluster)[] {
    return [...this.instances.values(), ...this.clusters.values()];
  }

  private birth(arn: string, kind: 'db' | 'cluster') {
    const random = this.dependencies.random.stream(`rds/${arn}`);
    return {
      created: this.dependencies.clock.now(),
      resourceId: `${kind}-${random.characters(26, upperCase)}`,
    };
  }

  private masterUser(
    { master }: InstanceDefinition | ClusterDefinition,
    arn: string,
    kind: 'db' | 'cluster',
  ): MasterUser {
    const { account, region } = this;
    const random = this.dependencies.random.stream(`rds/${arn}`);
    const owner = { kind, arn, account, region };
    return createMasterUser(master, owner, this.dependencies.secrets, random);
  }

  private async startServer(
    label: string,
    { databaseName }: InstanceDefinition | ClusterDefinition,
    master: MasterUser,
    settings: ServerSettings,
  ): Promise<DatabaseServer> {
    const { clock, postgres, secrets } = this.dependencies;
    const { username, password } = master;
    try {
      const database = await clock.work(`creation of ${label}`, () =>
        postgres.provision({ ...settings, username, password, databaseName }),
      );
      return new DatabaseServer(label, clock, database, settings);
    } catch (error) {
      if (master.secretArn) secrets.deleteManagedSecret(master.secretArn);
      throw error;
    }
  }

  /** The writer decides with what settings the cluster's server runs. */
  private async joinCluster(
    base: Omit<DbInstance, 'server' | 'master'>,
    cluster: DbCluster,
    { memory, parameters }: Pick<SettingsSource, 'memory' | 'parameters'>,
  ): Promise<DbInstance> {
    const { server, master, databaseName, subnetGroup } = cluster;
    const instance: DbInstance = { ...base, cluster, server, master, databaseName, subnetGroup };
    const isWriter = cluster.members.length === 0;
    cluster.members.push(instance);
    if (!isWriter) return instance;
    try {
      await server.reconfigure(
        serverSettings({
          engine: cluster.engine,
          engineVersion: cluster.engineVersion,
          memory,
          scaling: memory === 0 ? cluster.scaling : undefined,
          parameters: {
            ...parametersOf(this.clusterParameterGroups, cluster.parameterGroup),
            ...parameters,
          },
        }),
      );
      return instance;
    } catch (error) {
      cluster.members.splice(cluster.members.indexOf(instance), 1);
      throw error;
    }
  }

  private async discard(server: DatabaseServer, master: MasterUser): Promise<void> {
    await server.drop();
    if (master.secretArn) this.dependencies.secrets.deleteManagedSecret(master.secretArn);
  }

  private async reserving<T>(key: string, create: () => Promise<T>): Promise<T> {
    this.reserved.add(key);
    try {
      return await create();
    } finally {
      this.reserved.delete(key);
    }
  }
}

/** Parameters of a group by its name. The groups that AWS makes itself hold nothing but defaults. */
export function parametersOf(groups: Groups<ParameterGroup>, name: string | undefined): Parameters {
  if (name === undefined || name.startsWith('default.')) return {};
  return groups.get(name).parameters;
}

function identifier(parameter: string, id: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(id) || id.endsWith('-') || id.includes('--'))
    throw invalidValue(
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  return id.toLowerCase();
}

function assertDatabaseName(name = 'postgres'): void {
  if (!/^[A-Za-z_]\w{0,62}$/.test(name) || ['rdsadmin', 'template0', 'template1'].includes(name))
    throw invalidValue(
      `DBName ${name} is not valid: it must begin with a letter, have letters, digits and underscores only, 63 at most, and be no reserved word.`,
    );
}

function plainId(id: string): string {
  return (id.startsWith('arn:') ? id.slice(id.lastIndexOf(':') + 1) : id).toLowerCase();
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}
