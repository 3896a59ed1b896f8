import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { descriptionOf } from '../shipped-functions/descriptions';

/** A security group that lets nobody in, and out to HTTPS only: AWS services and the packages of Amazon Linux. */
export function httpsOutOnly(scope: Construct, vpc: ec2.IVpc): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: descriptionOf(scope, 'out to HTTPS, nothing in'),
    allowAllOutbound: false,
  });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS services and packages');
  return group;
}
