import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';
import type { OpenSearchIndexOptions } from './open-search-options';

/**
 * Lets the role index documents, and look how the domain does.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es
 */
export function grantIndexing(role: iam.Role, domainArn: string, indexName: string): void {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['es:DescribeDomain', 'es:DescribeDomains', 'es:DescribeDomainConfig'],
      resources: [domainArn],
    }),
  );
  const written = `${domainArn}/*`;
  role.addToPolicy(
    new iam.PolicyStatement({ actions: ['es:ESHttpPost', 'es:ESHttpPut'], resources: [written] }),
  );
  const read = [
    '_all/_settings',
    '_cluster/stats',
    `${indexName}*/_mapping/*`,
    '_nodes',
    '_nodes/stats',
    '_nodes/*/stats',
    '_stats',
    `${indexName}*/_stats`,
  ].map((path) => `${domainArn}/${path}`);
  role.addToPolicy(new iam.PolicyStatement({ actions: ['es:ESHttpGet'], resources: read }));
  const reason = 'Documents are sent by paths of the domain, which end in what Firehose names.';
  for (const resource of [written, ...read]) {
    if (resource.includes('*')) acknowledgeWildcard(role, resource, reason);
  }
}

/**
 * Lets Firehose make network interfaces in the VPC.
 *
 * @returns where it makes them; undefined for an index that is public
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es-vpc
 */
export function networkOf(
  role: iam.Role,
  { securityGroups = [], vpc, vpcSubnets }: OpenSearchIndexOptions,
): CfnDeliveryStream.VpcConfigurationProperty | undefined {
  if (vpc === undefined) return undefined;
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'ec2:DescribeVpcs',
        'ec2:DescribeVpcAttribute',
        'ec2:DescribeSubnets',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeNetworkInterfaces',
        'ec2:CreateNetworkInterface',
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
      ],
      resources: ['*'],
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Firehose makes network interfaces in the VPC, which have no names before.',
  });
  return {
    roleArn: role.roleArn,
    subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
  };
}
