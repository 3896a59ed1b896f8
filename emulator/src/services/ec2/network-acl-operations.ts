import { acceptOnly } from '../accepted-parameters';
import type { Operations, RegionOf } from './client';
import { describedPage, describeMembers } from './describing';
import type { Ec2Region } from './ec2-region';
import type { FilterTable } from './filters';
import type { NetworkAcl, NetworkAclEntry } from './network-acl';
import { tagList } from './tags';

const filters = (region: Ec2Region): FilterTable<NetworkAcl> => {
  const ofEntries =
    (pick: (entry: NetworkAclEntry) => string | number | boolean | undefined) =>
    ({ entries }: NetworkAcl) =>
      entries.map(pick);
  return {
    'association.association-id': ({ associations }) => [...associations.values()],
    'association.network-acl-id': ({ id }) => id,
    'association.subnet-id': ({ associations }) => [...associations.keys()],
    default: ({ isDefault }) => isDefault,
    'entry.cidr': ofEntries(({ cidrBlock }) => cidrBlock),
    'entry.egress': ofEntries(({ egress }) => egress),
    'entry.ipv6-cidr': ofEntries(({ ipv6CidrBlock }) => ipv6CidrBlock),
    'entry.port-range.from': ofEntries(({ portRange }) => portRange?.From),
    'entry.port-range.to': ofEntries(({ portRange }) => portRange?.To),
    'entry.protocol': ofEntries(({ protocol }) => protocol),
    'entry.rule-action': ofEntries(({ action }) => action),
    'entry.rule-number': ofEntries(({ ruleNumber }) => ruleNumber),
    'network-acl-id': ({ id }) => id,
    'owner-id': () => region.account,
    'vpc-id': ({ vpcId }) => vpcId,
  };
};

/** Operations on network ACLs, which come from templates. */
export function networkAclOperations(regionOf: RegionOf): Operations {
  return {
    DescribeNetworkAcls(input, context) {
      acceptOnly('DescribeNetworkAcls', input, [...describeMembers, 'NetworkAclIds']);
      const region = regionOf(context);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.networkAcls,
        input.NetworkAclIds,
        filters(region),
      );
      return {
        NetworkAcls: items.map((acl) => ({
          NetworkAclId: acl.id,
          VpcId: acl.vpcId,
          OwnerId: region.account,
          IsDefault: acl.isDefault,
          Associations: [...acl.associations].map(([subnetId, id]) => ({
            NetworkAclAssociationId: id,
            NetworkAclId: acl.id,
            SubnetId: subnetId,
          })),
          Entries: acl.entries.map(({ action, ...entry }) => ({
            RuleNumber: entry.ruleNumber,
            Egress: entry.egress,
            Protocol: entry.protocol,
            RuleAction: action,
            CidrBlock: entry.cidrBlock,
            Ipv6CidrBlock: entry.ipv6CidrBlock,
            PortRange: entry.portRange,
            IcmpTypeCode: entry.icmp,
          })),
          Tags: tagList(acl.tags),
        })),
        NextToken: nextToken,
      };
    },
  };
}
