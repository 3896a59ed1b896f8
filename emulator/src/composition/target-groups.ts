import type { TargetGroups } from '../services/autoscaling';
import type { Ec2Service } from '../services/ec2';
import type { ElbService, Place, TargetHosts } from '../services/elb';

/** Elastic Load Balancing as Auto Scaling groups use it. */
export function targetGroups(elb: ElbService): TargetGroups {
  return {
    check: (arn) => elb.checkTargetGroup(arn),
    register: (arn, instanceId) => elb.register(arn, instanceId),
    deregister: (arn, instanceId) => elb.deregister(arn, instanceId),
    onHealth: (listener) => elb.onHealth(listener),
  };
}

/** EC2 as load balancers use it. */
export function targetHosts(ec2: Ec2Service): TargetHosts {
  const find = ({ account, region }: Place, id: string) => ec2.instances(account, region).find(id);
  return {
    instance(place, id) {
      const instance = find(place, id);
      return (
        instance && {
          vpcId: instance.vpcId,
          zone: instance.availabilityZone,
          state: instance.state,
        }
      );
    },
    respondent(place, id, port) {
      const instance = find(place, id);
      if (instance?.state !== 'running' || instance.machine === 'down') return { kind: 'refuses' };
      if (instance.machine === 'frozen') return { kind: 'silent' };
      return ec2.respondent(id, port);
    },
    subnet: ({ account, region }, id) => ec2.subnet(account, region, id),
    securityGroupVpc: ({ account, region }, id) => ec2.securityGroupVpc(account, region, id),
    defaultSecurityGroups: ({ account, region }, vpcId) =>
      ec2.defaultSecurityGroups(account, region, vpcId),
    onState: (listener) =>
      void ec2.onInstanceChange({
        stateChanged: (instance) => listener(instance, instance.id, instance.state),
      }),
  };
}
