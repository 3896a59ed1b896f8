import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  DEFAULT_MAX_CAPACITY,
  DEFAULT_MIN_CAPACITY,
  INSTANCE_RULES,
} from '../instances/instance-rules';
import { failuresOf, integerBetween, isKnown, type ValidationRule } from '../validation';
import type { FrontEndOptions } from './decoupled-tiers-props';

/** Props of a front end with the network that it is in. */
type FrontEndInNetwork = FrontEndOptions & {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
};

/** Every mistake in the props of a front end, those of its program included. */
export function frontEndFailures(props: FrontEndInNetwork): string[] {
  return [
    ...failuresOf(props, FRONT_END_RULES),
    ...failuresOf(props, INSTANCE_RULES),
    ...props.program.validate(),
  ];
}

const FRONT_END_RULES: ReadonlyArray<ValidationRule<FrontEndInNetwork>> = [
  integerBetween('port', ({ port }) => port, { min: 1_024, max: 65_535 }),
  integerBetween('requestsPerInstance', ({ requestsPerInstance }) => requestsPerInstance, {
    min: 1,
    max: 10_000_000,
  }),
  {
    fails: ({ healthCheckPath }) => isKnown(healthCheckPath) && !healthCheckPath.startsWith('/'),
    message: ({ healthCheckPath }) => `healthCheckPath must begin with /, got '${healthCheckPath}'`,
  },
  {
    fails: ({ minCapacity }) => minCapacity === 0,
    message: () => 'minCapacity must be at least 1: without an instance nobody takes requests in',
  },
  {
    fails: ({ internetFacing, vpc }) => internetFacing !== false && vpc.publicSubnets.length === 0,
    message: () =>
      'vpc has no public subnets for a load balancer that faces the internet: set internetFacing to false, or add some',
  },
];

/** Whether the front end can grow at all. */
export function hasRoom({
  maxCapacity = DEFAULT_MAX_CAPACITY,
  minCapacity = DEFAULT_MIN_CAPACITY,
}: FrontEndOptions): boolean {
  return minCapacity < maxCapacity;
}
