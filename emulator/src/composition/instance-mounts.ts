import type { Ec2Dependencies } from '../services/ec2';
import type { FileSystemClients } from '../services/efs';

/** File systems as instances mount them, by the mount target of their zone, with the words of Amazon's mount helper. */
export function instanceMounts(
  fileSystems: () => FileSystemClients,
): Ec2Dependencies['machines']['mount'] {
  return async (accessPointArn, { availabilityZone, vpcId }, caller) => {
    const target = fileSystems()
      .find(accessPointArn)
      ?.mountTargets.find((one) => one.vpcId === vpcId && one.zone === availabilityZone);
    if (!target?.available)
      throw new Error(
        `Failed to resolve the file system of ${accessPointArn} - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID.`,
      );
    const mounted = await fileSystems().mount(accessPointArn, caller);
    if (!mounted) throw new Error('mount.nfs4: access denied by server while mounting 127.0.0.1:/');
    return mounted;
  };
}
