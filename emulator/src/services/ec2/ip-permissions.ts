import type { IpPermission } from '@aws-sdk/client-ec2';
import { ServiceError } from '../../protocol/errors';
import type { RuleRequest } from './security-group';
import type { RulePeer, SecurityGroupRule } from './security-group-rule';

/** A permission as a call has it: ports, and any number of peers. */
export type PermissionInput = Pick<
  IpPermission,
  | 'FromPort'
  | 'IpProtocol'
  | 'IpRanges'
  | 'Ipv6Ranges'
  | 'PrefixListIds'
  | 'ToPort'
  | 'UserIdGroupPairs'
>;

/** The two ways in which a call may name rules: as permissions, or one by the members of the call itself. */
export interface RuleInput {
  readonly IpPermissions?: readonly PermissionInput[] | undefined;
  readonly CidrIp?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly IpProtocol?: string | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly ToPort?: number | undefined;
}

/** Names of the members of {@link RuleInput}, for `acceptOnly`. */
export const ruleInputMembers = [
  'CidrIp',
  'FromPort',
  'IpPermissions',
  'IpProtocol',
  'SourceSecurityGroupName',
  'ToPort',
] as const;

/** The rule that the members of a call make up by themselves; undefined without them. */
export function singleRule(input: RuleInput): PermissionInput | undefined {
  const { CidrIp: cidr, IpProtocol: protocol, SourceSecurityGroupName: group } = input;
  if (cidr === undefined && protocol === undefined && group === undefined) return undefined;
  return {
    IpProtocol: group === undefined ? protocol : (protocol ?? '-1'),
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    IpRanges: cidr === undefined ? [] : [{ CidrIp: cidr }],
    UserIdGroupPairs: group === undefined ? [] : [{ GroupName: group }],
  };
}

/** One rule for each peer of a permission. @param groupNamed - id of a group of the default VPC */
export function permissionRules(
  permission: PermissionInput,
  egress: boolean,
  groupNamed: (name: string) => string,
): RuleRequest[] {
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = permission;
  if (protocol === undefined)
    throw new ServiceError('MissingParameter', 'The request must contain the parameter ipProtocol');
  const peers: { readonly peer: RulePeer; readonly description?: string | undefined }[] = [
    ...(permission.IpRanges ?? []).map(({ CidrIp: value = '', Description: description }) => ({
      peer: { kind: 'ipv4' as const, value },
      description,
    })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6: value = '', Description: description }) => ({
      peer: { kind: 'ipv6' as const, value },
      description,
    })),
    ...(permission.PrefixListIds ?? []).map(
      ({ PrefixListId: value = '', Description: description }) => ({
        peer: { kind: 'prefix-list' as const, value },
        description,
      }),
    ),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
      peer: {
        kind: 'group' as const,
        value: pair.GroupId ?? groupNamed(pair.GroupName ?? ''),
        account: pair.UserId,
      },
      description: pair.Description,
    })),
  ];
  return peers.map(({ peer, description }) => ({
    rule: { egress, protocol, from, to, peer },
    description,
  }));
}

/** Rules as DescribeSecurityGroups has them: those of the same protocol and ports in one permission. */
export function describePermissions(
  rules: readonly SecurityGroupRule[],
  account: string,
): IpPermission[] {
  const permissions = new Map<string, PermissionInput>();
  for (const { protocol, from, to, peer, description } of rules) {
    const key = `${protocol} ${from} ${to}`;
    const permission = permissions.get(key) ?? {
      IpProtocol: protocol,
      FromPort: from,
      ToPort: to,
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    };
    permissions.set(key, permission);
    switch (peer.kind) {
      case 'ipv4':
        permission.IpRanges?.push({ CidrIp: peer.value, Description: description });
        break;
      case 'ipv6':
        permission.Ipv6Ranges?.push({ CidrIpv6: peer.value, Description: description });
        break;
      case 'prefix-list':
        permission.PrefixListIds?.push({ PrefixListId: peer.value, Description: description });
        break;
      case 'group':
        permission.UserIdGroupPairs?.push({
          GroupId: peer.value,
          UserId: peer.account ?? account,
          Description: description,
        });
    }
  }
  return [...permissions.values()];
}
