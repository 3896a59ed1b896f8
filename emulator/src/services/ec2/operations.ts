import { addressOperations } from './address-operations';
import type { Operations, RegionOf } from './client';
import { endpointOperations } from './endpoint-operations';
import { gatewayOperations } from './gateway-operations';
import { imageOperations, type PublicImage } from './image-operations';
import { type InstancesOf, instanceOperations } from './instances/instance-operations';
import { statusOperations } from './instances/status-operations';
import { launchTemplateOperations } from './launch-templates/launch-template-operations';
import { networkAclOperations } from './network-acl-operations';
import { prefixListOperations } from './prefix-list-operations';
import { regionOperations } from './region-operations';
import { routeTableOperations } from './route-table-operations';
import { securityGroupOperations } from './security-group-operations';
import { subnetOperations } from './subnet-operations';
import { tagOperations } from './tag-operations';
import { vpcOperations } from './vpc-operations';

/** The operations of EC2. */
export function operations(
  regionOf: RegionOf,
  instancesOf: InstancesOf,
  imagesOf: (region: string) => readonly PublicImage[],
): Operations {
  return {
    ...addressOperations(regionOf),
    ...endpointOperations(regionOf),
    ...gatewayOperations(regionOf),
    ...imageOperations(imagesOf),
    ...instanceOperations(regionOf, instancesOf),
    ...launchTemplateOperations(regionOf),
    ...networkAclOperations(regionOf),
    ...prefixListOperations(regionOf),
    ...regionOperations(regionOf),
    ...routeTableOperations(regionOf),
    ...securityGroupOperations(regionOf),
    ...statusOperations(regionOf, instancesOf),
    ...subnetOperations(regionOf),
    ...tagOperations(regionOf),
    ...vpcOperations(regionOf),
  };
}
