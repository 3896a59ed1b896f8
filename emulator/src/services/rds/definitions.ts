import type { ResourceProperties } from '../../cloudformation/provider';
import type { ServerlessScaling } from './instance-class';
import type { MasterUserDefinition } from './master-user';

/** What instances and clusters are both created with. */
interface DatabaseDefinition {
  readonly id: string;
  readonly engine: string;
  readonly engineVersion?: string;
  readonly master: MasterUserDefinition;
  readonly databaseName?: string;
  readonly deletionProtection: boolean;
  readonly subnetGroup?: string;
  readonly parameterGroup?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly recorded: ResourceProperties;
}

/** A new DB instance. */
export interface InstanceDefinition extends DatabaseDefinition {
  /** Such as `db.t4g.micro`, or `db.serverless`. */
  readonly instanceClass: string;
  readonly clusterId?: string;
}

/** A new Aurora cluster. */
export interface ClusterDefinition extends DatabaseDefinition {
  readonly scaling?: ServerlessScaling;
}
