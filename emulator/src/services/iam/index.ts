import { accountOfRoleArn } from '../../iam/arns';
import type { ResourceRights, RoleRights } from '../../iam/authorizer';
import type { Service, ServiceEnvironment } from '../service';
import { Regional } from '../service';
import { IamAccount } from './account';
import type { InstanceProfile } from './instance-profile';
import { instanceProfileOperations } from './instance-profile-operations';
import { policyOperations } from './policy-operations';
import { iamResources } from './resources';
import type { Role } from './role';
import { roleOperations } from './role-operations';
import { serviceLinkedRights } from './service-linked-roles';

export type { InstanceProfile } from './instance-profile';
export type { Role } from './role';

/** AWS Identity and Access Management: roles, policies and instance profiles, as they are stored. */
export interface IamService extends Service<typeof import('@aws-sdk/client-iam')> {
  /** The role of that ARN; undefined if there is none. */
  role(arn: string): Role | undefined;
  /** The instance profile of a name or an ARN; undefined if there is none. */
  instanceProfile(account: string, nameOrArn: string): InstanceProfile | undefined;
  /** What is in force for a role; undefined if there is no such role. */
  roleRights(roleArn: string): RoleRights | undefined;
  /** A managed policy's document, that of its default version. @throws NoSuchEntity */
  managedPolicy(arn: string, account: string): string;
}

/** Makes the service. IAM has no regions: an account's entities are the same in all of them. */
export function createIam(env: ServiceEnvironment): IamService {
  const accounts = new Regional((account) => new IamAccount(account, env.clock, env.random));
  const accountById = (id: string) => accounts.in(id, 'global');
  const accountOf = (context: { account: string }) => accountById(context.account);

  function findRole(arn: string): Role | undefined {
    const account = accountOfRoleArn(arn);
    return account === undefined ? undefined : accountById(account).roles.findByArn(arn);
  }

  return {
    signingName: 'iam',
    loadClient: () => require('@aws-sdk/client-iam'),
    handlers: {
      ...roleOperations(accountOf),
      ...policyOperations(accountOf),
      ...instanceProfileOperations(accountOf),
    },
    resourceProviders: iamResources(accountById, env.authorize),
    resourceRights: (arn, action) => rightsTo(findRole(arn), action),
    role: findRole,
    roleRights(roleArn) {
      const role = findRole(roleArn);
      if (!role) return serviceLinkedRights(roleArn);
      const account = accountById(accountOfRoleArn(roleArn) ?? '');
      const { permissionsBoundary: arn, tags } = role;
      const boundary = arn === undefined ? undefined : account.policy(arn);
      return {
        policies: account.policiesOf(role),
        boundary: boundary && {
          name: boundary.name,
          arn,
          document: boundary.defaultVersion.document,
        },
        tags,
      };
    },
    instanceProfile(account, nameOrArn) {
      const { instanceProfiles } = accountById(account);
      return nameOrArn.startsWith('arn:')
        ? instanceProfiles.findByArn(nameOrArn)
        : instanceProfiles.find(nameOrArn);
    },
    managedPolicy: (arn, account) => accountById(account).policy(arn).defaultVersion.document,
    leaks: () =>
      accounts
        .all()
        .flatMap((account) => [
          ...account.roles.all().map((role) => `IAM role ${role.arn}`),
          ...account.policies.all().map((policy) => `IAM policy ${policy.arn}`),
          ...account.instanceProfiles.all().map((profile) => `IAM instance profile ${profile.arn}`),
        ]),
    stop: async () => {},
  };
}

/** A role's trust policy is the policy of a resource, which decides on its sessions and on nothing else. */
function rightsTo(role: Role | undefined, action: string): ResourceRights | undefined {
  if (!role) return undefined;
  const account = accountOfRoleArn(role.arn) ?? '';
  return action.startsWith('sts:')
    ? { account, kind: 'trust', policies: [role.trustPolicy], tags: role.tags }
    : { account, policies: [], tags: role.tags };
}
