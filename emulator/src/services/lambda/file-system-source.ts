import type { Caller } from '../../iam/caller';

/** File systems as functions mount them, by access points; the composition root adapts EFS and EC2 to it. */
export interface FileSystemSource {
  /** What an access point leads to; undefined if there is no such access point. */
  find(accessPointArn: string): MountableFileSystem | undefined;
  /** VPC and availability zone of a subnet; undefined if there is no such subnet. */
  subnet(account: string, region: string, id: string): NetworkPlace | undefined;
  /** The directory of an access point, on a caller's rights; undefined if the mount is refused. */
  mount(
    accessPointArn: string,
    caller: Caller,
  ): Promise<{ readonly directory: string; readonly readOnly: boolean } | undefined>;
}

/** A file system, and where it can be reached. */
export interface MountableFileSystem {
  readonly arn: string;
  readonly mountTargets: readonly (NetworkPlace & { readonly available: boolean })[];
}

export interface NetworkPlace {
  readonly vpcId: string;
  /** Name of an availability zone. */
  readonly zone: string;
}
