import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { descriptionOf } from '../shipped-functions/descriptions';
import type { ValidationRule } from '../validation';

/** Where a broker is. */
export interface BrokerNetworkOptions {
  /** The network. */
  readonly vpc: ec2.IVpc;

  /**
   * Where its addresses are. Of those selected it takes the first of each zone, in as many zones as it has members. They cannot be changed: others make another broker.
   *
   * @default - private subnets; public ones for a broker that is publicly accessible
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Whether it has a public address. Security groups let nobody in even so.
   *
   * @default false
   */
  readonly publiclyAccessible?: boolean;
}

/** The subnets that a broker of so many members takes; fewer if there are not as many zones. */
export function brokerSubnets(
  { publiclyAccessible, vpc, vpcSubnets }: BrokerNetworkOptions,
  members: number,
): ec2.ISubnet[] {
  if (members === 0) return [];
  const wanted =
    vpcSubnets ?? (publiclyAccessible === true ? publicSubnets(vpc) : privateSubnets(vpc));
  const zones = new Set<string>();
  const chosen: ec2.ISubnet[] = [];
  for (const subnet of wanted === undefined ? [] : vpc.selectSubnets(wanted).subnets) {
    const zone = subnet.availabilityZone;
    if (chosen.length === members || (zones.has(zone) && !Token.isUnresolved(zone))) continue;
    zones.add(zone);
    chosen.push(subnet);
  }
  return chosen;
}

function publicSubnets(vpc: ec2.IVpc): ec2.SubnetSelection | undefined {
  return vpc.publicSubnets.length > 0 ? { subnetType: ec2.SubnetType.PUBLIC } : undefined;
}

/** Those with a way out first: what is in them can be reached from the rest of the VPC just as well. */
function privateSubnets(vpc: ec2.IVpc): ec2.SubnetSelection | undefined {
  if (vpc.privateSubnets.length > 0) return { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  if (vpc.isolatedSubnets.length > 0) return { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  return undefined;
}

/** Zones are what a broker survives the loss of. */
export function enoughZones<T extends BrokerNetworkOptions>(
  members: (props: T) => number,
  what: (props: T) => string,
): ValidationRule<T> {
  return {
    fails: (props) => brokerSubnets(props, members(props)).length < members(props),
    message: (props) =>
      `${what(props)} needs subnets in ${members(props)} zones, and there are some in ${brokerSubnets(props, members(props)).length}: give vpc more zones, or select others with vpcSubnets`,
  };
}

/** A security group that lets nobody in, and nothing out: brokers call nobody. */
export function closedSecurityGroup(scope: Construct, vpc: ec2.IVpc): ec2.SecurityGroup {
  return new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: descriptionOf(scope, 'who reaches the broker'),
    allowAllOutbound: false,
  });
}

/**
 * The network interfaces of Lambda have the security group of the broker: it has to let itself in, and out to Lambda, STS and Secrets Manager.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/process-mq-messages-with-lambda.html
 */
export function openToEventSources(connections: ec2.Connections, port: number): void {
  connections.allowInternally(ec2.Port.tcp(port), 'Lambda, beside the broker');
  connections.allowToAnyIpv4(ec2.Port.HTTPS, 'Lambda, STS and Secrets Manager');
}
