import { NotImplementedError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { GroupInput } from './api';
import { validationError } from './errors';
import type { InstanceFleet, TargetGroups, TemplateReference } from './instance-fleet';
import type { Place } from './names';
import { checkTerminationPolicies } from './termination-policies';

/** A zone of a group, with its subnets; without any, the zone's default subnet. */
export interface GroupZone {
  readonly name: string;
  readonly subnetIds: readonly string[];
}

/** What a group is told, besides its desired capacity. Times are in seconds. */
export interface GroupSettings {
  readonly minSize: number;
  readonly maxSize: number;
  readonly cooldown: number;
  readonly template: TemplateReference;
  /** As given: subnets, separated by commas. */
  readonly subnets: string | undefined;
  /** In the order of their names. */
  readonly zones: readonly GroupZone[];
  readonly healthCheckTypes: readonly string[];
  readonly gracePeriod: number;
  readonly terminationPolicies: readonly string[];
  readonly protectNew: boolean;
  /** Undefined where each policy, or else the cooldown, says it. */
  readonly instanceWarmup: number | undefined;
  readonly targetGroupArns: readonly string[];
}

/** What both CreateAutoScalingGroup and UpdateAutoScalingGroup take. */
export const groupParameters = [
  'AutoScalingGroupName',
  'AvailabilityZones',
  'DefaultCooldown',
  'DefaultInstanceWarmup',
  'DesiredCapacity',
  'HealthCheckGracePeriod',
  'HealthCheckType',
  'LaunchTemplate',
  'MaxSize',
  'MinSize',
  'NewInstancesProtectedFromScaleIn',
  'TerminationPolicies',
  'VPCZoneIdentifier',
] as const;

/** A group's settings as a call gives them: on an update, those that change. */
export type GivenSettings = Partial<
  Pick<GroupInput, (typeof groupParameters)[number] | 'TargetGroupARNs'>
>;

/** What a group's settings are checked against. */
export interface SettingSources {
  readonly fleet: InstanceFleet;
  readonly targetGroups: TargetGroups;
}

/**
 * Puts together the settings of a new group, or those that an update leaves.
 *
 * @param before - undefined for a new group
 * @throws ServiceError ValidationError, and what EC2 says of a launch template
 */
export function groupSettings(
  place: Place,
  given: GivenSettings,
  before: GroupSettings | undefined,
  sources: SettingSources,
): GroupSettings {
  checkValues(given);
  const template = given.LaunchTemplate ? referenceOf(given.LaunchTemplate) : before?.template;
  if (!template)
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  sources.fleet.template(place, template);
  const minSize = given.MinSize ?? before?.minSize ?? 0;
  const maxSize = given.MaxSize ?? before?.maxSize ?? 0;
  if (minSize > maxSize)
    throw validationError(
      'Max bound, Min bound: max size must be greater than or equal to min size',
    );
  const { targetGroups } = sources;
  for (const arn of given.TargetGroupARNs ?? []) targetGroups.check(arn);
  const subnets = given.VPCZoneIdentifier ?? before?.subnets;
  const zones =
    given.VPCZoneIdentifier === undefined && given.AvailabilityZones === undefined && before
      ? before.zones
      : zonesOf(place, subnets, given.AvailabilityZones, sources.fleet);
  const warmup = given.DefaultInstanceWarmup ?? before?.instanceWarmup;
  return {
    minSize,
    maxSize,
    cooldown: given.DefaultCooldown ?? before?.cooldown ?? 300,
    template,
    subnets,
    zones,
    healthCheckTypes: given.HealthCheckType?.split(',') ?? before?.healthCheckTypes ?? ['EC2'],
    gracePeriod: given.HealthCheckGracePeriod ?? before?.gracePeriod ?? 0,
    terminationPolicies: given.TerminationPolicies ?? before?.terminationPolicies ?? ['Default'],
    protectNew: given.NewInstancesProtectedFromScaleIn ?? before?.protectNew ?? false,
    instanceWarmup: warmup === -1 ? undefined : warmup,
    targetGroupArns: given.TargetGroupARNs ?? before?.targetGroupArns ?? [],
  };
}

/** Checks a desired capacity against its bounds. @throws ValidationError */
export function checkDesired(desired: number, settings: GroupSettings): void {
  const { minSize, maxSize } = settings;
  if (desired < minSize)
    throw validationError(
      `Desired capacity:${desired} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
  if (desired > maxSize)
    throw validationError(
      `Desired capacity:${desired} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
}

function checkValues(given: GivenSettings): void {
  new Constraints('ValidationError')
    .length('autoScalingGroupName', given.AutoScalingGroupName, 1, 255)
    .range('minSize', given.MinSize, 0, 10_000)
    .range('maxSize', given.MaxSize, 0, 10_000)
    .range('defaultCooldown', given.DefaultCooldown, 0, Number.MAX_SAFE_INTEGER)
    .range('healthCheckGracePeriod', given.HealthCheckGracePeriod, 0, Number.MAX_SAFE_INTEGER)
    .range('defaultInstanceWarmup', given.DefaultInstanceWarmup, -1, 21_600)
    .check();
  checkTerminationPolicies(given.TerminationPolicies ?? []);
  for (const type of given.HealthCheckType?.split(',') ?? []) {
    if (type === 'EC2' || type === 'ELB') continue;
    if (type === 'EBS' || type === 'VPC_LATTICE')
      throw new NotImplementedError(`health checks of type ${type}`);
    throw validationError(`Invalid HealthCheckType: ${type}.`);
  }
}

function referenceOf(given: NonNullable<GroupInput['LaunchTemplate']>): TemplateReference {
  acceptOnly('LaunchTemplate', given, ['LaunchTemplateId', 'LaunchTemplateName', 'Version']);
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version } = given;
  if ((id === undefined) === (name === undefined))
    throw validationError(
      'Valid requests must contain either launchTemplateId or launchTemplateName',
    );
  return { id, name, version };
}

function zonesOf(
  place: Place,
  subnets: string | undefined,
  given: readonly string[] | undefined,
  fleet: InstanceFleet,
): GroupZone[] {
  const subnetIds = (subnets ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const byZone = new Map<string, string[]>();
  for (const id of subnetIds) {
    const zone = fleet.subnetZone(place, id);
    if (zone === undefined) throw validationError(`The subnet ID '${id}' does not exist`);
    byZone.set(zone, [...(byZone.get(zone) ?? []), id]);
  }
  if (subnetIds.length === 0) for (const zone of given ?? []) byZone.set(zone, []);
  if (byZone.size === 0)
    throw validationError('At least one Availability Zone or VPC Subnet is required.');
  for (const zone of given ?? [])
    if (!byZone.has(zone))
      throw validationError(
        'The availability zones of the specified subnets and the AutoScalingGroup do not match',
      );
  return [...byZone]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, ids]) => ({ name, subnetIds: ids }));
}
