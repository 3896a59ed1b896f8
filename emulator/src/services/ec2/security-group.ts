import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import type { Ec2Resource, ResourceKind } from './resource-table';
import {
  checkedRule,
  duplicateRule,
  type RuleDefinition,
  type SecurityGroupRule,
  sameRule,
} from './security-group-rule';

/** A security group of a VPC; its rules are kept apart. */
export interface SecurityGroup extends Ec2Resource {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
}

export const securityGroupKind: ResourceKind = {
  prefix: 'sg',
  resourceType: 'security-group',
  notFoundCode: 'InvalidGroup.NotFound',
  notFoundMessage: (id) => `The security group '${id}' does not exist`,
};

/** A rule as somebody asks for it. */
export interface RuleRequest {
  readonly rule: RuleDefinition;
  readonly description?: string | undefined;
  readonly tags?: Map<string, string>;
}

/** Lets everything out over IPv4: what a new group has. */
export const everythingOut: RuleDefinition = {
  egress: true,
  protocol: '-1',
  from: undefined,
  to: undefined,
  peer: { kind: 'ipv4', value: '0.0.0.0/0' },
};

/** What a security group is created with. */
export interface SecurityGroupOptions {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Map<string, string>;
}

/**
 * Creates a group that lets nothing in and everything out.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * @throws ServiceError `InvalidGroup.Duplicate`, `InvalidGroup.Reserved`, and for names and descriptions that cannot be.
 */
export function createSecurityGroup(
  region: Ec2Region,
  options: SecurityGroupOptions,
): SecurityGroup {
  checkTexts(options);
  const { name, vpcId } = options;
  region.vpcs.get(vpcId);
  if (region.securityGroups.all().some((other) => other.vpcId === vpcId && other.name === name))
    throw new ServiceError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  const group = region.securityGroups.add((id) => ({ id, ...options }));
  authorize(region, group, [{ rule: everythingOut }]);
  return group;
}

/** The group of what names no other: it lets in what has it, and everything out. */
export function createDefaultSecurityGroup(region: Ec2Region, vpcId: string): SecurityGroup {
  const description = 'default VPC security group';
  const group = region.securityGroups.add((id) => ({
    id,
    name: 'default',
    description,
    vpcId,
    tags: new Map(),
  }));
  const fromItself = { ...everythingOut, egress: false };
  authorize(region, group, [
    { rule: { ...fromItself, peer: { kind: 'group', value: group.id, account: region.account } } },
    { rule: everythingOut },
  ]);
  return group;
}

/** Ids of the groups of what names none in a VPC: its default one. */
export function defaultSecurityGroups(region: Ec2Region, vpcId: string): string[] {
  return region.securityGroups
    .where((group) => group.vpcId === vpcId && group.name === 'default')
    .map(({ id }) => id);
}

/** @throws ServiceError for a default group, and while anything refers to it. */
export function deleteSecurityGroup(region: Ec2Region, id: string): void {
  const group = region.securityGroups.get(id);
  if (group.name === 'default')
    throw new ServiceError(
      'CannotDelete',
      `the specified group: "${id}" name: "default" cannot be deleted by a user`,
    );
  const referred = region.securityGroupRules
    .all()
    .some(({ groupId, peer }) => groupId !== id && peer.kind === 'group' && peer.value === id);
  const used = region.networkInterfaces.all().some(({ groupIds }) => groupIds.includes(id));
  if (referred || used)
    throw new ServiceError('DependencyViolation', `resource ${id} has a dependent object`);
  deleteRules(region, id);
  region.securityGroups.delete(id);
}

/** The rules of a group, those for what comes in first. */
export function rulesOf(region: Ec2Region, groupId: string): SecurityGroupRule[] {
  return region.securityGroupRules
    .where((rule) => rule.groupId === groupId)
    .sort((a, b) => Number(a.egress) - Number(b.egress));
}

export function deleteRules(region: Ec2Region, groupId: string): void {
  for (const { id } of rulesOf(region, groupId)) region.securityGroupRules.delete(id);
}

/** Adds rules to a group, all or none. @throws ServiceError `InvalidPermission.Duplicate` */
export function authorize(
  region: Ec2Region,
  group: SecurityGroup,
  requests: readonly RuleRequest[],
): SecurityGroupRule[] {
  const checked = requests.map((request) => ({
    ...request,
    rule: checkedRule(region, request.rule),
  }));
  const existing: RuleDefinition[] = rulesOf(region, group.id);
  checked.forEach(({ rule, description }, index) => {
    checkDescription(description);
    if (checked.slice(0, index).some((other) => sameRule(other.rule, rule)))
      throw invalidValue('The same permission must not appear multiple times');
    if (existing.some((other) => sameRule(other, rule))) throw duplicateRule(rule);
  });
  return checked.map(({ rule, description, tags = new Map() }) =>
    region.securityGroupRules.add((id) => ({ id, groupId: group.id, ...rule, description, tags })),
  );
}

/** Takes rules from a group, all or none. @throws ServiceError `InvalidPermission.NotFound` */
export function revoke(
  region: Ec2Region,
  group: SecurityGroup,
  rules: readonly RuleDefinition[],
): SecurityGroupRule[] {
  const existing = rulesOf(region, group.id);
  const found = rules.map((wanted) => {
    const rule = existing.find((one) => sameRule(one, checkedRule(region, wanted)));
    if (!rule)
      throw new ServiceError(
        'InvalidPermission.NotFound',
        'The specified rule does not exist in this security group.',
      );
    return rule;
  });
  for (const { id } of found) region.securityGroupRules.delete(id);
  return found;
}

const allowedText = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/;

function checkTexts({ name, description }: SecurityGroupOptions): void {
  if (name === 'default')
    throw new ServiceError(
      'InvalidParameterValue',
      'Cannot use reserved security group name: default',
    );
  if (name.startsWith('sg-'))
    throw invalidValue(`Invalid group name '${name}'. Group names may not be in the format sg-*.`);
  for (const [parameter, value] of [
    ['GroupName', name],
    ['GroupDescription', description],
  ] as const) {
    if (value === '')
      throw new ServiceError(
        'MissingParameter',
        `The request must contain the parameter ${parameter}`,
      );
    if (value.length > 255 || !allowedText.test(value))
      throw invalidValue(
        `Value (${value}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
      );
  }
}

function checkDescription(description: string | undefined): void {
  if (description !== undefined && (description.length > 255 || !allowedText.test(description)))
    throw invalidValue(
      `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
    );
}
