import type { Ec2Region } from '../ec2-region';
import type { Instance } from '../instances/instance';

/** What an instance can read of itself, by path below `meta-data/`; undefined for what it does not have. */
export function metadataValues(
  region: Ec2Region,
  instance: Instance,
): Readonly<Record<string, string | undefined>> {
  const card = region.networkInterfaces.find(instance.networkInterfaceId);
  const groups = instance.groupIds.map((id) => region.securityGroups.find(id)?.name ?? id);
  const mac = card?.macAddress ?? '';
  const network = `network/interfaces/macs/${mac}`;
  const tags =
    instance.metadata.tags === 'enabled'
      ? [...instance.tags].map(([key, value]): [string, string] => [`tags/instance/${key}`, value])
      : [];
  return {
    'ami-id': instance.image.id,
    'ami-launch-index': String(instance.launchIndex),
    'autoscaling/target-lifecycle-state': instance.targetLifecycleState,
    hostname: instance.privateDnsName,
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': 'on-demand',
    'instance-type': instance.instanceType,
    'local-hostname': instance.privateDnsName,
    'local-ipv4': instance.privateIp,
    mac,
    [`${network}/interface-id`]: instance.networkInterfaceId,
    [`${network}/local-ipv4s`]: instance.privateIp,
    [`${network}/mac`]: mac,
    [`${network}/owner-id`]: instance.account,
    [`${network}/security-group-ids`]: instance.groupIds.join('\n'),
    [`${network}/subnet-id`]: instance.subnetId,
    [`${network}/vpc-id`]: instance.vpcId,
    'placement/availability-zone': instance.availabilityZone,
    'placement/availability-zone-id': instance.availabilityZoneId,
    'placement/region': instance.region,
    'public-hostname': instance.publicDnsName === '' ? undefined : instance.publicDnsName,
    'public-ipv4': instance.publicIp,
    'reservation-id': instance.reservationId,
    'security-groups': groups.join('\n'),
    'services/domain': 'amazonaws.com',
    'services/partition': 'aws',
    ...Object.fromEntries(tags),
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html; it is not signed. */
export function identityDocument(instance: Instance): string {
  const document = {
    accountId: instance.account,
    architecture: instance.image.architecture,
    availabilityZone: instance.availabilityZone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.image.id,
    instanceId: instance.id,
    instanceType: instance.instanceType,
    kernelId: null,
    pendingTime: new Date(instance.launchedAt).toISOString().replace(/\.\d+/, ''),
    privateIp: instance.privateIp,
    ramdiskId: null,
    region: instance.region,
    version: '2017-09-30',
  };
  return JSON.stringify(document, null, 2);
}

/**
 * What is read at a path: a value, or the names below it, of which those that have others below end in `/`.
 *
 * @param path - without slashes at its ends
 */
export function metadataAt(
  values: Readonly<Record<string, string | undefined>>,
  path: string,
): string | undefined {
  if (values[path] !== undefined) return values[path];
  const prefix = path === '' ? '' : `${path}/`;
  const names = Object.entries(values)
    .filter(([name, value]) => value !== undefined && name.startsWith(prefix))
    .map(([name]) => name.slice(prefix.length))
    .map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : name));
  return names.length === 0 ? undefined : [...new Set(names)].sort().join('\n');
}
