import { IpBlock } from '../../network/ip-block';
import { ServiceError } from '../../protocol/errors';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import type { Ec2Resource, ResourceKind } from './resource-table';

/** Whom a rule lets in, or where it lets out to. */
export interface RulePeer {
  readonly kind: 'ipv4' | 'ipv6' | 'prefix-list' | 'group';
  /** A block of addresses, or an id. */
  readonly value: string;
  /** Account of a group. @default - this one */
  readonly account?: string | undefined;
}

/** What a rule says. */
export interface RuleDefinition {
  readonly egress: boolean;
  /** A name or a number; `-1` for all. */
  readonly protocol: string;
  /** First port or ICMP type; undefined where the protocol has none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly peer: RulePeer;
}

/** A rule of a security group. Nothing filters packets by it. */
export interface SecurityGroupRule extends Ec2Resource, RuleDefinition {
  readonly groupId: string;
  description: string | undefined;
}

export const securityGroupRuleKind: ResourceKind = {
  prefix: 'sgr',
  resourceType: 'security-group-rule',
  notFoundCode: 'InvalidSecurityGroupRuleId.NotFound',
  notFoundMessage: (id) => `The security group rule ID '${id}' does not exist`,
};

const protocolNames: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
  all: '-1',
};

/**
 * A rule in the form in which EC2 keeps it: protocols by name, blocks canonical, no ports for all protocols.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 * @throws ServiceError for ports, blocks and groups that cannot be.
 */
export function checkedRule(region: Ec2Region, rule: RuleDefinition): RuleDefinition {
  const lower = rule.protocol.toLowerCase();
  const protocol = protocolNames[lower] ?? lower;
  if (!/^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(protocol) || Number(protocol) > 255)
    throw invalidValue(`Invalid value '${rule.protocol}' for IP protocol. Unknown protocol.`);
  const ports = protocol === 'tcp' || protocol === 'udp' || protocol.startsWith('icmp');
  if (ports) checkPorts(protocol, rule.from, rule.to);
  return {
    egress: rule.egress,
    protocol,
    from: ports ? rule.from : undefined,
    to: ports ? rule.to : undefined,
    peer: checkedPeer(region, rule.peer),
  };
}

/** Whether two rules let the same packets pass; descriptions do not count. */
export function sameRule(a: RuleDefinition, b: RuleDefinition): boolean {
  return (
    a.egress === b.egress &&
    a.protocol === b.protocol &&
    a.from === b.from &&
    a.to === b.to &&
    a.peer.kind === b.peer.kind &&
    a.peer.value === b.peer.value
  );
}

/** As EC2 words that a group has the rule already. */
export function duplicateRule({ protocol, from, to, peer }: RuleDefinition): ServiceError {
  const what =
    protocol === '-1' ? 'ALL' : `${protocol.toUpperCase()}, from port: ${from}, to port: ${to}`;
  return new ServiceError(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${peer.value}, ${what}, ALLOW" already exists`,
  );
}

function checkPorts(protocol: string, from: number | undefined, to: number | undefined): void {
  if (protocol.startsWith('icmp')) return;
  if (from === undefined || to === undefined)
    throw invalidValue(
      "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    );
  for (const port of [from, to])
    if (port < 0 || port > 65535) throw invalidValue(`TCP/UDP port (${port}) out of range`);
  if (from > to)
    throw invalidValue(`Invalid TCP port range. From port ${from} is greater than to port ${to}`);
}

function checkedPeer(region: Ec2Region, peer: RulePeer): RulePeer {
  switch (peer.kind) {
    case 'group':
      if (peer.account === undefined || peer.account === region.account)
        region.securityGroups.get(peer.value);
      return peer;
    case 'prefix-list':
      region.prefixLists.get(peer.value);
      return peer;
    default: {
      const block = IpBlock.parse(peer.value);
      if (!block || block.isIpv6 !== (peer.kind === 'ipv6'))
        throw invalidValue(`CIDR block ${peer.value} is malformed`);
      return { ...peer, value: String(block) };
    }
  }
}
