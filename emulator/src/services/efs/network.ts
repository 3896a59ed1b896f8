/** What EFS needs of the networks that its mount targets are in; the composition root fills it. */
export interface Network {
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
  /**
   * Puts a network interface into a subnet.
   *
   * @throws ServiceError if the address is taken, or none is free
   */
  addInterface(account: string, region: string, request: InterfaceRequest): NetworkInterface;
  setSecurityGroups(
    account: string,
    region: string,
    interfaceId: string,
    groups: readonly string[],
  ): void;
  removeInterface(account: string, region: string, interfaceId: string): void;
}

export interface InterfaceRequest {
  readonly subnetId: string;
  readonly description: string;
  readonly groupIds: readonly string[];
  /** @default - the lowest that is free */
  readonly privateIp: string | undefined;
}

export interface NetworkInterface {
  readonly id: string;
  readonly privateIp: string;
}
