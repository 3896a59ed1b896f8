import type { Ec2Service } from '../services/ec2';
import type { IamService } from '../services/iam';
import type { WorkerMachines } from '../workers/worker-ports';

/** EC2's instances as the programs on them know them. */
export function workerMachines(ec2: Ec2Service, iam: IamService): WorkerMachines {
  return {
    state(instanceId, { account, region }) {
      const instance = ec2.instances(account, region).find(instanceId);
      return instance?.state === 'running' ? instance.machine : 'down';
    },
    roleArn(instanceId, { account, region }) {
      const profile = ec2.instances(account, region).find(instanceId)?.profile;
      return profile && iam.instanceProfile(account, profile.arn)?.role?.arn;
    },
    onChange: (listener) =>
      ec2.onInstanceChange({
        stateChanged: ({ id }) => listener(id),
        machineChanged: ({ id }) => listener(id),
      }),
  };
}
