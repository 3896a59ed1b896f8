import type { Clock } from '../../clock/clock';
import type { RandomSource } from '../../random/random';
import { ClientTokens } from './client-tokens';
import { createDefaultNetwork } from './default-network';
import type { Address } from './elastic-ip';
import { addressKind } from './elastic-ip';
import {
  type EgressOnlyInternetGateway,
  egressOnlyInternetGatewayKind,
  type InternetGateway,
  internetGatewayKind,
  type VpnGateway,
  vpnGatewayKind,
} from './gateways';
import { type Instance, instanceKind } from './instances/instance';
import {
  type LaunchTemplate,
  type LaunchTemplateVersion,
  launchTemplateKind,
} from './launch-templates/launch-template';
import { type NatGateway, natGatewayKind } from './nat-gateway';
import { type NetworkAcl, networkAclKind } from './network-acl';
import { type NetworkInterface, networkInterfaceKind } from './network-interface';
import { type PrefixList, prefixListKind } from './prefix-list';
import { type Ec2Resource, type ResourceKind, ResourceTable } from './resource-table';
import { type RouteTable, routeTableKind } from './route-table';
import { type SecurityGroup, securityGroupKind } from './security-group';
import { type SecurityGroupRule, securityGroupRuleKind } from './security-group-rule';
import { type Subnet, subnetKind } from './subnet';
import { type DhcpOptions, dhcpOptionsKind, type Vpc, vpcKind } from './vpc';
import { type VpcEndpoint, vpcEndpointKind } from './vpc-endpoint';

/** The networks, launch templates and instances of one account in one region. */
export class Ec2Region {
  private readonly tables: Pick<ResourceTable<Ec2Resource>, 'all' | 'find' | 'kind'>[] = [];
  readonly vpcs = this.table<Vpc>(vpcKind);
  readonly dhcpOptions = this.table<DhcpOptions>(dhcpOptionsKind);
  readonly subnets = this.table<Subnet>(subnetKind);
  readonly routeTables = this.table<RouteTable>(routeTableKind);
  readonly internetGateways = this.table<InternetGateway>(internetGatewayKind);
  readonly egressOnlyInternetGateways = this.table<EgressOnlyInternetGateway>(
    egressOnlyInternetGatewayKind,
  );
  readonly vpnGateways = this.table<VpnGateway>(vpnGatewayKind);
  readonly natGateways = this.table<NatGateway>(natGatewayKind);
  readonly networkAcls = this.table<NetworkAcl>(networkAclKind);
  readonly networkInterfaces = this.table<NetworkInterface>(networkInterfaceKind);
  readonly securityGroups = this.table<SecurityGroup>(securityGroupKind);
  readonly securityGroupRules = this.table<SecurityGroupRule>(securityGroupRuleKind);
  readonly addresses = this.table<Address>(addressKind);
  readonly prefixLists = this.table<PrefixList>(prefixListKind);
  readonly vpcEndpoints = this.table<VpcEndpoint>(vpcEndpointKind);
  readonly launchTemplates = this.table<LaunchTemplate>(launchTemplateKind);
  readonly instances = this.table<Instance>(instanceKind);
  readonly launchTokens = new ClientTokens<readonly Instance[]>();
  readonly launchTemplateTokens = new ClientTokens<LaunchTemplate>();
  readonly launchTemplateVersionTokens = new ClientTokens<LaunchTemplateVersion>();
  readonly routeTableTokens = new ClientTokens<RouteTable>();
  private readonly initialIds: ReadonlySet<string>;

  constructor(
    readonly account: string,
    readonly region: string,
    readonly clock: Clock,
    private readonly random: RandomSource,
  ) {
    createDefaultNetwork(this);
    this.initialIds = new Set(this.resources().map(({ resource }) => resource.id));
  }

  /** An id of a resource or of a part of one, such as `vpc-0123456789abcdef0`. */
  newId(prefix: string): string {
    return `${prefix}-${this.stream(prefix).hex(17)}`;
  }

  /** Random numbers for one purpose. */
  stream(purpose: string) {
    return this.random.stream(`ec2/${this.account}/${this.region}/${purpose}`);
  }

  arn(resourceType: string, id: string): string {
    return `arn:aws:ec2:${this.region}:${this.account}:${resourceType}/${id}`;
  }

  /** Every resource with its kind, the default network included. */
  resources(): { readonly kind: ResourceKind; readonly resource: Ec2Resource }[] {
    return this.tables.flatMap((table) =>
      table.all().map((resource) => ({ kind: table.kind, resource })),
    );
  }

  /** A resource of any kind, with its kind. */
  resource(
    id: string,
  ): { readonly kind: ResourceKind; readonly resource: Ec2Resource } | undefined {
    for (const table of this.tables) {
      const resource = table.find(id);
      if (resource) return { kind: table.kind, resource };
    }
    return undefined;
  }

  /** What is not part of the default network, and not deleted. */
  leaks(): string[] {
    return this.resources()
      .filter(({ kind, resource }) => !this.initialIds.has(resource.id) && !isPart(kind))
      .filter(({ resource }) => this.instances.find(resource.id)?.state !== 'terminated')
      .map(({ kind, resource }) => `EC2 ${this.arn(kind.resourceType, resource.id)}`);
  }

  private table<T extends Ec2Resource>(kind: ResourceKind): ResourceTable<T> {
    const table = new ResourceTable<T>(kind, (prefix) => this.newId(prefix));
    this.tables.push(table);
    return table;
  }
}

/** Rules go with their group, network interfaces with what they belong to. */
function isPart(kind: ResourceKind): boolean {
  return kind === securityGroupRuleKind || kind === networkInterfaceKind;
}
