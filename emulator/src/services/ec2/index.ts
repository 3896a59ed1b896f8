import { Regional, type Service, type ServiceEnvironment } from '../service';
import { addressProviders } from './address-resources';
import type { Client, RegionOf } from './client';
import { Ec2Region } from './ec2-region';
import { endpointProviders } from './endpoint-resources';
import { gatewayProviders } from './gateway-resources';
import { Ec2Faults } from './instances/instance-faults';
import type { InstanceListener } from './instances/instance-listener';
import { InstanceListeners } from './instances/instance-listener';
import type { InstancesOf } from './instances/instance-operations';
import { instanceProvider } from './instances/instance-resource';
import { Instances } from './instances/instances';
import type { LaunchSurroundings } from './instances/launching';
import { StatusMetrics } from './instances/status-metrics';
import {
  findLaunchTemplate,
  type LaunchTemplateReference,
  versionOf,
} from './launch-templates/launch-template';
import { launchTemplateProvider } from './launch-templates/launch-template-resource';
import { consoleOperations } from './machines/console-operations';
import type { MachineSurroundings } from './machines/machine';
import { Machines, type Respondent } from './machines/machines';
import { networkAclProviders } from './network-acl-resources';
import { operations } from './operations';
import { prefixListProviders } from './prefix-list-resources';
import { type RequestedInterfaces, requestedInterfaces } from './requested-interfaces';
import { routeTableProviders } from './route-table-resources';
import { defaultSecurityGroups } from './security-group';
import { securityGroupProviders } from './security-group-resources';
import { subnetProviders } from './subnet-resources';
import { vpcProviders } from './vpc-resources';

export type { PublicImage } from './image-operations';
export type { Instance, InstanceState, MachineCondition } from './instances/instance';
export { passesChecks } from './instances/instance';
export type { InstanceFaults, ZoneFaults } from './instances/instance-faults';
export type { InstanceListener } from './instances/instance-listener';
export { type Instances, instanceDelays } from './instances/instances';
export type { InstanceProfile, LaunchRequest } from './instances/launching';
export type { LaunchData } from './launch-templates/launch-data';
export type { RequestedInterfaces } from './requested-interfaces';

/** What EC2 needs from others. */
export interface Ec2Dependencies extends Omit<LaunchSurroundings, 'authorize'> {
  readonly machines: MachineSurroundings;
}

/** Amazon EC2: networks as they are described, launch templates, and instances. */
export interface Ec2Service extends Service<Client> {
  /** Machines that die or freeze, and availability zones that are lost. */
  readonly faults: Ec2Faults;
  /** The instances of an account in a region, to be launched, ended and looked up. */
  instances(account: string, region: string): Instances;
  /**
   * The launch template that a reference means, with the number of the version that it means now.
   *
   * @throws ServiceError if there is no such launch template, or no such version of it
   */
  launchTemplate(
    account: string,
    region: string,
    reference: LaunchTemplateReference & { readonly version?: string | undefined },
  ): { readonly id: string; readonly name: string; readonly version: string };
  /**
   * Has a listener told what becomes of instances, everywhere.
   *
   * @returns the function that ends it
   */
  onInstanceChange(listener: InstanceListener): () => void;
  /** VPC and availability zone of a subnet; undefined if there is no such subnet. */
  subnet(
    account: string,
    region: string,
    id: string,
  ): { readonly vpcId: string; readonly zone: string } | undefined;
  /** VPC of a security group; undefined if there is no such group. */
  securityGroupVpc(account: string, region: string, id: string): string | undefined;
  /** Ids of the security groups of what names none in a VPC. */
  defaultSecurityGroups(account: string, region: string, vpcId: string): string[];
  /** Network interfaces that other services have in an account's subnets. */
  interfaces(account: string, region: string): RequestedInterfaces;
  /** Who answers on a port of an instance that runs. */
  respondent(instanceId: string, port: number): Respondent;
}

/**
 * Makes EC2. Networks are described as they were created, and no packet moves through them; instances go from state
 * to state on the clock.
 */
export function createEc2(env: ServiceEnvironment, dependencies: Ec2Dependencies): Ec2Service {
  const { clock, random, authorize } = env;
  const regions = new Regional((account, region) => new Ec2Region(account, region, clock, random));
  const listeners = new InstanceListeners();
  const surroundings = { ...dependencies, authorize };
  const machines = new Machines({
    ...dependencies.machines,
    environment: env,
    regionOf: ({ account, region }) => regions.in(account, region),
    profileOf: dependencies.instanceProfile,
    powerOff: ({ account, region, id }) => instances.in(account, region).powerOff(id),
  });
  listeners.add(machines);
  listeners.add(new StatusMetrics(env.metrics, () => clock.now()));
  const lostZones = new Set<string>();
  const instances: Regional<Instances> = new Regional(
    (account, region) =>
      new Instances(
        regions.in(account, region),
        surroundings,
        listeners,
        (instance) => machines.shutDown(instance),
        lostZones,
      ),
  );
  const regionOf: RegionOf = ({ account, region }) => regions.in(account, region);
  const instancesOf: InstancesOf = ({ account, region }) => instances.in(account, region);
  const context = { regionOf, authorize };
  return {
    signingName: 'ec2',
    loadClient: () => require('@aws-sdk/client-ec2') as Client,
    handlers: {
      ...operations(regionOf, instancesOf, dependencies.imagesOf),
      ...consoleOperations(regionOf, instancesOf, machines),
    },
    resourceProviders: [
      ...addressProviders(context),
      ...endpointProviders(context),
      ...gatewayProviders(context),
      instanceProvider(context, instancesOf, listeners),
      launchTemplateProvider(context),
      ...networkAclProviders(context),
      ...prefixListProviders(context),
      ...routeTableProviders(context),
      ...securityGroupProviders(context),
      ...subnetProviders(context),
      ...vpcProviders(context),
    ],
    resourceRights(arn) {
      const [, , , region = '', account = '', resource = ''] = arn.split(':');
      const found = regions.in(account, region).resource(resource.slice(resource.indexOf('/') + 1));
      return found && { account, policies: [], tags: found.resource.tags };
    },
    instances: (account, region) => instances.in(account, region),
    launchTemplate(account, region, reference) {
      const template = findLaunchTemplate(regions.in(account, region), reference);
      const { number } = versionOf(template, reference.version);
      return { id: template.id, name: template.name, version: String(number) };
    },
    onInstanceChange: (listener) => listeners.add(listener),
    leaks: () => regions.all().flatMap((region) => region.leaks()),
    faults: new Ec2Faults(instances, lostZones),
    subnet(account, region, id) {
      const found = regions.in(account, region).subnets.find(id);
      return found && { vpcId: found.vpcId, zone: found.availabilityZone };
    },
    securityGroupVpc: (account, region, id) =>
      regions.in(account, region).securityGroups.find(id)?.vpcId,
    defaultSecurityGroups: (account, region, vpcId) =>
      defaultSecurityGroups(regions.in(account, region), vpcId),
    interfaces: (account, region) => requestedInterfaces(regions.in(account, region)),
    respondent: (instanceId, port) => machines.respondent(instanceId, port),
    stop: () => machines.stop(),
  };
}
