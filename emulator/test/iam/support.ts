import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import type { Emulator } from '../../src';
import type { ClientConstructor } from '../../src/client';

export const account = '000000000000';

/** What a role's policy allows, on every resource unless it says. */
export type Right = string | { readonly actions: string[]; readonly resource: string };

/** Roles that a test makes, and clients that call as one of them. */
export class Roles {
  constructor(
    private readonly aws: Emulator,
    private readonly account = '000000000000',
  ) {}

  arn(name: string): string {
    return `arn:aws:iam::${this.account}:role/${name}`;
  }

  /** Makes a role that its account may assume, with rights. */
  async create(RoleName: string, ...rights: Right[]): Promise<void> {
    const trust = {
      Statement: { Effect: 'Allow', Principal: { AWS: this.account }, Action: 'sts:AssumeRole' },
    };
    const AssumeRolePolicyDocument = JSON.stringify(trust);
    await this.iam.createRole({ RoleName, AssumeRolePolicyDocument });
    await this.allow(RoleName, ...rights);
  }

  /** Gives a role these rights in place of those that it had. */
  async allow(RoleName: string, ...rights: Right[]): Promise<void> {
    if (rights.length === 0) return;
    const Statement = rights.map((right) =>
      typeof right === 'string'
        ? { Effect: 'Allow', Action: right, Resource: '*' }
        : { Effect: 'Allow', Action: right.actions, Resource: right.resource },
    );
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await this.iam.putRolePolicy({ RoleName, PolicyName: 'rights', PolicyDocument });
  }

  /** A client that calls as a role. */
  async client<T>(Client: ClientConstructor<T>, name: string): Promise<T> {
    const { Credentials } = await this.aws
      .client(STS, { account: this.account })
      .assumeRole({ RoleArn: this.arn(name), RoleSessionName: 'test' });
    return this.aws.client(Client, { account: Credentials?.AccessKeyId });
  }

  private get iam(): IAM {
    return this.aws.client(IAM, { account: this.account });
  }
}
