import type { Duration, Size } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { isKnown, mebibytesBetween, secondsBetween, type ValidationRule } from '../validation';
import { type BackedUpOptions, backedUpRules } from './backup';

/** What a domain and a collection of OpenSearch have in common. */
export interface OpenSearchIndexOptions extends BackedUpOptions {
  /** The index: lower case, without spaces and `\ / * ? " < > | , #`, and not beginning with `_`, `-` or `+`. */
  readonly indexName: string;

  /**
   * How long records are collected before they are indexed; up to 15 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly bufferingInterval?: Duration;

  /**
   * How many bytes are collected before they are indexed; 1 to 100 MiB.
   *
   * @default Size.mebibytes(5)
   */
  readonly bufferingSize?: Size;

  /**
   * The VPC from which the index is reached. Firehose makes network interfaces in it, which cannot be changed later.
   *
   * @default - the index is public
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where in the VPC.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Of the network interfaces: they must let HTTPS out, and those of the index let it in. Needed with `vpc`.
   *
   * @default - none
   */
  readonly securityGroups?: readonly ec2.ISecurityGroup[];
}

const INDEX_NAME = /^(?![_\-+])[^A-Z\s\\/*?"<>|,#:]{1,255}$/;

/** What Firehose or OpenSearch would refuse of both. */
export function openSearchRules<T extends OpenSearchIndexOptions>(): ReadonlyArray<
  ValidationRule<T>
> {
  return [
    {
      fails: ({ indexName }) => isKnown(indexName) && !INDEX_NAME.test(indexName),
      message: ({ indexName }) =>
        `indexName must be lower case, and neither begin with _, - or + nor have spaces or any of \\ / * ? " < > | , # :, got '${indexName}'`,
    },
    secondsBetween('bufferingInterval', (options) => options.bufferingInterval, {
      min: 0,
      max: 900,
    }),
    mebibytesBetween('bufferingSize', (options) => options.bufferingSize, { min: 1, max: 100 }),
    {
      fails: ({ securityGroups = [], vpc }) => (vpc !== undefined) !== securityGroups.length > 0,
      message: () => 'vpc and securityGroups must be given together',
    },
    {
      fails: ({ securityGroups = [] }) => securityGroups.length > 5,
      message: ({ securityGroups = [] }) =>
        `securityGroups must be at most 5, got ${securityGroups.length}`,
    },
    ...backedUpRules<T>(),
  ];
}
