import type { PublicImage } from '../image-operations';
import type { LaunchData } from '../launch-templates/launch-data';
import type { Ec2Resource, ResourceKind } from '../resource-table';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
export type InstanceState =
  | 'pending'
  | 'running'
  | 'shutting-down'
  | 'terminated'
  | 'stopping'
  | 'stopped';

/** Codes of the states, as descriptions have them beside the names. */
export const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** What has become of the machine behind an instance: `frozen` answers nobody, `down` has lost what it had in memory. */
export type MachineCondition = 'up' | 'frozen' | 'down';

/** What a status check last found. */
export type CheckResult = 'initializing' | 'ok' | 'impaired';

/** The instance profile that an instance was launched with. */
export interface AttachedProfile {
  readonly arn: string;
  /** `AIPA…` */
  readonly id: string;
}

/** A volume of an instance: described, and not there. */
export interface InstanceVolume {
  readonly id: string;
  readonly deviceName: string;
  /** Size in GiB, type, encryption and the like. */
  readonly settings: NonNullable<
    NonNullable<NonNullable<LaunchData['BlockDeviceMappings']>[number]>['Ebs']
  >;
  readonly attachedAt: number;
}

/** An instance's way to its metadata, as it is after all defaults. */
export interface MetadataAccess {
  endpoint: 'disabled' | 'enabled';
  tokens: 'optional' | 'required';
  /** Described; nothing here is more than one hop away. */
  hopLimit: number;
  tags: 'disabled' | 'enabled';
}

/** What never changes of an instance. */
export interface InstanceIdentity {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly reservationId: string;
  /** Position among those that one call has launched. */
  readonly launchIndex: number;
  readonly clientToken: string | undefined;
  readonly image: PublicImage;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly availabilityZoneId: string;
  readonly networkInterfaceId: string;
  readonly privateIp: string;
  readonly privateDnsName: string;
  readonly publicIp: string | undefined;
  readonly publicDnsName: string;
  readonly launchedAt: number;
}

/** What an instance has besides, and may be given anew. */
export interface InstanceSettings {
  /** Such as `t3.micro`. */
  instanceType: string;
  profile: AttachedProfile | undefined;
  /** In base 64, as it was given. */
  userData: string | undefined;
  metadata: MetadataAccess;
  groupIds: readonly string[];
  volumes: readonly InstanceVolume[];
  detailedMonitoring: boolean;
  ebsOptimized: boolean;
  terminationProtection: boolean;
  shutdownBehavior: 'stop' | 'terminate';
  sourceDestCheck: boolean;
}

export const instanceKind: ResourceKind = {
  prefix: 'i',
  resourceType: 'instance',
  notFoundCode: 'InvalidInstanceID.NotFound',
  notFoundMessage: (id) => `The instance ID '${id}' does not exist`,
};

/** An instance. Only {@link Instances} moves it from one state to the next. */
export interface Instance extends Ec2Resource, InstanceIdentity, InstanceSettings {
  state: InstanceState;
  machine: MachineCondition;
  /** What the checks of the machine and its network last found. */
  systemStatus: CheckResult;
  /** What the checks of its software last found. */
  instanceStatus: CheckResult;
  /** Since when a check has failed; undefined if none does. */
  impairedSince: number | undefined;
  /** Since when it has been running, this time; undefined if it is not. */
  runningSince: number | undefined;
  /** Why it is in its state, in the words of EC2, such as `User initiated (2035-01-01 00:00:00 GMT)`. */
  transitionReason: string;
  stateReason: { readonly code: string; readonly message: string } | undefined;
  /** What Auto Scaling is about to do with it, such as `InService`; undefined outside of groups. */
  targetLifecycleState: string | undefined;
}

/** Whether no status check of an instance fails. */
export function passesChecks({ systemStatus, instanceStatus }: Instance): boolean {
  return systemStatus !== 'impaired' && instanceStatus !== 'impaired';
}

/** An instance that has just been launched. */
export function newInstance(
  identity: InstanceIdentity,
  settings: InstanceSettings,
  tags: Map<string, string>,
): Instance {
  return {
    ...identity,
    ...settings,
    tags,
    state: 'pending',
    machine: 'up',
    systemStatus: 'initializing',
    instanceStatus: 'initializing',
    impairedSince: undefined,
    runningSince: undefined,
    transitionReason: '',
    stateReason: undefined,
    targetLifecycleState: undefined,
  };
}
