import type { InstanceFleet } from '../services/autoscaling';
import { type Ec2Service, passesChecks } from '../services/ec2';

/** EC2 as Auto Scaling groups use it. */
export function instanceFleet(ec2: Ec2Service): InstanceFleet {
  const instancesIn = ({ account, region }: { account: string; region: string }) =>
    ec2.instances(account, region);
  const find: InstanceFleet['find'] = (place, instanceId) => {
    const instance = instancesIn(place).find(instanceId);
    return (
      instance && {
        id: instance.id,
        zone: instance.availabilityZone,
        instanceType: instance.instanceType,
      }
    );
  };
  return {
    template: (place, reference) => ec2.launchTemplate(place.account, place.region, reference),
    launch({ atOnce, place, subnetId, tags, template, zone }) {
      const instance = instancesIn(place).launch({
        launchTemplate: { id: template.id, version: template.version },
        subnetId,
        tags: new Map(Object.entries(tags)),
        atOnce,
        ...(subnetId === undefined && { overrides: { Placement: { AvailabilityZone: zone } } }),
      });
      return {
        id: instance.id,
        zone: instance.availabilityZone,
        instanceType: instance.instanceType,
      };
    },
    terminate(place, instanceId, atOnce) {
      if (find(place, instanceId))
        instancesIn(place).terminate(instanceId, { evenIfProtected: true, atOnce });
    },
    state: (place, instanceId) => instancesIn(place).find(instanceId)?.state,
    find,
    setTargetState(place, instanceId, state) {
      if (find(place, instanceId)) instancesIn(place).setTargetLifecycleState(instanceId, state);
    },
    subnetZone: ({ account, region }, subnetId) => ec2.subnet(account, region, subnetId)?.zone,
    zoneIsUsable: (place, zone) => instancesIn(place).zoneIsUsable(zone),
    onState: (listener) =>
      void ec2.onInstanceChange({
        stateChanged: (instance) => listener(instance, instance.id, instance.state),
      }),
    onStatus: (listener) =>
      void ec2.onInstanceChange({
        statusChanged: (instance) => listener(instance, instance.id, passesChecks(instance)),
      }),
  };
}
