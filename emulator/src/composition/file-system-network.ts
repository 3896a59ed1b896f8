import type { Ec2Service } from '../services/ec2';
import type { Network } from '../services/efs';

/** The networks of EC2, as mount targets of EFS are put into them. */
export function fileSystemNetwork(ec2: Ec2Service): Network {
  return {
    subnet: (account, region, id) => ec2.subnet(account, region, id),
    securityGroupVpc: (account, region, id) => ec2.securityGroupVpc(account, region, id),
    defaultSecurityGroups: (account, region, vpcId) =>
      ec2.defaultSecurityGroups(account, region, vpcId),
    addInterface: (account, region, request) =>
      ec2.interfaces(account, region).add({ ...request, type: 'efs' }),
    setSecurityGroups: (account, region, id, groups) =>
      ec2.interfaces(account, region).setSecurityGroups(id, groups),
    removeInterface: (account, region, id) => ec2.interfaces(account, region).remove(id),
  };
}
