import {
  type ExistingResourceRequest,
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type TemplateValue,
} from '../../cloudformation/provider';
import type { Authorize } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { unsupportedProperties } from '../accepted-parameters';
import { sameState, templateTags, updateTemplateTags } from '../resource-updates';
import { checkRoleSettings, type IamAccount } from './account';
import { LiveIamProperties } from './live-properties';
import type { Role } from './role';

type AccountById = (id: string) => IamAccount;

/** The CloudFormation types of IAM. Users, groups and access keys have none: they are unsupported. */
export function iamResources(accountById: AccountById, authorize: Authorize): ResourceProvider[] {
  const live = new LiveIamProperties(accountById, authorize);
  return [
    {
      ...roleProvider(accountById, authorize),
      read: async (request) => live.role(request),
      unorderedProperties: ['ManagedPolicyArns', 'Policies'],
    },
    // As on AWS, its drift cannot be detected: the published type has no way to be read.
    policyProvider(accountById, authorize),
    {
      ...rolePolicyProvider(accountById, authorize),
      read: async (request) => live.rolePolicy(request),
    },
    {
      ...managedPolicyProvider(accountById, authorize),
      read: async (request) => live.managedPolicy(request),
      unorderedProperties: ['Roles'],
    },
    {
      ...instanceProfileProvider(accountById, authorize),
      read: async (request) => live.instanceProfile(request),
    },
  ];
}

function roleProvider(accountById: AccountById, authorize: Authorize): ResourceProvider {
  const type = 'AWS::IAM::Role';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'AssumeRolePolicyDocument',
        'Description',
        'ManagedPolicyArns',
        'MaxSessionDuration',
        'Path',
        'PermissionsBoundary',
        'Policies',
        'RoleName',
        'Tags',
      ]),
    async create(request) {
      const { account: accountId, caller } = request;
      const account = accountById(accountId);
      const properties = new PropertyReader(request.properties);
      const name = properties.string('RoleName') ?? request.generateName(64);
      const path = properties.string('Path') ?? '/';
      const resource = `arn:aws:iam::${accountId}:role${path}${name}`;
      authorize({ caller, action: 'iam:CreateRole', resource });
      const role = account.createRole(name, path, {
        trustPolicy: documentText(properties.json('AssumeRolePolicyDocument')),
        description: properties.string('Description'),
        maxSessionDuration: properties.number('MaxSessionDuration'),
        permissionsBoundary: properties.string('PermissionsBoundary'),
        tags: templateTags(request),
      });
      try {
        for (const policy of properties.objects('Policies') ?? []) {
          authorize({ caller, action: 'iam:PutRolePolicy', resource });
          account.putRolePolicy(
            role,
            policy.requiredString('PolicyName'),
            documentText(policy.json('PolicyDocument')),
          );
        }
        for (const arn of properties.strings('ManagedPolicyArns') ?? []) {
          authorize({ caller, action: 'iam:AttachRolePolicy', resource });
          account.attachRolePolicy(role, arn);
        }
      } catch (error) {
        account.roles.remove(role);
        throw error;
      }
      return { physicalId: name, attributes: { Arn: role.arn, RoleId: role.id } };
    },
    async find({ account, identifier }) {
      const role = accountById(account).roles.find(identifier.RoleName ?? '');
      return role && { physicalId: role.name, attributes: { Arn: role.arn, RoleId: role.id } };
    },
    async update(request) {
      const { caller, previous } = request;
      const account = accountById(request.account);
      const role = account.roles.get(request.physicalId);
      const before = new PropertyReader(previous.properties);
      const properties = new PropertyReader(request.properties);
      authorize({ caller, action: 'iam:UpdateRole', resource: role.arn });
      const boundary = properties.string('PermissionsBoundary');
      checkRoleSettings(properties.string('Description'), properties.number('MaxSessionDuration'));
      if (boundary !== undefined) account.policy(boundary);
      account.setTrustPolicy(role, documentText(properties.json('AssumeRolePolicyDocument')));
      role.description = properties.string('Description');
      role.maxSessionDuration = properties.number('MaxSessionDuration') ?? 3600;
      role.permissionsBoundary = boundary;
      for (const policy of before.objects('Policies') ?? [])
        role.inlinePolicies.delete(policy.requiredString('PolicyName'));
      for (const arn of before.strings('ManagedPolicyArns') ?? [])
        role.attachedPolicies.delete(arn);
      for (const policy of properties.objects('Policies') ?? []) {
        const document = documentText(policy.json('PolicyDocument'));
        putPolicy(account, role, policy.requiredString('PolicyName'), document, request, authorize);
      }
      for (const arn of properties.strings('ManagedPolicyArns') ?? []) {
        authorize({ caller, action: 'iam:AttachRolePolicy', resource: role.arn });
        account.attachRolePolicy(role, arn);
      }
      updateTemplateTags(role.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const account = accountById(request.account);
      const role = account.roles.find(request.physicalId);
      if (!role) return;
      authorize({ caller: request.caller, action: 'iam:DeleteRole', resource: role.arn });
      // CloudFormation takes away what the template gave, and nothing else: a policy that somebody
      // attached by hand keeps the role from being deleted.
      const properties = new PropertyReader(request.properties);
      for (const policy of properties.objects('Policies') ?? [])
        role.inlinePolicies.delete(policy.requiredString('PolicyName'));
      for (const arn of properties.strings('ManagedPolicyArns') ?? [])
        role.attachedPolicies.delete(arn);
      account.deleteRole(role);
    },
  };
}

/** An inline policy that is put into each of the roles that it names. */
function policyProvider(accountById: AccountById, authorize: Authorize): ResourceProvider {
  const type = 'AWS::IAM::Policy';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, ['PolicyDocument', 'PolicyName', 'Roles']),
    async create(request) {
      putIntoRoles(accountById(request.account), request, authorize);
      const physicalId = request.generateName(64);
      return { physicalId, attributes: { Id: physicalId } };
    },
    async update(request) {
      const account = accountById(request.account);
      const { name, roles } = putIntoRoles(account, request, authorize);
      const before = new PropertyReader(request.previous.properties);
      const oldName = before.requiredString('PolicyName');
      for (const role of before.strings('Roles') ?? [])
        if (oldName !== name || !roles.includes(role))
          removePolicy(account, role, oldName, request, authorize);
      return sameState(request);
    },
    async delete(request) {
      const properties = new PropertyReader(request.properties);
      const name = properties.requiredString('PolicyName');
      for (const role of properties.strings('Roles') ?? [])
        removePolicy(accountById(request.account), role, name, request, authorize);
    },
  };
}

function putIntoRoles(account: IamAccount, request: ResourceRequest, authorize: Authorize) {
  const properties = new PropertyReader(request.properties);
  const name = properties.requiredString('PolicyName');
  const roles = properties.strings('Roles') ?? [];
  if (roles.length === 0)
    throw new ServiceError(
      'ValidationError',
      'At least one of [Groups,Roles,Users] must be non-empty.',
    );
  const document = documentText(properties.json('PolicyDocument'));
  const found = roles.map((role) => account.roles.get(role));
  for (const role of found) putPolicy(account, role, name, document, request, authorize);
  return { name, roles };
}

function rolePolicyProvider(accountById: AccountById, authorize: Authorize): ResourceProvider {
  const put = (request: ResourceRequest) => {
    const account = accountById(request.account);
    const properties = new PropertyReader(request.properties);
    const name = properties.requiredString('PolicyName');
    const role = account.roles.get(properties.requiredString('RoleName'));
    const document = documentText(properties.json('PolicyDocument'));
    putPolicy(account, role, name, document, request, authorize);
    return `${name}|${role.name}`;
  };
  return {
    type: 'AWS::IAM::RolePolicy',
    level: 'emulated',
    create: async (request) => ({ physicalId: put(request), attributes: {} }),
    update: async (request) => ({ physicalId: put(request), attributes: {} }),
    async delete(request) {
      const properties = new PropertyReader(request.properties);
      removePolicy(
        accountById(request.account),
        properties.requiredString('RoleName'),
        properties.requiredString('PolicyName'),
        request,
        authorize,
      );
    },
  };
}

function managedPolicyProvider(accountById: AccountById, authorize: Authorize): ResourceProvider {
  const type = 'AWS::IAM::ManagedPolicy';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'Description',
        'ManagedPolicyName',
        'Path',
        'PolicyDocument',
        'Roles',
      ]),
    async create(request) {
      const { account: accountId, caller } = request;
      const account = accountById(accountId);
      const properties = new PropertyReader(request.properties);
      const name = properties.string('ManagedPolicyName') ?? request.generateName(128);
      const path = properties.string('Path') ?? '/';
      const resource = `arn:aws:iam::${accountId}:policy${path}${name}`;
      authorize({ caller, action: 'iam:CreatePolicy', resource });
      const roles = (properties.strings('Roles') ?? []).map((role) => account.roles.get(role));
      const policy = account.createPolicy(
        name,
        path,
        documentText(properties.json('PolicyDocument')),
        { description: properties.string('Description') },
      );
      for (const role of roles) {
        authorize({ caller, action: 'iam:AttachRolePolicy', resource: role.arn });
        account.attachRolePolicy(role, policy.arn);
      }
      return {
        physicalId: policy.arn,
        attributes: {
          PolicyArn: policy.arn,
          PolicyId: policy.id,
          AttachmentCount: roles.length,
          PermissionsBoundaryUsageCount: 0,
          DefaultVersionId: policy.defaultVersion.id,
          IsAttachable: true,
          CreateDate: new Date(policy.createdAt).toISOString(),
          UpdateDate: new Date(policy.updatedAt).toISOString(),
        },
      };
    },
    async update(request) {
      const { caller, physicalId: arn, previous } = request;
      const account = accountById(request.account);
      const policy = account.policy(arn);
      const properties = new PropertyReader(request.properties);
      const document = documentText(properties.json('PolicyDocument'));
      const { defaultVersion: old } = policy;
      if (old.document !== document) {
        authorize({ caller, action: 'iam:CreatePolicyVersion', resource: arn });
        account.createPolicyVersion(policy, document, true);
        policy.deleteVersion(old.id);
      }
      const roles = properties.strings('Roles') ?? [];
      for (const name of new PropertyReader(previous.properties).strings('Roles') ?? [])
        if (!roles.includes(name)) account.roles.find(name)?.attachedPolicies.delete(arn);
      for (const role of roles.map((name) => account.roles.get(name))) {
        authorize({ caller, action: 'iam:AttachRolePolicy', resource: role.arn });
        account.attachRolePolicy(role, arn);
      }
      const attributes = {
        ...previous.attributes,
        AttachmentCount: roles.length,
        DefaultVersionId: policy.defaultVersion.id,
        UpdateDate: new Date(policy.updatedAt).toISOString(),
      };
      return { physicalId: arn, attributes };
    },
    async delete(request) {
      const account = accountById(request.account);
      const policy = account.policies.findByArn(request.physicalId);
      if (!policy) return;
      authorize({ caller: request.caller, action: 'iam:DeletePolicy', resource: policy.arn });
      for (const name of new PropertyReader(request.properties).strings('Roles') ?? [])
        account.roles.find(name)?.attachedPolicies.delete(policy.arn);
      account.deletePolicy(policy);
    },
  };
}

function instanceProfileProvider(accountById: AccountById, authorize: Authorize): ResourceProvider {
  return {
    type: 'AWS::IAM::InstanceProfile',
    level: 'emulated',
    async create(request) {
      const { account: accountId, caller } = request;
      const account = accountById(accountId);
      const properties = new PropertyReader(request.properties);
      const name = properties.string('InstanceProfileName') ?? request.generateName(128);
      const path = properties.string('Path') ?? '/';
      const resource = `arn:aws:iam::${accountId}:instance-profile${path}${name}`;
      authorize({ caller, action: 'iam:CreateInstanceProfile', resource });
      const roles = (properties.strings('Roles') ?? []).map((role) => account.roles.get(role));
      const profile = account.createInstanceProfile(name, path);
      try {
        for (const role of roles) {
          authorize({ caller, action: 'iam:AddRoleToInstanceProfile', resource });
          account.addRoleToInstanceProfile(profile, role);
        }
      } catch (error) {
        account.instanceProfiles.remove(profile);
        throw error;
      }
      return { physicalId: name, attributes: { Arn: profile.arn } };
    },
    async update(request) {
      const account = accountById(request.account);
      const profile = account.instanceProfiles.get(request.physicalId);
      const [name] = new PropertyReader(request.properties).strings('Roles') ?? [];
      const action = 'iam:AddRoleToInstanceProfile';
      authorize({ caller: request.caller, action, resource: profile.arn });
      profile.role = name === undefined ? undefined : account.roles.get(name);
      return sameState(request);
    },
    async delete(request) {
      const account = accountById(request.account);
      const profile = account.instanceProfiles.find(request.physicalId);
      if (!profile) return;
      authorize({
        caller: request.caller,
        action: 'iam:DeleteInstanceProfile',
        resource: profile.arn,
      });
      profile.role = undefined;
      account.deleteInstanceProfile(profile);
    },
  };
}

function putPolicy(
  account: IamAccount,
  role: Role,
  name: string,
  document: string,
  request: ResourceRequest,
  authorize: Authorize,
): void {
  authorize({ caller: request.caller, action: 'iam:PutRolePolicy', resource: role.arn });
  account.putRolePolicy(role, name, document);
}

/** What is gone already is no reason to fail a deletion. */
function removePolicy(
  account: IamAccount,
  roleName: string,
  policyName: string,
  request: ExistingResourceRequest,
  authorize: Authorize,
): void {
  const role = account.roles.find(roleName);
  if (!role) return;
  authorize({ caller: request.caller, action: 'iam:DeleteRolePolicy', resource: role.arn });
  role.inlinePolicies.delete(policyName);
}

function documentText(value: TemplateValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}
