import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type TemplateValue,
} from '../../../cloudformation/provider';
import { unchangeable } from '../../resource-updates';
import { ec2Provider, type ProviderContext, resourceTags } from '../ec2-provider';
import { checkLaunchData, type LaunchData } from '../launch-templates/launch-data';
import { launchDataFrom } from '../launch-templates/launch-data-properties';
import { type Instance, stateCodes } from './instance';
import type { InstanceListeners } from './instance-listener';
import type { InstancesOf } from './instance-operations';

const type = 'AWS::EC2::Instance';

/** `AWS::EC2::Instance`: there when it is running, gone when it is terminated. */
export function instanceProvider(
  context: ProviderContext,
  instancesOf: InstancesOf,
  listeners: InstanceListeners,
): ResourceProvider {
  return ec2Provider(context, {
    type,
    level: 'emulated',
    on: 'instance',
    properties: [
      'AvailabilityZone',
      'BlockDeviceMappings',
      'CreditSpecification',
      'DisableApiTermination',
      'EbsOptimized',
      'IamInstanceProfile',
      'ImageId',
      'InstanceInitiatedShutdownBehavior',
      'InstanceType',
      'KeyName',
      'LaunchTemplate',
      'MetadataOptions',
      'Monitoring',
      'NetworkInterfaces',
      'PrivateIpAddress',
      'SecurityGroupIds',
      'SourceDestCheck',
      'SubnetId',
      'Tags',
      'Tenancy',
      'UserData',
    ],
    recordedProperties: ['BlockDeviceMappings', 'CreditSpecification', 'EbsOptimized'],
    actions: {
      create: 'RunInstances',
      update: 'ModifyInstanceAttribute',
      delete: 'TerminateInstances',
    },
    create(_region, properties, request) {
      const overrides = overridesOf(request.properties);
      checkLaunchData(type, overrides);
      const template = properties.object('LaunchTemplate');
      const instance = instancesOf(request).launch({
        overrides,
        subnetId: properties.string('SubnetId'),
        privateIp: properties.string('PrivateIpAddress'),
        tags: resourceTags(properties, request),
        atOnce: true,
        caller: request.caller,
        ...(template && {
          launchTemplate: {
            id: template.string('LaunchTemplateId'),
            name: template.string('LaunchTemplateName'),
            version: template.requiredString('Version'),
          },
        }),
      });
      instance.sourceDestCheck = properties.boolean('SourceDestCheck') ?? true;
      return { physicalId: instance.id, attributes: attributesOf(instance) };
    },
    unsupportedUpdate: unchangeable(type, [
      'BlockDeviceMappings',
      'CreditSpecification',
      'EbsOptimized',
      'IamInstanceProfile',
      'InstanceType',
      'MetadataOptions',
      'Monitoring',
      'UserData',
    ]),
    update(region, properties, request) {
      const instance = region.instances.get(request.physicalId);
      const data = overridesOf(request.properties);
      instance.terminationProtection = data.DisableApiTermination ?? false;
      instance.shutdownBehavior = data.InstanceInitiatedShutdownBehavior ?? 'stop';
      instance.sourceDestCheck = properties.boolean('SourceDestCheck') ?? true;
      if (data.SecurityGroupIds)
        instance.groupIds = data.SecurityGroupIds.map((id) => region.securityGroups.get(id).id);
      const card = region.networkInterfaces.find(instance.networkInterfaceId);
      if (card) card.groupIds = instance.groupIds;
    },
    exists: (region, _properties, { physicalId }) => {
      const state = region.instances.find(physicalId)?.state;
      return state !== undefined && state !== 'terminated';
    },
    async delete(region, _properties, request) {
      const instance = instancesOf(request).terminate(request.physicalId, { atOnce: true });
      if (instance.state !== 'terminated')
        await region.clock.park(() => listeners.reached(instance, 'terminated'));
    },
    read(region, properties, { physicalId }) {
      const instance = region.instances.get(physicalId);
      if (instance.state === 'shutting-down') return undefined;
      return {
        DisableApiTermination: instance.terminationProtection,
        ImageId: instance.image.id,
        InstanceType: instance.instanceType,
        SourceDestCheck: instance.sourceDestCheck,
        SubnetId: instance.subnetId,
        ...(properties.json('SecurityGroupIds') !== undefined && {
          SecurityGroupIds: instance.groupIds,
        }),
      };
    },
    unorderedProperties: ['SecurityGroupIds'],
  });
}

/** What a template calls otherwise than the API does. */
function overridesOf({
  AvailabilityZone,
  CreditSpecification: credits,
  IamInstanceProfile: profile,
  Monitoring: monitoring,
  NetworkInterfaces: cards,
  Tenancy,
  ...rest
}: ResourceProperties): LaunchData {
  const has = (value: TemplateValue | undefined) => value !== undefined && value !== null;
  return launchDataFrom(
    new PropertyReader({
      ...rest,
      ...(has(credits) && { CreditSpecification: renamed(credits, 'CPUCredits', 'CpuCredits') }),
      ...(has(profile) && { IamInstanceProfile: { Name: profile ?? null } }),
      ...(has(monitoring) && { Monitoring: { Enabled: monitoring ?? null } }),
      ...(Array.isArray(cards) && {
        NetworkInterfaces: cards.map((card) => renamed(card, 'GroupSet', 'Groups')),
      }),
      ...((has(AvailabilityZone) || has(Tenancy)) && {
        Placement: { AvailabilityZone: AvailabilityZone ?? null, Tenancy: Tenancy ?? null },
      }),
    }),
  );
}

function renamed(value: TemplateValue | undefined, from: string, to: string): TemplateValue {
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name === from ? to : name, one]),
  );
}

function attributesOf(instance: Instance) {
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.availabilityZone,
    PrivateDnsName: instance.privateDnsName,
    PrivateIp: instance.privateIp,
    PublicDnsName: instance.publicDnsName,
    PublicIp: instance.publicIp ?? '',
    VpcId: instance.vpcId,
    get State() {
      return { Code: String(stateCodes[instance.state]), Name: instance.state };
    },
  };
}
