import type {
  LifeCycleState,
  LifecyclePolicy,
  PerformanceMode,
  ReplicationOverwriteProtection,
  ThroughputMode,
} from '@aws-sdk/client-efs';

/** How much a file system may carry. */
export interface Throughput {
  readonly mode: ThroughputMode;
  /** MiB a second, of mode `provisioned`. */
  readonly provisioned: number | undefined;
}

/** A file system as EFS knows it; its files are in a directory. */
export interface FileSystem {
  readonly id: string;
  readonly arn: string;
  readonly creationToken: string;
  readonly created: number;
  readonly performanceMode: PerformanceMode;
  readonly encrypted: boolean;
  readonly kmsKeyArn: string | undefined;
  /** Name of the availability zone of One Zone storage. */
  readonly zone: string | undefined;
  readonly tags: Map<string, string>;
  state: LifeCycleState;
  throughput: Throughput;
  /** When its throughput was lowered or changed in mode. */
  throughputChanged: number | undefined;
  /** JSON; undefined while EFS's own policy is in effect. */
  policy: string | undefined;
  lifecycle: readonly LifecyclePolicy[];
  /** Undefined until somebody has said it. */
  backup: 'ENABLED' | 'DISABLED' | undefined;
  overwriteProtection: Extract<ReplicationOverwriteProtection, 'DISABLED' | 'ENABLED'>;
}

/** Where clients of one availability zone reach a file system. */
export interface MountTarget {
  readonly id: string;
  readonly fileSystemId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly address: string;
  readonly networkInterfaceId: string;
  securityGroups: readonly string[];
  state: LifeCycleState;
}

/** POSIX ids that everything through an access point is done with. */
export interface PosixUser {
  readonly uid: number;
  readonly gid: number;
  readonly secondaryGids: readonly number[] | undefined;
}

/** What a root directory is made with that is not there. */
export interface CreationInfo {
  readonly ownerUid: number;
  readonly ownerGid: number;
  /** Octal. */
  readonly permissions: string;
}

/** A directory of a file system, for clients that see nothing above it. */
export interface AccessPoint {
  readonly id: string;
  readonly arn: string;
  readonly clientToken: string;
  readonly fileSystemId: string;
  readonly posixUser: PosixUser | undefined;
  /** Absolute, such as `/orders`. */
  readonly path: string;
  readonly creationInfo: CreationInfo | undefined;
  readonly tags: Map<string, string>;
  state: LifeCycleState;
}
