import { ServiceError } from '../../protocol/errors';
import { invalidValue } from './errors';
import { evaluateFormula } from './parameter-formula';
import { type Parameters, unsupportedParameters } from './parameters';

/** What instances and clusters refer to by name: subnets, or parameters. */
export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Recorded: subnets have no effect here. */
export interface SubnetGroup extends Group {
  readonly subnetIds: readonly string[];
}

/** Parameters of an instance or a cluster. */
export interface ParameterGroup extends Group {
  /** Such as `aurora-postgresql17`. */
  readonly family: string;
  readonly parameters: Parameters;
}

/** Words in which AWS speaks of one kind of group. */
interface GroupKind {
  /** In the ARN. */
  readonly resource: string;
  readonly alreadyExists: (name: string) => ServiceError;
  readonly notFound: (name: string) => ServiceError;
  readonly inUse: (name: string, user: string) => ServiceError;
}

/** Subnet groups. */
export const subnetGroupKind: GroupKind = {
  resource: 'subgrp',
  alreadyExists: (name) =>
    new ServiceError(
      'DBSubnetGroupAlreadyExistsFault',
      `The DB subnet group '${name}' already exists.`,
    ),
  notFound: (name) =>
    new ServiceError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`),
  inUse: (name, user) =>
    new ServiceError(
      'InvalidDBSubnetGroupStateFault',
      `Cannot delete the subnet group '${name}' because at least one database instance: ${user} is still using it.`,
    ),
};

function kindOfParameterGroup(resource: string, shape: string): GroupKind {
  return {
    resource,
    alreadyExists: (name) =>
      new ServiceError(
        'DBParameterGroupAlreadyExistsFault',
        `Parameter group ${name} already exists`,
      ),
    notFound: (name) => new ServiceError(`${shape}NotFoundFault`, `${shape} not found: ${name}`),
    inUse: (name) =>
      new ServiceError(
        'InvalidDBParameterGroupStateFault',
        `One or more database instances are still members of this parameter group ${name}, so the group cannot be deleted`,
      ),
  };
}

/** Parameter groups of instances. */
export const parameterGroupKind = kindOfParameterGroup('pg', 'DBParameterGroup');
/** Parameter groups of clusters. */
export const clusterParameterGroupKind = kindOfParameterGroup(
  'cluster-pg',
  'DBClusterParameterGroup',
);

/** The groups of one kind in one account and region. Names are lower-case. */
export class Groups<G extends Group> {
  private readonly groups = new Map<string, G>();

  constructor(
    private readonly kind: GroupKind,
    private readonly arnPrefix: string,
    /** Name of an instance or a cluster that uses the group. */
    private readonly userOf: (name: string) => string | undefined,
  ) {}

  arnOf(name: string): string {
    return `${this.arnPrefix}:${this.kind.resource}:${name.toLowerCase()}`;
  }

  /** Adds a group under its lower-case name. @throws ServiceError if the name is taken. */
  add(group: G): G {
    if (this.groups.has(group.name)) throw this.kind.alreadyExists(group.name);
    this.groups.set(group.name, group);
    return group;
  }

  /** Puts a group in the place of the one that has its name. @throws ServiceError if there is none. */
  replace(name: string, change: (group: G) => G): G {
    const changed = change(this.get(name));
    this.groups.set(changed.name, changed);
    return changed;
  }

  /** @throws ServiceError if there is none of that name. */
  get(name: string): G {
    const group = this.groups.get(name.toLowerCase());
    if (!group) throw this.kind.notFound(name);
    return group;
  }

  /** Does nothing if it has gone already. @throws ServiceError while it is in use. */
  delete(name: string): void {
    const user = this.userOf(name.toLowerCase());
    if (user !== undefined) throw this.kind.inUse(name, user);
    this.groups.delete(name.toLowerCase());
  }

  all(): G[] {
    return [...this.groups.values()];
  }
}

/**
 * @throws ServiceError `InvalidParameterValue` for a family of another engine, a parameter that the emulator
 *   does not know, or a formula that is none.
 */
export function assertParameters(family: string, parameters: Parameters): void {
  if (!/^(aurora-postgresql|postgres)\d+(\.\d+)?$/.test(family))
    throw invalidValue(
      `ParameterGroupFamily ${family} is not a valid parameter group family here; only those of postgres and aurora-postgresql are.`,
    );
  const [unknown] = unsupportedParameters(Object.keys(parameters));
  if (unknown !== undefined) throw invalidValue(`Could not find parameter with name: ${unknown}`);
  if (parameters.max_connections !== undefined)
    evaluateFormula(parameters.max_connections, 2 ** 40);
}
