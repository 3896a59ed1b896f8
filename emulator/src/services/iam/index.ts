import { accountOfRoleArn } from '../../iam/arns';
import type { Service, ServiceEnvironment } from '../service';
import { Regional } from '../service';
import { IamAccount } from './account';
import { instanceProfileOperations } from './instance-profile-operations';
import { policyOperations } from './policy-operations';
import { iamResources } from './resources';
import type { Role, RolePolicy } from './role';
import { roleOperations } from './role-operations';

export type { Role, RolePolicy } from './role';

/** AWS Identity and Access Management: roles, policies and instance profiles, as they are stored. */
export interface IamService extends Service<typeof import('@aws-sdk/client-iam')> {
  /** The role of that ARN; undefined if there is none. */
  role(arn: string): Role | undefined;
  /** Every policy in force for a role, inline ones first; none if there is no such role. */
  rolePolicies(roleArn: string): RolePolicy[];
  /** The document of the role's permissions boundary; undefined without one. */
  permissionsBoundary(roleArn: string): RolePolicy | undefined;
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
    role: findRole,
    rolePolicies(roleArn) {
      const role = findRole(roleArn);
      return role ? accountById(accountOfRoleArn(roleArn) ?? '').policiesOf(role) : [];
    },
    permissionsBoundary(roleArn) {
      const arn = findRole(roleArn)?.permissionsBoundary;
      if (arn === undefined) return undefined;
      const policy = accountById(accountOfRoleArn(roleArn) ?? '').policy(arn);
      return { name: policy.name, arn, document: policy.defaultVersion.document };
    },
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
