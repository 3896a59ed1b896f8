import {
  type ExistingResourceRequest,
  PropertyReader,
  type ResourceProvider,
  type TemplateValue,
} from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import {
  authorize,
  createSecurityGroup,
  deleteSecurityGroup,
  everythingOut,
  type RuleRequest,
  rulesOf,
  type SecurityGroup,
} from './security-group';
import {
  checkedRule,
  type RulePeer,
  type SecurityGroupRule,
  sameRule,
} from './security-group-rule';
import { defaultVpc } from './vpc';

const sharedProperties = [
  'CidrIp',
  'CidrIpv6',
  'Description',
  'FromPort',
  'GroupId',
  'IpProtocol',
  'ToPort',
];

/** The CloudFormation types of security groups and their rules. */
export function securityGroupProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::SecurityGroup',
      on: 'security-group',
      properties: [
        'GroupDescription',
        'GroupName',
        'SecurityGroupEgress',
        'SecurityGroupIngress',
        'Tags',
        'VpcId',
      ],
      actions: {
        create: 'CreateSecurityGroup',
        update: 'AuthorizeSecurityGroupIngress',
        delete: 'DeleteSecurityGroup',
      },
      create(region, properties, request) {
        const group = createSecurityGroup(region, {
          name: properties.string('GroupName') ?? request.generateName(255),
          description: properties.requiredString('GroupDescription'),
          vpcId: properties.string('VpcId') ?? defaultVpc(region).id,
          tags: resourceTags(properties, request),
        });
        try {
          changeRules(
            region,
            group,
            [{ rule: everythingOut }],
            groupRules(region, group, properties),
          );
        } catch (error) {
          deleteSecurityGroup(region, group.id);
          throw error;
        }
        return {
          physicalId: group.id,
          attributes: {
            Id: group.id,
            GroupId: group.id,
            GroupName: group.name,
            VpcId: group.vpcId,
          },
        };
      },
      update(region, properties, { physicalId, previous }) {
        const group = region.securityGroups.get(physicalId);
        const before = groupRules(region, group, new PropertyReader(previous.properties));
        changeRules(region, group, before, groupRules(region, group, properties));
      },
      delete: (region, _properties, { physicalId }) => deleteSecurityGroup(region, physicalId),
      unorderedProperties: ['SecurityGroupEgress', 'SecurityGroupIngress'],
      read(region, properties, { physicalId, siblings }) {
        const group = region.securityGroups.get(physicalId);
        const elsewhere = new Set(siblings.map((sibling) => sibling.physicalId));
        const own = rulesOf(region, group.id).filter(({ id }) => !elsewhere.has(id));
        return {
          GroupDescription: group.description,
          GroupName: group.name,
          VpcId: group.vpcId,
          SecurityGroupEgress: liveRules(region, group, own, properties, true),
          SecurityGroupIngress: liveRules(region, group, own, properties, false),
        };
      },
    }),
    ruleProvider(context, false),
    ruleProvider(context, true),
  ];
}

function ruleProvider(context: ProviderContext, egress: boolean): ResourceProvider {
  const direction = egress ? 'Egress' : 'Ingress';
  return ec2Provider(context, {
    type: `AWS::EC2::SecurityGroup${direction}`,
    on: 'security-group',
    properties: [
      ...sharedProperties,
      ...(egress
        ? ['DestinationPrefixListId', 'DestinationSecurityGroupId']
        : [
            'GroupName',
            'SourcePrefixListId',
            'SourceSecurityGroupId',
            'SourceSecurityGroupName',
            'SourceSecurityGroupOwnerId',
          ]),
    ],
    actions: {
      create: `AuthorizeSecurityGroup${direction}`,
      update: `UpdateSecurityGroupRuleDescriptions${direction}`,
      delete: `RevokeSecurityGroup${direction}`,
    },
    create(region, properties) {
      const group = ruleGroup(region, properties);
      const [rule] = authorize(region, group, [ruleOf(region, group, properties, egress)]);
      if (!rule) throw new Error('no rule');
      return { physicalId: rule.id, attributes: { Id: rule.id } };
    },
    update(region, properties, { physicalId }: ExistingResourceRequest) {
      region.securityGroupRules.get(physicalId).description = properties.string('Description');
    },
    delete: (region, _properties, { physicalId }) => region.securityGroupRules.delete(physicalId),
    read: (region, _properties, { physicalId }) => ({
      Description: region.securityGroupRules.get(physicalId).description,
    }),
  });
}

function ruleGroup(region: Ec2Region, properties: PropertyReader): SecurityGroup {
  const id = properties.string('GroupId');
  if (id !== undefined) return region.securityGroups.get(id);
  return groupNamed(region, defaultVpc(region).id, properties.requiredString('GroupName'));
}

function groupNamed(region: Ec2Region, vpcId: string, name: string): SecurityGroup {
  const [group] = region.securityGroups.where((one) => one.vpcId === vpcId && one.name === name);
  if (!group) throw region.securityGroups.notFound(name);
  return group;
}

/** The rules that a group's own properties name. Without any for what goes out, everything does. */
function groupRules(
  region: Ec2Region,
  group: SecurityGroup,
  properties: PropertyReader,
): RuleRequest[] {
  const of = (name: string, egress: boolean) =>
    (properties.objects(name) ?? []).map((rule) => ruleOf(region, group, rule, egress));
  const out = of('SecurityGroupEgress', true);
  return [
    ...of('SecurityGroupIngress', false),
    ...(out.length === 0 ? [{ rule: everythingOut }] : out),
  ];
}

/** Takes away what only `before` has, and adds what only `after` has; who else added rules keeps them. */
function changeRules(
  region: Ec2Region,
  group: SecurityGroup,
  before: readonly RuleRequest[],
  after: readonly RuleRequest[],
): void {
  const has = (requests: readonly RuleRequest[], { rule, description }: RuleRequest) =>
    requests.some(
      (other) =>
        sameRule(checkedRule(region, other.rule), checkedRule(region, rule)) &&
        other.description === description,
    );
  for (const request of before) {
    if (has(after, request)) continue;
    const rule = checkedRule(region, request.rule);
    const found = rulesOf(region, group.id).find((one) => sameRule(one, rule));
    if (found) region.securityGroupRules.delete(found.id);
  }
  const present: RuleRequest[] = rulesOf(region, group.id).map((rule) => ({
    rule,
    description: rule.description,
  }));
  authorize(
    region,
    group,
    after.filter((request) => !(has(before, request) && has(present, request))),
  );
}

/** Rules as a template names them: as this one does, where it has the same rule. */
function liveRules(
  region: Ec2Region,
  group: SecurityGroup,
  rules: readonly SecurityGroupRule[],
  properties: PropertyReader,
  egress: boolean,
): TemplateValue[] {
  const name = egress ? 'SecurityGroupEgress' : 'SecurityGroupIngress';
  const given = properties.json(name);
  const spelled = Array.isArray(given) ? given : [];
  const requests = (properties.objects(name) ?? []).map((reader) =>
    ruleOf(region, group, reader, egress),
  );
  return rules
    .filter((rule) => rule.egress === egress)
    .map((rule): TemplateValue => {
      const index = requests.findIndex(
        ({ rule: wanted, description }) =>
          description === rule.description && sameRule(checkedRule(region, wanted), rule),
      );
      return index < 0 ? ruleProperties(rule) : spelled[index];
    });
}

function ruleProperties({ egress, protocol, from, to, peer, description }: SecurityGroupRule) {
  const side = egress ? 'Destination' : 'Source';
  const peerNames: Readonly<Record<RulePeer['kind'], string>> = {
    ipv4: 'CidrIp',
    ipv6: 'CidrIpv6',
    'prefix-list': `${side}PrefixListId`,
    group: `${side}SecurityGroupId`,
  };
  return {
    IpProtocol: protocol,
    [peerNames[peer.kind]]: peer.value,
    ...(from !== undefined && { FromPort: from }),
    ...(to !== undefined && { ToPort: to }),
    ...(description !== undefined && { Description: description }),
  };
}

function ruleOf(
  region: Ec2Region,
  group: SecurityGroup,
  properties: PropertyReader,
  egress: boolean,
): RuleRequest {
  return {
    rule: {
      egress,
      protocol: properties.requiredString('IpProtocol'),
      from: properties.number('FromPort'),
      to: properties.number('ToPort'),
      peer: peerOf(region, group, properties, egress ? 'Destination' : 'Source'),
    },
    description: properties.string('Description'),
  };
}

function peerOf(
  region: Ec2Region,
  { vpcId }: SecurityGroup,
  properties: PropertyReader,
  side: 'Destination' | 'Source',
): RulePeer {
  const name = properties.string(`${side}SecurityGroupName`);
  const candidates: readonly {
    readonly kind: RulePeer['kind'];
    readonly value: string | undefined;
  }[] = [
    { kind: 'ipv4', value: properties.string('CidrIp') },
    { kind: 'ipv6', value: properties.string('CidrIpv6') },
    { kind: 'prefix-list', value: properties.string(`${side}PrefixListId`) },
    { kind: 'group', value: properties.string(`${side}SecurityGroupId`) },
    { kind: 'group', value: name === undefined ? name : groupNamed(region, vpcId, name).id },
  ];
  const [peer, another] = candidates.flatMap(({ kind, value }) =>
    value === undefined ? [] : [{ kind, value }],
  );
  if (!peer || another)
    throw invalidValue(
      'Exactly one of CidrIp, CidrIpv6, prefix list or security group must be given for a rule.',
    );
  return { ...peer, account: properties.string(`${side}SecurityGroupOwnerId`) };
}
