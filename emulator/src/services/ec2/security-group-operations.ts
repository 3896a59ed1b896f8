import type {
  IpPermission,
  SecurityGroup as SecurityGroupDescription,
  SecurityGroupRule as SecurityGroupRuleDescription,
} from '@aws-sdk/client-ec2';
import { ServiceError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { Operations, RegionOf } from './client';
import { describedPage, describeMembers, permit } from './describing';
import type { Ec2Region } from './ec2-region';
import type { FilterTable } from './filters';
import {
  describePermissions,
  permissionRules,
  type RuleInput,
  ruleInputMembers,
  singleRule,
} from './ip-permissions';
import {
  authorize,
  createSecurityGroup,
  deleteSecurityGroup,
  type RuleRequest,
  revoke,
  rulesOf,
  type SecurityGroup,
} from './security-group';
import type { RuleDefinition, SecurityGroupRule } from './security-group-rule';
import { tagList, tagsIfAny, tagsOf } from './tags';
import { defaultVpc } from './vpc';

const filters = (region: Ec2Region): FilterTable<SecurityGroup> => {
  const ofRules =
    (egress: boolean, pick: (rule: SecurityGroupRule) => string | number | undefined) =>
    ({ id }: SecurityGroup) =>
      rulesOf(region, id)
        .filter((rule) => rule.egress === egress)
        .map(pick);
  const peer = (kind: SecurityGroupRule['peer']['kind']) => (rule: SecurityGroupRule) =>
    rule.peer.kind === kind ? rule.peer.value : undefined;
  const permissionFilters = (prefix: string, egress: boolean): FilterTable<SecurityGroup> => ({
    [`${prefix}.cidr`]: ofRules(egress, peer('ipv4')),
    [`${prefix}.from-port`]: ofRules(egress, ({ from }) => from),
    [`${prefix}.group-id`]: ofRules(egress, peer('group')),
    [`${prefix}.ipv6-cidr`]: ofRules(egress, peer('ipv6')),
    [`${prefix}.prefix-list-id`]: ofRules(egress, peer('prefix-list')),
    [`${prefix}.protocol`]: ofRules(egress, ({ protocol }) => protocol),
    [`${prefix}.to-port`]: ofRules(egress, ({ to }) => to),
  });
  return {
    description: ({ description }) => description,
    'group-id': ({ id }) => id,
    'group-name': ({ name }) => name,
    'owner-id': () => region.account,
    'vpc-id': ({ vpcId }) => vpcId,
    ...permissionFilters('ip-permission', false),
    ...permissionFilters('egress.ip-permission', true),
  };
};

const ruleFilters: FilterTable<SecurityGroupRule> = {
  'group-id': ({ groupId }) => groupId,
  'security-group-rule-id': ({ id }) => id,
};

/** Operations on security groups and their rules. */
export function securityGroupOperations(regionOf: RegionOf): Operations {
  return {
    DescribeSecurityGroups(input, context) {
      acceptOnly('DescribeSecurityGroups', input, [...describeMembers, 'GroupIds', 'GroupNames']);
      const region = regionOf(context);
      const { GroupIds: ids = [], GroupNames: names = [] } = input;
      for (const id of ids) checkGroupId(id);
      const byName = names.map((name) => groupNamed(region, name).id);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.securityGroups,
        [...ids, ...byName],
        filters(region),
      );
      return {
        SecurityGroups: items.map((group) => describeGroup(region, group)),
        NextToken: nextToken,
      };
    },

    DescribeSecurityGroupRules(input, context) {
      acceptOnly('DescribeSecurityGroupRules', input, [...describeMembers, 'SecurityGroupRuleIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.securityGroupRules,
        input.SecurityGroupRuleIds,
        ruleFilters,
      );
      return {
        SecurityGroupRules: items.map((rule) => describeRule(region, rule)),
        NextToken: nextToken,
      };
    },

    CreateSecurityGroup(input, context) {
      acceptOnly('CreateSecurityGroup', input, [
        'Description',
        'DryRun',
        'GroupName',
        'TagSpecifications',
        'VpcId',
      ]);
      const region = regionOf(context);
      permit(context, input, region.arn('security-group', '*'));
      const group = createSecurityGroup(region, {
        name: input.GroupName ?? '',
        description: input.Description ?? '',
        vpcId: input.VpcId ?? defaultVpc(region).id,
        tags: tagsOf(input.TagSpecifications, 'security-group'),
      });
      return {
        GroupId: group.id,
        SecurityGroupArn: region.arn('security-group', group.id),
        Tags: tagsIfAny(group.tags),
      };
    },

    DeleteSecurityGroup(input, context) {
      acceptOnly('DeleteSecurityGroup', input, ['DryRun', 'GroupId', 'GroupName']);
      const region = regionOf(context);
      const group = groupOf(region, context, input);
      deleteSecurityGroup(region, group.id);
      return { Return: true, GroupId: group.id };
    },

    AuthorizeSecurityGroupIngress(input, context) {
      acceptOnly('AuthorizeSecurityGroupIngress', input, [
        'DryRun',
        'GroupId',
        'GroupName',
        'TagSpecifications',
        ...ruleInputMembers,
      ]);
      const region = regionOf(context);
      const group = groupOf(region, context, input);
      return authorized(region, group, input, false);
    },

    AuthorizeSecurityGroupEgress(input, context) {
      acceptOnly('AuthorizeSecurityGroupEgress', input, [
        'DryRun',
        'GroupId',
        'IpPermissions',
        'TagSpecifications',
      ]);
      const region = regionOf(context);
      const group = groupOf(region, context, input);
      return authorized(region, group, input, true);
    },

    RevokeSecurityGroupIngress(input, context) {
      acceptOnly('RevokeSecurityGroupIngress', input, [
        'DryRun',
        'GroupId',
        'GroupName',
        'SecurityGroupRuleIds',
        ...ruleInputMembers,
      ]);
      const region = regionOf(context);
      const group = groupOf(region, context, input);
      return revoked(region, group, input, false);
    },

    RevokeSecurityGroupEgress(input, context) {
      acceptOnly('RevokeSecurityGroupEgress', input, [
        'DryRun',
        'GroupId',
        'IpPermissions',
        'SecurityGroupRuleIds',
      ]);
      const region = regionOf(context);
      const group = groupOf(region, context, input);
      return revoked(region, group, input, true);
    },
  };
}

type RuleCall = RuleInput & {
  readonly TagSpecifications?: Parameters<typeof tagsOf>[0];
  readonly SecurityGroupRuleIds?: readonly string[] | undefined;
};

function authorized(region: Ec2Region, group: SecurityGroup, input: RuleCall, egress: boolean) {
  const tags = tagsOf(input.TagSpecifications, 'security-group-rule');
  const requests = requestedRules(region, input, egress);
  if (requests.length === 0) throw noRules();
  const rules = authorize(
    region,
    group,
    requests.map((request) => ({ ...request, tags: new Map(tags) })),
  );
  return {
    Return: true,
    SecurityGroupRules: rules.map((rule) => describeRule(region, rule)),
  };
}

function revoked(region: Ec2Region, group: SecurityGroup, input: RuleCall, egress: boolean) {
  const { SecurityGroupRuleIds: ids = [] } = input;
  const byId = ids.map((id): RuleDefinition => {
    const rule = region.securityGroupRules.get(id);
    if (rule.groupId !== group.id || rule.egress !== egress)
      throw region.securityGroupRules.notFound(id);
    return rule;
  });
  const wanted = [...byId, ...requestedRules(region, input, egress).map(({ rule }) => rule)];
  if (wanted.length === 0) throw noRules();
  const rules = revoke(region, group, wanted);
  return {
    Return: true,
    RevokedSecurityGroupRules: rules.map((rule) => ({
      SecurityGroupRuleId: rule.id,
      GroupId: rule.groupId,
      IsEgress: rule.egress,
      IpProtocol: rule.protocol,
      FromPort: rule.from ?? -1,
      ToPort: rule.to ?? -1,
      Description: rule.description,
      ...peerMembers(rule),
      ...(rule.peer.kind === 'group' && { ReferencedGroupId: rule.peer.value }),
    })),
  };
}

/** The rules of a call: those of its permissions, or the one that its own members make up. */
function requestedRules(region: Ec2Region, input: RuleInput, egress: boolean): RuleRequest[] {
  const single = singleRule(input);
  const permissions = [...(input.IpPermissions ?? []), ...(single ? [single] : [])];
  return permissions.flatMap((permission) =>
    permissionRules(permission, egress, (name) => groupNamed(region, name).id),
  );
}

/** The group that a call is about, once its caller may make it. */
function groupOf(
  region: Ec2Region,
  context: CallContext,
  input: {
    readonly DryRun?: boolean | undefined;
    readonly GroupId?: string | undefined;
    readonly GroupName?: string | undefined;
  },
): SecurityGroup {
  const { GroupId: id, GroupName: name } = input;
  if (id === undefined && name === undefined)
    throw new ServiceError(
      'MissingParameter',
      'The request must contain the parameter groupName or groupId',
    );
  const named = id ?? groupNamed(region, name ?? '').id;
  checkGroupId(named);
  permit(context, input, region.arn('security-group', named));
  return region.securityGroups.get(named);
}

/** Names stand for groups of the default VPC alone. */
function groupNamed(region: Ec2Region, name: string): SecurityGroup {
  const { id: vpcId } = defaultVpc(region);
  const [group] = region.securityGroups.where((one) => one.vpcId === vpcId && one.name === name);
  if (!group)
    throw new ServiceError(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in default VPC '${vpcId}'`,
    );
  return group;
}

function checkGroupId(id: string): void {
  if (!/^sg-[0-9a-f]+$/.test(id))
    throw new ServiceError('InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
}

function describeGroup(region: Ec2Region, group: SecurityGroup): SecurityGroupDescription {
  const rules = rulesOf(region, group.id);
  const permissions = (egress: boolean): IpPermission[] =>
    describePermissions(
      rules.filter((rule) => rule.egress === egress),
      region.account,
    );
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: region.account,
    SecurityGroupArn: region.arn('security-group', group.id),
    IpPermissions: permissions(false),
    IpPermissionsEgress: permissions(true),
    Tags: tagsIfAny(group.tags),
  };
}

function describeRule(region: Ec2Region, rule: SecurityGroupRule): SecurityGroupRuleDescription {
  return {
    SecurityGroupRuleId: rule.id,
    SecurityGroupRuleArn: region.arn('security-group-rule', rule.id),
    GroupId: rule.groupId,
    GroupOwnerId: region.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from ?? -1,
    ToPort: rule.to ?? -1,
    ...peerMembers(rule),
    ...(rule.peer.kind === 'group' && {
      ReferencedGroupInfo: {
        GroupId: rule.peer.value,
        UserId: rule.peer.account ?? region.account,
      },
    }),
    Description: rule.description,
    Tags: tagList(rule.tags),
  };
}

function peerMembers({ peer: { kind, value } }: SecurityGroupRule) {
  switch (kind) {
    case 'ipv4':
      return { CidrIpv4: value };
    case 'ipv6':
      return { CidrIpv6: value };
    case 'prefix-list':
      return { PrefixListId: value };
    default:
      return {};
  }
}

function noRules(): ServiceError {
  return new ServiceError(
    'MissingParameter',
    'The request must contain the parameter ipPermissions',
  );
}
