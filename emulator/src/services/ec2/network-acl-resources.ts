import { PropertyReader, type ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import { invalidValue } from './errors';
import {
  associateAcl,
  createAclEntry,
  createNetworkAcl,
  defaultNetworkAcl,
  deleteAclEntry,
  deleteNetworkAcl,
  type NetworkAcl,
  type NetworkAclEntry,
} from './network-acl';

/** The CloudFormation types of network ACLs. */
export function networkAclProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::NetworkAcl',
      on: 'network-acl',
      properties: ['Tags', 'VpcId'],
      actions: { create: 'CreateNetworkAcl', delete: 'DeleteNetworkAcl' },
      create(region, properties, request) {
        const { id } = createNetworkAcl(region, {
          vpcId: properties.requiredString('VpcId'),
          tags: resourceTags(properties, request),
        });
        return { physicalId: id, attributes: { Id: id } };
      },
      delete: (region, _properties, { physicalId }) => deleteNetworkAcl(region, physicalId),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::NetworkAclEntry',
      on: 'network-acl',
      properties: [
        'CidrBlock',
        'Egress',
        'Icmp',
        'Ipv6CidrBlock',
        'NetworkAclId',
        'PortRange',
        'Protocol',
        'RuleAction',
        'RuleNumber',
      ],
      actions: {
        create: 'CreateNetworkAclEntry',
        update: 'ReplaceNetworkAclEntry',
        delete: 'DeleteNetworkAclEntry',
      },
      create(region, properties, { stackName, logicalId }) {
        createAclEntry(aclOf(region, properties), entryOf(properties));
        const id = `${stackName}-${logicalId}-${region.stream('acl-entries').hex(12)}`;
        return { physicalId: id, attributes: { Id: id } };
      },
      update(region, properties, { previous }) {
        const acl = aclOf(region, properties);
        const before = entryOf(new PropertyReader(previous.properties));
        if (hasEntry(acl, before)) deleteAclEntry(acl, before);
        createAclEntry(acl, entryOf(properties));
      },
      exists(region, properties) {
        const acl = region.networkAcls.find(properties.requiredString('NetworkAclId'));
        return acl !== undefined && hasEntry(acl, entryOf(properties));
      },
      delete: (region, properties) =>
        deleteAclEntry(aclOf(region, properties), entryOf(properties)),
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::SubnetNetworkAclAssociation',
      on: 'network-acl',
      properties: ['NetworkAclId', 'SubnetId'],
      actions: {
        create: 'ReplaceNetworkAclAssociation',
        delete: 'ReplaceNetworkAclAssociation',
      },
      create(region, properties) {
        const subnet = region.subnets.get(properties.requiredString('SubnetId'));
        const id = associateAcl(region, aclOf(region, properties), subnet.id);
        return { physicalId: id, attributes: { AssociationId: id } };
      },
      exists: (region, properties, { physicalId }) =>
        region.networkAcls
          .find(properties.requiredString('NetworkAclId'))
          ?.associations.get(properties.requiredString('SubnetId')) === physicalId,
      delete(region, properties) {
        const { id, vpcId } = region.subnets.get(properties.requiredString('SubnetId'));
        associateAcl(region, defaultNetworkAcl(region, vpcId), id);
      },
    }),
  ];
}

function aclOf(region: Ec2Region, properties: PropertyReader): NetworkAcl {
  return region.networkAcls.get(properties.requiredString('NetworkAclId'));
}

function hasEntry(acl: NetworkAcl, { egress, ruleNumber }: NetworkAclEntry): boolean {
  return acl.entries.some((one) => one.egress === egress && one.ruleNumber === ruleNumber);
}

function entryOf(properties: PropertyReader): NetworkAclEntry {
  const action = properties.requiredString('RuleAction');
  if (action !== 'allow' && action !== 'deny')
    throw invalidValue(`Value (${action}) for parameter ruleAction is invalid.`);
  const ports = properties.object('PortRange');
  const icmp = properties.object('Icmp');
  return {
    egress: properties.boolean('Egress') ?? false,
    ruleNumber: properties.number('RuleNumber') ?? 0,
    protocol: properties.requiredString('Protocol'),
    action,
    cidrBlock: properties.string('CidrBlock'),
    ipv6CidrBlock: properties.string('Ipv6CidrBlock'),
    ...(ports && { portRange: { From: ports.number('From'), To: ports.number('To') } }),
    ...(icmp && { icmp: { Type: icmp.number('Type'), Code: icmp.number('Code') } }),
  };
}
