import type { _InstanceType, StatusType, SummaryStatus } from '@aws-sdk/client-ec2';
import { NotImplementedError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import { answered, type Operations, type RegionOf } from '../client';
import { describedPage, describeMembers, page, permit } from '../describing';
import { invalidValue } from '../errors';
import { type FilterTable, filtered } from '../filters';
import { type CheckResult, type Instance, stateCodes } from './instance';
import { describeState } from './instance-descriptions';
import type { InstancesOf } from './instance-operations';
import { describedTypes, type InstanceTypeFacts } from './instance-type';

const statusFilters: FilterTable<Instance> = {
  'availability-zone': ({ availabilityZone }) => availabilityZone,
  'availability-zone-id': ({ availabilityZoneId }) => availabilityZoneId,
  'instance-state-code': ({ state }) => stateCodes[state],
  'instance-state-name': ({ state }) => state,
  'instance-status.reachability': (one) => reachability(one, one.instanceStatus),
  'instance-status.status': (one) => status(one, one.instanceStatus),
  'system-status.reachability': (one) => reachability(one, one.systemStatus),
  'system-status.status': (one) => status(one, one.systemStatus),
};

const typeFilters: FilterTable<InstanceTypeFacts> = {
  'bare-metal': () => false,
  'burstable-performance-supported': ({ name }) => name.startsWith('t'),
  'current-generation': () => true,
  hypervisor: () => 'nitro',
  'instance-type': ({ name }) => name,
  'memory-info.size-in-mib': ({ memoryMiB }) => memoryMiB,
  'processor-info.supported-architecture': ({ architecture }) => architecture,
  'vcpu-info.default-vcpus': ({ vcpus }) => vcpus,
};

/** Operations on the health and the attributes of instances, and on their types. */
export function statusOperations(regionOf: RegionOf, instancesOf: InstancesOf): Operations {
  return {
    DescribeInstanceStatus(input, context) {
      acceptOnly('DescribeInstanceStatus', input, [
        ...describeMembers,
        'IncludeAllInstances',
        'InstanceIds',
      ]);
      const { IncludeAllInstances: all = false, ...query } = input;
      // Only running instances are shown, unless all are asked for.
      const running = { Name: 'instance-state-name', Values: ['running'] };
      const { items, nextToken } = describedPage(
        context,
        all ? query : { ...query, Filters: [...(query.Filters ?? []), running] },
        regionOf(context).instances,
        input.InstanceIds,
        statusFilters,
      );
      return { InstanceStatuses: items.map(describeStatus), NextToken: nextToken };
    },

    DescribeInstanceAttribute(input, context) {
      acceptOnly('DescribeInstanceAttribute', input, ['Attribute', 'DryRun', 'InstanceId']);
      const instance = instancesOf(context).get(input.InstanceId);
      permit(context, input, regionOf(context).arn('instance', instance.id));
      return { InstanceId: instance.id, ...attributeOf(instance, input.Attribute) };
    },

    ModifyInstanceAttribute(input, context) {
      acceptOnly('ModifyInstanceAttribute', input, [
        'Attribute',
        'DisableApiTermination',
        'DryRun',
        'Groups',
        'InstanceId',
        'InstanceInitiatedShutdownBehavior',
        'SourceDestCheck',
        'Value',
      ]);
      const region = regionOf(context);
      const instance = instancesOf(context).get(input.InstanceId);
      permit(context, input, region.arn('instance', instance.id));
      const value = (name: string) => (input.Attribute === name ? input.Value : undefined);
      const protection =
        input.DisableApiTermination?.Value ?? booleanOf(value('disableApiTermination'));
      const behavior =
        input.InstanceInitiatedShutdownBehavior?.Value ??
        value('instanceInitiatedShutdownBehavior');
      if (behavior !== undefined && behavior !== 'stop' && behavior !== 'terminate')
        throw invalidValue(
          `Value (${behavior}) for parameter instanceInitiatedShutdownBehavior is invalid.`,
        );
      if (input.Attribute !== undefined && protection === undefined && behavior === undefined)
        throw new NotImplementedError(`attribute ${input.Attribute} of ModifyInstanceAttribute`);
      for (const id of input.Groups ?? []) region.securityGroups.get(id);
      instance.terminationProtection = protection ?? instance.terminationProtection;
      instance.shutdownBehavior = behavior ?? instance.shutdownBehavior;
      instance.sourceDestCheck = input.SourceDestCheck?.Value ?? instance.sourceDestCheck;
      instance.groupIds = input.Groups ?? instance.groupIds;
      const card = region.networkInterfaces.find(instance.networkInterfaceId);
      if (card) card.groupIds = instance.groupIds;
      return {};
    },

    DescribeInstanceTypes(input, context) {
      acceptOnly('DescribeInstanceTypes', input, [...describeMembers, 'InstanceTypes']);
      permit(context, input);
      const names: readonly string[] = input.InstanceTypes ?? [];
      const unknown = names.filter((name) => !describedTypes.some((one) => one.name === name));
      if (unknown.length > 0)
        throw new NotImplementedError(`a description of the instance types ${unknown.join(', ')}`);
      const named = describedTypes.filter(({ name }) => names.length === 0 || names.includes(name));
      const matching = filtered(named, input.Filters, typeFilters);
      const { items, nextToken } = page(matching, input, ({ name }) => name);
      return { InstanceTypes: items.map(describeType), NextToken: nextToken };
    },
  };
}

function describeStatus(instance: Instance) {
  return {
    InstanceId: instance.id,
    AvailabilityZone: instance.availabilityZone,
    AvailabilityZoneId: instance.availabilityZoneId,
    InstanceState: describeState(instance.state),
    InstanceStatus: describeCheck(instance, instance.instanceStatus),
    SystemStatus: describeCheck(instance, instance.systemStatus),
  };
}

function describeCheck(instance: Instance, result: CheckResult) {
  const { impairedSince, runningSince } = instance;
  if (runningSince === undefined) return { Status: 'not-applicable' as const };
  return {
    Status: status(instance, result),
    Details: [
      {
        Name: 'reachability' as const,
        Status: reachability(instance, result),
        ImpairedSince:
          result === 'impaired' && impairedSince !== undefined
            ? new Date(impairedSince)
            : undefined,
      },
    ],
  };
}

function status({ runningSince }: Instance, result: CheckResult): SummaryStatus {
  return runningSince === undefined ? 'not-applicable' : result;
}

function reachability({ runningSince }: Instance, result: CheckResult): StatusType | undefined {
  if (runningSince === undefined) return undefined;
  return result === 'ok' ? 'passed' : result === 'impaired' ? 'failed' : 'initializing';
}

function attributeOf(instance: Instance, attribute: string) {
  switch (attribute) {
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: instance.terminationProtection } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: instance.ebsOptimized } };
    case 'groupSet':
      return { Groups: instance.groupIds.map((id) => ({ GroupId: id })) };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } };
    case 'instanceType':
      return { InstanceType: { Value: instance.instanceType } };
    case 'sourceDestCheck':
      return { SourceDestCheck: { Value: instance.sourceDestCheck } };
    case 'userData':
      return { UserData: { Value: instance.userData } };
    default:
      throw new NotImplementedError(`attribute ${attribute} of DescribeInstanceAttribute`);
  }
}

function booleanOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}

function describeType({ name, architecture, vcpus, memoryMiB }: InstanceTypeFacts) {
  return {
    InstanceType: answered<_InstanceType>(name),
    CurrentGeneration: true,
    BareMetal: false,
    Hypervisor: 'nitro' as const,
    SupportedUsageClasses: ['on-demand' as const, 'spot' as const],
    SupportedRootDeviceTypes: ['ebs' as const],
    SupportedVirtualizationTypes: ['hvm' as const],
    ProcessorInfo: { SupportedArchitectures: [architecture] },
    VCpuInfo: { DefaultVCpus: vcpus },
    MemoryInfo: { SizeInMiB: memoryMiB },
    InstanceStorageSupported: false,
    BurstablePerformanceSupported: name.startsWith('t'),
  };
}
