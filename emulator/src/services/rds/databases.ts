import type { ResourceProperties } from '../../cloudformation/provider';
import type { DatabaseServer } from './database-server';
import type { ServerlessScaling } from './instance-class';
import type { MasterUser } from './master-user';

/** What instances and clusters have in common. */
interface Database {
  /** Lower-case, as RDS keeps it. */
  readonly id: string;
  readonly arn: string;
  /** Such as `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`. */
  readonly resourceId: string;
  readonly engine: string;
  /** As asked for; the server's own version is that of the PostgreSQL found on this machine. */
  readonly engineVersion?: string;
  readonly created: number;
  readonly server: DatabaseServer;
  readonly master: MasterUser;
  readonly databaseName?: string;
  deletionProtection: boolean;
  readonly subnetGroup?: string;
  parameterGroup?: string;
  tags: Readonly<Record<string, string>>;
  /** Properties that are kept and shown, but have no effect, by their CloudFormation names. */
  recorded: ResourceProperties;
}

/** A DB instance; as a member of a cluster it shares the cluster's server. */
export interface DbInstance extends Database {
  instanceClass: string;
  readonly cluster?: DbCluster;
}

/** An Aurora cluster: one server, whatever the number of its instances. */
export interface DbCluster extends Database {
  scaling?: ServerlessScaling;
  /** The first is the writer. */
  readonly members: DbInstance[];
}
