import type { Authorize, AuthorizedCall, Caller } from '../../../iam/caller';
import { ServiceError } from '../../../protocol/errors';
import type { Ec2Region } from '../ec2-region';
import { freePublicAddress } from '../elastic-ip';
import { invalidValue } from '../errors';
import type { PublicImage } from '../image-operations';
import { type LaunchData, launchTags, mergedLaunchData } from '../launch-templates/launch-data';
import {
  findLaunchTemplate,
  type LaunchTemplateReference,
  versionOf,
} from '../launch-templates/launch-template';
import { createNetworkInterface } from '../network-interface';
import { defaultSecurityGroups } from '../security-group';
import type { Subnet } from '../subnet';
import { checkTags } from '../tags';
import { defaultVpc } from '../vpc';
import { type Instance, type InstanceSettings, newInstance } from './instance';
import { architectureOf } from './instance-type';
import { blockDevices, volumesOf } from './volumes';

/** An instance profile, as IAM has it. */
export interface InstanceProfile {
  readonly arn: string;
  /** `AIPA…` */
  readonly id: string;
  /** ARN of its role; undefined while it has none. */
  readonly roleArn: string | undefined;
}

/** What launching needs of others. */
export interface LaunchSurroundings {
  readonly imagesOf: (region: string) => readonly PublicImage[];
  /** The profile of a name, or of an ARN; undefined if there is none. */
  readonly instanceProfile: (account: string, nameOrArn: string) => InstanceProfile | undefined;
  readonly authorize: Authorize;
}

/** An instance to be launched. */
export interface LaunchRequest {
  /** @default - none: the overrides say everything */
  readonly launchTemplate?: LaunchTemplateReference & {
    /** A number, `$Latest` or `$Default`. @default $Default */
    readonly version?: string | undefined;
  };
  /** What counts instead of what the launch template says. @default - nothing */
  readonly overrides?: LaunchData;
  /**
   * Goes before the subnet of the launch template.
   *
   * @default - that of the launch template, or the default subnet of its availability zone
   */
  readonly subnetId?: string | undefined;
  /** @default - the lowest free one */
  readonly privateIp?: string | undefined;
  /** Set last, and those of AWS (`aws:…`) among them. @default - none */
  readonly tags?: ReadonlyMap<string, string>;
  /** Whether it runs at once, as what a template asks for does, and not after 15 emulated seconds. @default false */
  readonly atOnce?: boolean;
  /** Who must be allowed to launch it and to pass its role. @default - nobody is asked */
  readonly caller?: Caller;
  /** The call that it is launched for. */
  readonly call?: AuthorizedCall;
  readonly clientToken?: string | undefined;
  /** @default - a new one */
  readonly reservationId?: string;
  /** @default 0 */
  readonly launchIndex?: number;
}

/** A request with everything that it refers to, found and checked. */
export interface CheckedLaunch {
  readonly data: LaunchData;
  readonly image: PublicImage;
  readonly subnet: Subnet;
  readonly settings: InstanceSettings;
  readonly tags: Map<string, string>;
}

/**
 * Finds and checks all that a launch refers to, and changes nothing.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 * @throws ServiceError as RunInstances does.
 */
export function checkLaunch(
  region: Ec2Region,
  surroundings: LaunchSurroundings,
  request: LaunchRequest,
): CheckedLaunch {
  const data = requestedData(region, request);
  const image = imageOf(region, surroundings, data.ImageId);
  const instanceType = data.InstanceType ?? 'm1.small';
  const architecture = architectureOf(instanceType);
  if (architecture !== image.architecture)
    throw invalidValue(
      `The architecture '${architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
    );
  if (data.KeyName !== undefined)
    throw new ServiceError(
      'InvalidKeyPair.NotFound',
      `The key pair '${data.KeyName}' does not exist`,
    );
  const subnet = subnetOf(region, request.subnetId, data);
  const profile = profileOf(region, surroundings, data);
  const settings: InstanceSettings = {
    instanceType,
    profile,
    userData: data.UserData,
    metadata: metadataOf(data, image),
    groupIds: groupsOf(region, subnet, data),
    volumes: [],
    detailedMonitoring: data.Monitoring?.Enabled ?? false,
    ebsOptimized: data.EbsOptimized ?? false,
    terminationProtection: data.DisableApiTermination ?? false,
    shutdownBehavior: data.InstanceInitiatedShutdownBehavior ?? 'stop',
    sourceDestCheck: true,
  };
  blockDevices(data);
  const own = launchTags(data, 'instance');
  checkTags(own);
  const tags = new Map([...own, ...(request.tags ?? [])]);
  const checked = { data, image, subnet, settings, tags };
  permitLaunch(region, surroundings, request, checked, profile?.roleArn);
  return checked;
}

/** Launches what has been checked: it is pending. */
export function createInstance(
  region: Ec2Region,
  { data, image, subnet, settings, tags }: CheckedLaunch,
  request: LaunchRequest,
): Instance {
  const [card] = data.NetworkInterfaces ?? [];
  const networkInterface = createNetworkInterface(region, {
    subnetId: subnet.id,
    type: 'interface',
    description: card?.Description ?? '',
    privateIp: request.privateIp ?? card?.PrivateIpAddress,
    groupIds: settings.groupIds,
    tags: launchTags(data, 'network-interface'),
  });
  const { privateIp } = networkInterface;
  const isPublic = card?.AssociatePublicIpAddress ?? subnet.mapPublicIpOnLaunch;
  const publicIp = isPublic ? freePublicAddress(region) : undefined;
  return region.instances.add((id) =>
    newInstance(
      {
        id,
        account: region.account,
        region: region.region,
        reservationId: request.reservationId ?? region.newId('r'),
        launchIndex: request.launchIndex ?? 0,
        clientToken: request.clientToken,
        image,
        vpcId: subnet.vpcId,
        subnetId: subnet.id,
        availabilityZone: subnet.availabilityZone,
        availabilityZoneId: subnet.availabilityZoneId,
        networkInterfaceId: networkInterface.id,
        privateIp,
        privateDnsName: privateDnsName(region, subnet, id, privateIp),
        publicIp,
        publicDnsName: publicDnsName(region, subnet, publicIp),
        launchedAt: region.clock.now(),
      },
      { ...settings, volumes: volumesOf(region, data) },
      tags,
    ),
  );
}

function requestedData(region: Ec2Region, request: LaunchRequest): LaunchData {
  const { launchTemplate, overrides = {} } = request;
  if (!launchTemplate) return overrides;
  const template = findLaunchTemplate(region, launchTemplate);
  return mergedLaunchData(versionOf(template, launchTemplate.version).data, overrides);
}

function imageOf(
  { region }: Ec2Region,
  { imagesOf }: LaunchSurroundings,
  id: string | undefined,
): PublicImage {
  if (id === undefined)
    throw new ServiceError('MissingParameter', 'The request must contain the parameter ImageId');
  if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
    throw new ServiceError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  const image = imagesOf(region).find((one) => one.id === id);
  if (!image)
    throw new ServiceError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

function subnetOf(region: Ec2Region, given: string | undefined, data: LaunchData): Subnet {
  const [card] = data.NetworkInterfaces ?? [];
  const id = given ?? card?.SubnetId;
  if (id !== undefined) return region.subnets.get(id);
  const vpc = defaultVpc(region);
  const zone = data.Placement?.AvailabilityZone;
  const [subnet] = region.subnets.where(
    (one) =>
      one.vpcId === vpc.id &&
      one.isDefault &&
      (zone ?? one.availabilityZone) === one.availabilityZone,
  );
  if (!subnet)
    throw new ServiceError(
      'MissingInput',
      `No subnets found for the default VPC '${vpc.id}'. Please specify a subnet.`,
    );
  return subnet;
}

function groupsOf(region: Ec2Region, subnet: Subnet, data: LaunchData): readonly string[] {
  const [card] = data.NetworkInterfaces ?? [];
  const groups = (card?.Groups ?? data.SecurityGroupIds)?.map((id) =>
    region.securityGroups.get(id),
  );
  if (!groups || groups.length === 0) return defaultSecurityGroups(region, subnet.vpcId);
  for (const { id, vpcId } of groups)
    if (vpcId !== subnet.vpcId)
      throw new ServiceError(
        'InvalidParameter',
        `Security group ${id} and subnet ${subnet.id} belong to different networks.`,
      );
  return groups.map(({ id }) => id);
}

function profileOf(
  { account }: Ec2Region,
  { instanceProfile }: LaunchSurroundings,
  { IamInstanceProfile: given }: LaunchData,
): InstanceProfile | undefined {
  const kind = given?.Arn === undefined ? 'name' : 'arn';
  const wanted = given?.Arn ?? given?.Name;
  if (wanted === undefined) return undefined;
  const profile = instanceProfile(account, wanted);
  if (!profile)
    throw invalidValue(
      `Value (${wanted}) for parameter iamInstanceProfile.${kind} is invalid. Invalid IAM Instance Profile ${kind === 'arn' ? 'ARN' : 'name'}`,
    );
  if (profile.roleArn === undefined)
    throw invalidValue(`IAM Instance Profile "${profile.arn}" has no associated IAM Roles`);
  return profile;
}

/**
 * Images of Amazon Linux 2023 ask for tokens unless a launch says otherwise.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html
 */
function metadataOf({ MetadataOptions: given }: LaunchData, image: PublicImage) {
  const isVersion2 = image.name.startsWith('al2023');
  return {
    endpoint: given?.HttpEndpoint ?? 'enabled',
    tokens: given?.HttpTokens ?? (isVersion2 ? 'required' : 'optional'),
    hopLimit: given?.HttpPutResponseHopLimit ?? (isVersion2 ? 2 : 1),
    tags: given?.InstanceMetadataTags ?? 'disabled',
  } as const;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html: a launch is about all of these. */
function permitLaunch(
  region: Ec2Region,
  { authorize }: LaunchSurroundings,
  { caller, call, launchTemplate }: LaunchRequest,
  { image, subnet, settings, data, tags }: CheckedLaunch,
  roleArn: string | undefined,
): void {
  if (!caller) return;
  const resources = [
    `arn:aws:ec2:${region.region}::image/${image.id}`,
    region.arn('instance', '*'),
    region.arn('network-interface', '*'),
    region.arn('subnet', subnet.id),
    region.arn('volume', '*'),
    ...settings.groupIds.map((id) => region.arn('security-group', id)),
    ...(launchTemplate
      ? [region.arn('launch-template', findLaunchTemplate(region, launchTemplate).id)]
      : []),
  ];
  for (const resource of resources)
    authorize({ caller, action: 'ec2:RunInstances', resource, call });
  const tagged = tags.size > 0 || (data.TagSpecifications ?? []).length > 0;
  if (tagged)
    authorize({ caller, action: 'ec2:CreateTags', resource: region.arn('instance', '*'), call });
  if (roleArn === undefined) return;
  const context = { 'iam:PassedToService': 'ec2.amazonaws.com' };
  authorize({ caller, action: 'iam:PassRole', resource: roleArn, context, call });
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html */
function privateDnsName(region: Ec2Region, subnet: Subnet, id: string, ip: string): string {
  const domain =
    region.region === 'us-east-1' ? 'ec2.internal' : `${region.region}.compute.internal`;
  const name = subnet.hostnames.type === 'resource-name' ? id : `ip-${ip.replaceAll('.', '-')}`;
  return `${name}.${domain}`;
}

function publicDnsName(region: Ec2Region, subnet: Subnet, publicIp: string | undefined): string {
  if (publicIp === undefined || !region.vpcs.get(subnet.vpcId).enableDnsHostnames) return '';
  const domain = region.region === 'us-east-1' ? 'compute-1' : `${region.region}.compute`;
  return `ec2-${publicIp.replaceAll('.', '-')}.${domain}.amazonaws.com`;
}
