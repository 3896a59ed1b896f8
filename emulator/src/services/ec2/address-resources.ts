import type { ResourceProvider } from '../../cloudformation/provider';
import { ec2Provider, type ProviderContext, resourceTags } from './ec2-provider';
import type { Ec2Region } from './ec2-region';
import { type Address, allocateAddress, associateAddress, releaseAddress } from './elastic-ip';

/** The CloudFormation types of Elastic IP addresses. Their `Ref` is the address, not the allocation's id. */
export function addressProviders(context: ProviderContext): ResourceProvider[] {
  return [
    ec2Provider(context, {
      type: 'AWS::EC2::EIP',
      on: 'elastic-ip',
      properties: ['Domain', 'Tags'],
      actions: { create: 'AllocateAddress', delete: 'ReleaseAddress' },
      create(region, properties, request) {
        const { id, publicIp } = allocateAddress(region, resourceTags(properties, request));
        return { physicalId: publicIp, attributes: { PublicIp: publicIp, AllocationId: id } };
      },
      update(region, properties, request) {
        const address = addressOf(region, request.physicalId);
        if (!address) return;
        address.tags.clear();
        for (const [key, value] of resourceTags(properties, request)) address.tags.set(key, value);
      },
      exists: (region, _properties, { physicalId }) => addressOf(region, physicalId) !== undefined,
      delete(region, _properties, { physicalId }) {
        const address = addressOf(region, physicalId);
        if (address) releaseAddress(region, address.id);
      },
    }),

    ec2Provider(context, {
      type: 'AWS::EC2::EIPAssociation',
      on: 'elastic-ip',
      // Instances are not there yet.
      properties: ['AllocationId', 'NetworkInterfaceId'],
      actions: { create: 'AssociateAddress', delete: 'DisassociateAddress' },
      create(region, properties) {
        const { id } = region.networkInterfaces.get(
          properties.requiredString('NetworkInterfaceId'),
        );
        const { association } = associateAddress(
          region,
          properties.requiredString('AllocationId'),
          id,
        );
        const physicalId = association?.id ?? '';
        return { physicalId, attributes: { Id: physicalId } };
      },
      exists: (region, properties, { physicalId }) =>
        region.addresses.find(properties.requiredString('AllocationId'))?.association?.id ===
        physicalId,
      delete(region, properties) {
        region.addresses.get(properties.requiredString('AllocationId')).association = undefined;
      },
    }),
  ];
}

function addressOf(region: Ec2Region, publicIp: string): Address | undefined {
  return region.addresses.all().find((address) => address.publicIp === publicIp);
}
