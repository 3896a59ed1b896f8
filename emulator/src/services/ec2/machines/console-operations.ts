import { acceptOnly } from '../../accepted-parameters';
import type { Operations, RegionOf } from '../client';
import { permit } from '../describing';
import type { InstancesOf } from '../instances/instance-operations';
import type { Machines } from './machines';

/** What instances print. It is there at once; on AWS it comes some minutes later, unless the latest is asked for. */
export function consoleOperations(
  regionOf: RegionOf,
  instancesOf: InstancesOf,
  machines: Machines,
): Operations {
  return {
    GetConsoleOutput(input, context) {
      acceptOnly('GetConsoleOutput', input, ['DryRun', 'InstanceId', 'Latest']);
      const instance = instancesOf(context).get(input.InstanceId);
      permit(context, input, regionOf(context).arn('instance', instance.id));
      const output = machines.console(instance);
      return {
        InstanceId: instance.id,
        Timestamp: new Date(output?.updatedAt ?? instance.launchedAt),
        Output: output && Buffer.from(String(output)).toString('base64'),
      };
    },
  };
}
