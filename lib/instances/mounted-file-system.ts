import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as efs from 'aws-cdk-lib/aws-efs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IDependable } from 'constructs';
import type { ValidationRule } from '../validation';

/**
 * A directory that all instances of a group share: an access point of an EFS file system, and where the program finds it.
 */
export interface MountedFileSystem {
  /**
   * The access point. Its file system needs a mount target in each zone of the instances.
   *
   * The program runs as a user of no account in particular: give the access point a `posixUser`, as whom everything is done.
   */
  readonly accessPoint: efs.IAccessPoint;

  /**
   * Where the program finds it: a directory of `/mnt`, such as `/mnt/videos`.
   */
  readonly mountPath: string;
}

/** A path that the boot script, /etc/fstab and systemd take without quoting. */
const MOUNT_PATH = /^\/mnt\/[A-Za-z0-9_.][A-Za-z0-9_.-]*$/;

/** Mistakes in where a file system is mounted. */
export const MOUNT_RULE: ValidationRule<{ readonly fileSystem?: MountedFileSystem }> = {
  fails: ({ fileSystem }) =>
    fileSystem !== undefined &&
    (!MOUNT_PATH.test(fileSystem.mountPath) || /\/\.\.?$/.test(fileSystem.mountPath)),
  message: ({ fileSystem }) =>
    `fileSystem.mountPath must be a directory of /mnt, such as /mnt/videos, got '${fileSystem?.mountPath}'`,
};

/**
 * Lets instances mount a file system: by its policy's rules, on their role, through the access point only, and over the network.
 *
 * @returns what has to be there before they start
 */
export function allowMounting(
  { accessPoint }: MountedFileSystem,
  role: iam.Role,
  securityGroup: ec2.ISecurityGroup,
): IDependable {
  const { fileSystem } = accessPoint;
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [fileSystem.fileSystemArn],
      conditions: {
        StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn },
      },
    }),
  );
  // From here, so that both rules are in the stack of the instances: the file system may be in another.
  securityGroup.connections.allowToDefaultPort(fileSystem);
  return fileSystem.mountTargetsAvailable;
}
