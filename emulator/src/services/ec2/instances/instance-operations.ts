import { ServiceError } from '../../../protocol/errors';
import type { CallContext } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import type { Operations, RegionOf } from '../client';
import { describedPage, describeMembers, permit } from '../describing';
import { invalidValue } from '../errors';
import { checkLaunchData, type LaunchData, launchMembers } from '../launch-templates/launch-data';
import type { Instance, InstanceState } from './instance';
import {
  describeInstance,
  describeReservations,
  describeState,
  instanceFilters,
} from './instance-descriptions';
import type { Instances } from './instances';

/** Finds the instances that a call is about. */
export type InstancesOf = (context: Pick<CallContext, 'account' | 'region'>) => Instances;

/** Operations that launch and end instances, and show them. */
export function instanceOperations(regionOf: RegionOf, instancesOf: InstancesOf): Operations {
  /** Changes all of a call's instances or none, and answers what became of each. */
  function changed(
    context: CallContext,
    input: { readonly DryRun?: boolean | undefined; readonly InstanceIds: readonly string[] },
    change: (instances: Instances, id: string) => Instance,
  ) {
    const instances = instancesOf(context);
    const region = regionOf(context);
    const before = input.InstanceIds.map((id): [string, InstanceState] => {
      const { state } = instances.get(id);
      permit(context, input, region.arn('instance', id));
      return [id, state];
    });
    return before.map(([id, state]) => ({
      InstanceId: id,
      CurrentState: describeState(change(instances, id).state),
      PreviousState: describeState(state),
    }));
  }

  return {
    RunInstances(input, context) {
      acceptOnly('RunInstances', input, [
        ...launchMembers,
        'ClientToken',
        'DryRun',
        'LaunchTemplate',
        'MaxCount',
        'MinCount',
        'PrivateIpAddress',
        'SubnetId',
      ]);
      const { MinCount: min, MaxCount: max, ClientToken: clientToken, DryRun: _, ...rest } = input;
      if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min)
        throw invalidValue(
          'Value for maxCount must be equal to or greater than minCount, and both must be at least 1.',
        );
      const { LaunchTemplate: template, PrivateIpAddress: privateIp, SubnetId: subnetId } = rest;
      const overrides = launchDataOf(rest);
      if (overrides.NetworkInterfaces && (subnetId ?? overrides.SecurityGroupIds) !== undefined)
        throw new ServiceError(
          'InvalidParameterCombination',
          'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request',
        );
      const region = regionOf(context);
      const instances = instancesOf(context);
      const request = {
        overrides,
        subnetId,
        privateIp,
        clientToken,
        caller: context.caller,
        call: context,
        ...(template && {
          launchTemplate: {
            id: template.LaunchTemplateId,
            name: template.LaunchTemplateName,
            version: template.Version,
          },
        }),
      };
      instances.check(request);
      permit(context, input, region.arn('instance', '*'));
      const { DryRun: __, ClientToken: ___, ...parameters } = input;
      const launched = region.launchTokens.once(clientToken, parameters, () => {
        const reservationId = region.newId('r');
        return Array.from({ length: max }, (_one, launchIndex) =>
          instances.launch({ ...request, reservationId, launchIndex }),
        );
      });
      return {
        ReservationId: launched[0]?.reservationId,
        OwnerId: region.account,
        Groups: [],
        Instances: launched.map((instance) => describeInstance(region, instance)),
      };
    },

    TerminateInstances(input, context) {
      acceptOnly('TerminateInstances', input, ['DryRun', 'InstanceIds', 'SkipOsShutdown']);
      return {
        TerminatingInstances: changed(context, input, (instances, id) => instances.terminate(id)),
      };
    },

    StopInstances(input, context) {
      acceptOnly('StopInstances', input, ['DryRun', 'InstanceIds']);
      return { StoppingInstances: changed(context, input, (instances, id) => instances.stop(id)) };
    },

    StartInstances(input, context) {
      acceptOnly('StartInstances', input, ['DryRun', 'InstanceIds']);
      return { StartingInstances: changed(context, input, (instances, id) => instances.start(id)) };
    },

    RebootInstances(input, context) {
      acceptOnly('RebootInstances', input, ['DryRun', 'InstanceIds']);
      changed(context, input, (instances, id) => {
        instances.reboot(id);
        return instances.get(id);
      });
      return {};
    },

    DescribeInstances(input, context) {
      acceptOnly('DescribeInstances', input, [...describeMembers, 'InstanceIds']);
      const region = regionOf(context);
      if (input.MaxResults !== undefined && input.InstanceIds !== undefined)
        throw new ServiceError(
          'InvalidParameterCombination',
          'The parameter instancesSet cannot be used with the parameter maxResults',
        );
      for (const id of input.InstanceIds ?? []) instancesOf(context).get(id);
      const { items, nextToken } = describedPage(
        context,
        input,
        region.instances,
        input.InstanceIds,
        instanceFilters(region),
      );
      return { Reservations: describeReservations(region, items), NextToken: nextToken };
    },
  };
}

function launchDataOf(input: LaunchData): LaunchData {
  const data = Object.fromEntries(launchMembers.map((name) => [name, input[name]]));
  checkLaunchData('RunInstances', data);
  return data;
}
