import {
  type LiveProperties,
  PropertyReader,
  type ReadRequest,
  type TemplateValue,
} from '../../cloudformation/provider';
import type { Authorize } from '../../iam/caller';
import { documentOf, tagList } from '../live-properties';
import type { IamAccount } from './account';
import type { Role } from './role';

/** Asks whether the one who looks may. */
type Permit = (action: string, resource: string) => void;

/** Finds out what IAM's resources have come to. */
export class LiveIamProperties {
  constructor(
    private readonly accountById: (id: string) => IamAccount,
    private readonly authorize: Authorize,
  ) {}

  /** Without what other resources of its stack give it: policies, and managed policies that name their roles. */
  role(request: ReadRequest): LiveProperties | undefined {
    const role = this.accountById(request.account).roles.find(request.physicalId);
    if (!role) return undefined;
    const permit = this.permitFor(request);
    for (const action of ['GetRole', 'ListAttachedRolePolicies', 'ListRolePolicies'])
      permit(action, role.arn);
    const properties = new PropertyReader(request.properties);
    const attachedHere = siblings(request, 'AWS::IAM::ManagedPolicy')
      .filter((policy) => policy.properties.strings('Roles')?.includes(role.name))
      .map(({ physicalId }) => physicalId);
    const ownArns = properties.strings('ManagedPolicyArns') ?? [];
    return {
      AssumeRolePolicyDocument: documentOf(role.trustPolicy),
      Description: role.description,
      ManagedPolicyArns: [...role.attachedPolicies].filter(
        (arn) => ownArns.includes(arn) || !attachedHere.includes(arn),
      ),
      MaxSessionDuration: role.maxSessionDuration,
      Path: role.path,
      PermissionsBoundary: role.permissionsBoundary,
      Policies: ownPolicies(role, request),
      RoleName: role.name,
      Tags: tagList(role.tags),
    };
  }

  rolePolicy(request: ReadRequest): LiveProperties | undefined {
    const properties = new PropertyReader(request.properties);
    const name = properties.requiredString('PolicyName');
    const role = this.accountById(request.account).roles.find(
      properties.requiredString('RoleName'),
    );
    if (!role) return undefined;
    this.permitFor(request)('GetRolePolicy', role.arn);
    const document = documentOf(role.inlinePolicies.get(name));
    if (document === undefined) return undefined;
    return { PolicyDocument: document, PolicyName: name, RoleName: role.name };
  }

  /** Without the roles of its stack that name it themselves. */
  managedPolicy(request: ReadRequest): LiveProperties | undefined {
    const account = this.accountById(request.account);
    const policy = account.policies.findByArn(request.physicalId);
    if (!policy) return undefined;
    const permit = this.permitFor(request);
    for (const action of ['GetPolicy', 'GetPolicyVersion', 'ListEntitiesForPolicy'])
      permit(action, policy.arn);
    const own = new PropertyReader(request.properties).strings('Roles') ?? [];
    const namingIt = siblings(request, 'AWS::IAM::Role')
      .filter((role) => role.properties.strings('ManagedPolicyArns')?.includes(policy.arn))
      .map(({ physicalId }) => physicalId);
    return {
      Description: policy.description,
      ManagedPolicyName: policy.name,
      Path: policy.path,
      PolicyDocument: documentOf(policy.defaultVersion.document),
      Roles: account
        .rolesWithPolicy(policy.arn)
        .map(({ name }) => name)
        .filter((name) => own.includes(name) || !namingIt.includes(name)),
    };
  }

  instanceProfile(request: ReadRequest): LiveProperties | undefined {
    const profile = this.accountById(request.account).instanceProfiles.find(request.physicalId);
    if (!profile) return undefined;
    this.permitFor(request)('GetInstanceProfile', profile.arn);
    return {
      InstanceProfileName: profile.name,
      Path: profile.path,
      Roles: profile.role ? [profile.role.name] : [],
    };
  }

  private permitFor({ caller }: ReadRequest): Permit {
    return (action, resource) => this.authorize({ caller, action: `iam:${action}`, resource });
  }
}

function ownPolicies(role: Role, request: ReadRequest): TemplateValue[] {
  const putHere = [
    ...siblings(request, 'AWS::IAM::Policy').filter(({ properties }) =>
      properties.strings('Roles')?.includes(role.name),
    ),
    ...siblings(request, 'AWS::IAM::RolePolicy').filter(
      ({ properties }) => properties.string('RoleName') === role.name,
    ),
  ].map(({ properties }) => properties.string('PolicyName'));
  return [...role.inlinePolicies]
    .filter(([name]) => !putHere.includes(name))
    .map(([name, document]) => ({
      PolicyName: name,
      PolicyDocument: documentOf(document) ?? null,
    }));
}

function siblings({ siblings: all }: ReadRequest, type: string) {
  return all
    .filter((one) => one.type === type)
    .map(({ physicalId, properties }) => ({
      physicalId,
      properties: new PropertyReader(properties),
    }));
}
