import { Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { throwIfAny } from '../validation';

/** What producers and consumers call. */
const ACTIONS = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamConsumer',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
  'kinesis:PutRecord',
  'kinesis:PutRecords',
  'kinesis:RegisterStreamConsumer',
  'kinesis:SubscribeToShard',
] as const;

/** What a {@link StreamEndpoint} can be told. */
export interface StreamEndpointProps {
  /** The VPC from which streams are reached without the internet. */
  readonly vpc: ec2.IVpc;

  /** The streams that can be reached, and no others. */
  readonly streams: readonly kinesis.IStream[];

  /**
   * Where in the VPC the endpoint has its network interfaces.
   *
   * @default - its private subnets
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Security groups of the network interfaces.
   *
   * @default - one that lets HTTPS in from the VPC
   */
  readonly securityGroups?: readonly ec2.ISecurityGroup[];
}

/**
 * The way from a VPC to streams without the internet, whose policy lets principals of this account use these streams only.
 *
 * Whoever got at credentials of another account inside of the VPC cannot carry data away to a stream of that account.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/vpc.html
 */
export class StreamEndpoint extends Construct {
  /** The endpoint. */
  public readonly endpoint: ec2.InterfaceVpcEndpoint;

  constructor(scope: Construct, id: string, props: StreamEndpointProps) {
    const { securityGroups, streams, subnets, vpc } = props;
    throwIfAny(
      scope,
      id,
      StreamEndpoint.name,
      streams.length === 0 ? ['streams must have at least one'] : [],
    );
    super(scope, id);
    this.endpoint = new ec2.InterfaceVpcEndpoint(this, 'Resource', {
      vpc,
      service: ec2.InterfaceVpcEndpointAwsService.KINESIS_STREAMS,
      subnets,
      securityGroups: securityGroups && [...securityGroups],
    });
    Validations.of(this.endpoint).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'It lets in the addresses of the VPC only, which may be known at deployment only.',
    });
    this.endpoint.addToPolicy(
      new iam.PolicyStatement({
        principals: [new iam.AnyPrincipal()],
        actions: [...ACTIONS],
        resources: streams.flatMap(({ streamArn }) => [streamArn, `${streamArn}/consumer/*`]),
        conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(this).account } },
      }),
    );
  }
}
