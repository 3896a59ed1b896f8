import { Regional, type Service, type ServiceEnvironment } from '../service';
import { addressProviders } from './address-resources';
import type { Client, RegionOf } from './client';
import { Ec2Region } from './ec2-region';
import { endpointProviders } from './endpoint-resources';
import { gatewayProviders } from './gateway-resources';
import type { PublicImage } from './image-operations';
import { networkAclProviders } from './network-acl-resources';
import { operations } from './operations';
import { prefixListProviders } from './prefix-list-resources';
import { routeTableProviders } from './route-table-resources';
import { securityGroupProviders } from './security-group-resources';
import { subnetProviders } from './subnet-resources';
import { vpcProviders } from './vpc-resources';

export type { PublicImage } from './image-operations';

/** What EC2 needs from others. */
export interface Ec2Dependencies {
  /** The images that everybody may use in a region. */
  readonly imagesOf: (region: string) => readonly PublicImage[];
}

/** Makes EC2, as far as networks go: they are described as they were created, and no packet moves through them. */
export function createEc2(env: ServiceEnvironment, { imagesOf }: Ec2Dependencies): Service<Client> {
  const { clock, random, authorize } = env;
  const regions = new Regional((account, region) => new Ec2Region(account, region, clock, random));
  const regionOf: RegionOf = ({ account, region }) => regions.in(account, region);
  const context = { regionOf, authorize };
  return {
    signingName: 'ec2',
    loadClient: () => require('@aws-sdk/client-ec2') as Client,
    handlers: operations(regionOf, imagesOf),
    resourceProviders: [
      ...addressProviders(context),
      ...endpointProviders(context),
      ...gatewayProviders(context),
      ...networkAclProviders(context),
      ...prefixListProviders(context),
      ...routeTableProviders(context),
      ...securityGroupProviders(context),
      ...subnetProviders(context),
      ...vpcProviders(context),
    ],
    leaks: () => regions.all().flatMap((region) => region.leaks()),
    stop: async () => undefined,
  };
}
