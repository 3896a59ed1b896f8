import type { Clock } from '../../clock/clock';
import { policyProblem } from '../../iam/policy-grammar';
import { NotImplementedError, ServiceError } from '../../protocol/errors';
import { type RandomSource, upperAlphanumeric } from '../../random/random';
import { Constraints } from '../constraints';
import { awsManagedPolicy, isAwsManagedArn } from './aws-managed-policies';
import { Entities } from './entities';
import { InstanceProfile } from './instance-profile';
import { ManagedPolicy } from './managed-policy';
import { Role, type RolePolicy, type RoleSettings } from './role';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const managedPolicySize = 6144;
const inlinePolicySize = 10_240;
const trustPolicySize = 2048;
const attachedPolicyLimit = 10;

/** The roles, managed policies and instance profiles of one account. */
export class IamAccount {
  readonly roles = new Entities<Role>({
    member: 'roleName',
    maxNameLength: 64,
    notFound: (name) => `The role with name ${name} cannot be found.`,
    exists: (name) => `Role with name ${name} already exists.`,
  });

  readonly policies = new Entities<ManagedPolicy>({
    member: 'policyName',
    maxNameLength: 128,
    notFound: (name) => `Policy ${name} was not found.`,
    exists: (name) => `A policy called ${name} already exists. Duplicate names are not allowed.`,
  });

  readonly instanceProfiles = new Entities<InstanceProfile>({
    member: 'instanceProfileName',
    maxNameLength: 128,
    notFound: (name) => `Instance Profile ${name} cannot be found.`,
    exists: (name) => `Instance Profile ${name} already exists.`,
  });

  constructor(
    readonly id: string,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  createRole(name: string, path: string, settings: RoleSettings): Role {
    this.roles.checkNew(name, path);
    checkRoleSettings(settings.description, settings.maxSessionDuration);
    checkPolicy(settings.trustPolicy, 'trust');
    if (policySize(settings.trustPolicy) > trustPolicySize)
      throw quotaExceeded('ACLSizePerRole', trustPolicySize);
    if (settings.permissionsBoundary !== undefined) this.policy(settings.permissionsBoundary);
    const arn = `arn:aws:iam::${this.id}:role${path}${name}`;
    return this.roles.add(
      new Role(name, path, arn, this.newId('AROA', arn), this.clock.now(), settings),
    );
  }

  setTrustPolicy(role: Role, document: string): void {
    checkPolicy(document, 'trust');
    role.trustPolicy = document;
  }

  putRolePolicy(role: Role, policyName: string, document: string): void {
    new Constraints('ValidationError')
      .length('policyName', policyName, 1, 128)
      .pattern('policyName', policyName, '[\\w+=,.@-]+')
      .check();
    checkPolicy(document, 'identity');
    let total = policySize(document);
    for (const [name, other] of role.inlinePolicies)
      if (name !== policyName) total += policySize(other);
    if (total > inlinePolicySize)
      throw new ServiceError(
        'LimitExceededException',
        `Maximum policy size of ${inlinePolicySize} bytes exceeded for role ${role.name}`,
        { status: 409 },
      );
    role.inlinePolicies.set(policyName, document);
  }

  /** Attaching a policy twice is no error. */
  attachRolePolicy(role: Role, policyArn: string): void {
    this.policy(policyArn);
    if (!role.attachedPolicies.has(policyArn) && role.attachedPolicies.size >= attachedPolicyLimit)
      throw quotaExceeded('PoliciesPerRole', attachedPolicyLimit);
    role.attachedPolicies.add(policyArn);
  }

  detachRolePolicy(role: Role, policyArn: string): void {
    if (!role.attachedPolicies.delete(policyArn))
      throw new ServiceError('NoSuchEntityException', `Policy ${policyArn} was not found.`, {
        status: 404,
      });
  }

  /** @throws DeleteConflict while policies or instance profiles hang on it */
  deleteRole(role: Role): void {
    if (this.instanceProfiles.all().some((profile) => profile.role === role))
      throw deleteConflict('must remove roles from instance profile first.');
    if (role.attachedPolicies.size > 0) throw deleteConflict('must detach all policies first.');
    if (role.inlinePolicies.size > 0) throw deleteConflict('must delete policies first.');
    this.roles.remove(role);
  }

  createPolicy(
    name: string,
    path: string,
    document: string,
    options: { description?: string; tags?: Readonly<Record<string, string>> } = {},
  ): ManagedPolicy {
    this.policies.checkNew(name, path);
    checkManagedPolicy(document);
    const arn = `arn:aws:iam::${this.id}:policy${path}${name}`;
    return this.policies.add(
      new ManagedPolicy(
        name,
        path,
        arn,
        this.newId('ANPA', arn),
        options.description,
        this.clock.now(),
        document,
        options.tags,
      ),
    );
  }

  createPolicyVersion(policy: ManagedPolicy, document: string, setAsDefault: boolean) {
    checkManagedPolicy(document);
    return policy.addVersion(document, setAsDefault, this.clock.now());
  }

  setDefaultVersion(policy: ManagedPolicy, versionId: string): void {
    policy.setDefault(versionId, this.clock.now());
  }

  /** @throws DeleteConflict while it is attached or has other versions */
  deletePolicy(policy: ManagedPolicy): void {
    if (this.attachmentCount(policy.arn) > 0)
      throw deleteConflict('Cannot delete a policy attached to entities.', '');
    if (policy.versions.length > 1)
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        '',
      );
    this.policies.remove(policy);
  }

  /**
   * A managed policy of this account or of AWS.
   *
   * @throws NoSuchEntity, or NotImplemented for a policy of AWS's that is not in the catalogue
   */
  policy(arn: string): ManagedPolicy {
    if (isAwsManagedArn(arn)) {
      const policy = awsManagedPolicy(arn);
      if (!policy) throw new NotImplementedError(`the AWS managed policy ${arn}`);
      return policy;
    }
    if (!/^arn:aws[a-z-]*:iam::\d{12}:policy\//.test(arn))
      throw new ServiceError('InvalidInputException', `ARN ${arn} is not valid.`, { status: 400 });
    const policy = this.policies.findByArn(arn);
    if (!policy)
      throw new ServiceError(
        'NoSuchEntityException',
        `Policy ${arn} does not exist or is not attachable.`,
        { status: 404 },
      );
    return policy;
  }

  rolesWithPolicy(policyArn: string): Role[] {
    return this.roles.all().filter((role) => role.attachedPolicies.has(policyArn));
  }

  rolesWithBoundary(policyArn: string): Role[] {
    return this.roles.all().filter((role) => role.permissionsBoundary === policyArn);
  }

  attachmentCount(policyArn: string): number {
    return this.rolesWithPolicy(policyArn).length;
  }

  createInstanceProfile(
    name: string,
    path: string,
    tags?: Readonly<Record<string, string>>,
  ): InstanceProfile {
    this.instanceProfiles.checkNew(name, path);
    const arn = `arn:aws:iam::${this.id}:instance-profile${path}${name}`;
    return this.instanceProfiles.add(
      new InstanceProfile(name, path, arn, this.newId('AIPA', arn), this.clock.now(), tags),
    );
  }

  addRoleToInstanceProfile(profile: InstanceProfile, role: Role): void {
    if (profile.role) throw quotaExceeded('InstanceSessionsPerInstanceProfile', 1);
    profile.role = role;
  }

  deleteInstanceProfile(profile: InstanceProfile): void {
    if (profile.role) throw deleteConflict('must remove roles from instance profile first.');
    this.instanceProfiles.remove(profile);
  }

  /** Every policy in force for a role, inline ones first. */
  policiesOf(role: Role): RolePolicy[] {
    const inline = [...role.inlinePolicies].map(([name, document]) => ({
      name,
      arn: undefined,
      document,
    }));
    const attached = [...role.attachedPolicies].map((arn) => {
      const policy = this.policy(arn);
      return { name: policy.name, arn, document: policy.defaultVersion.document };
    });
    return [...inline, ...attached];
  }

  private newId(prefix: string, arn: string): string {
    return prefix + this.random.stream(`iam/ids/${arn}`).characters(17, upperAlphanumeric);
  }
}

/** @throws ValidationError */
export function checkRoleSettings(
  description: string | undefined,
  maxSessionDuration: number | undefined,
): void {
  new Constraints('ValidationError')
    .length('description', description, 0, 1000)
    .range('maxSessionDuration', maxSessionDuration, 3600, 43_200)
    .check();
}

function checkPolicy(document: string, kind: 'identity' | 'trust'): void {
  const problem = policyProblem(document, kind);
  if (problem !== undefined)
    throw new ServiceError('MalformedPolicyDocumentException', problem, { status: 400 });
}

function checkManagedPolicy(document: string): void {
  checkPolicy(document, 'identity');
  if (policySize(document) > managedPolicySize)
    throw quotaExceeded('PolicySize', managedPolicySize);
}

/** IAM does not count white space when it measures a policy against its quota. */
function policySize(document: string): number {
  return document.replace(/\s/g, '').length;
}

function quotaExceeded(quota: string, limit: number): ServiceError {
  return new ServiceError('LimitExceededException', `Cannot exceed quota for ${quota}: ${limit}`, {
    status: 409,
  });
}

function deleteConflict(what: string, prefix = 'Cannot delete entity, '): ServiceError {
  return new ServiceError('DeleteConflictException', `${prefix}${what}`, { status: 409 });
}
