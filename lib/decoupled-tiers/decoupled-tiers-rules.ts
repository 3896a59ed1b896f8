import {
  DEFAULT_MAX_CAPACITY,
  DEFAULT_MIN_CAPACITY,
  INSTANCE_RULES,
} from '../instances/instance-rules';
import { queueWorkersFailures } from '../queue-workers/queue-workers-rules';
import {
  failuresOf,
  integerBetween,
  isKnown,
  secondsBetween,
  type ValidationRule,
} from '../validation';
import { WORK_QUEUE_RULES } from '../work-queue/work-queue-rules';
import type { DecoupledTiersProps, FrontEndOptions } from './decoupled-tiers-props';

/** Every mistake in the props, those of both tiers and of the queue included. */
export function decoupledTiersFailures(props: DecoupledTiersProps): string[] {
  const { alarmTopic, backEnd, frontEnd, vpc, vpcSubnets } = props;
  // What is said of both tiers is found once, with the back end.
  const ofFrontEnd = failuresOf({ ...frontEnd, vpc, vpcSubnets }, INSTANCE_RULES);
  const ofBackEnd = queueWorkersFailures({ ...backEnd, vpc, vpcSubnets, alarmTopic });
  return [
    ...[
      ...failuresOf(frontEnd, FRONT_END_RULES),
      ...ofFrontEnd.filter((failure) => !ofBackEnd.includes(failure)),
      ...frontEnd.program.validate(),
    ].map((failure) => `frontEnd: ${failure}`),
    ...ofBackEnd.map((failure) => `backEnd: ${failure}`),
    ...failuresOf(props, DECOUPLED_TIERS_RULES),
    ...failuresOf(
      { maxReceiveCount: props.maxReceiveCount, maxAge: props.maxAge, maxDepth: props.maxDepth },
      WORK_QUEUE_RULES,
    ),
  ];
}

const FRONT_END_RULES: ReadonlyArray<ValidationRule<FrontEndOptions>> = [
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
];

const DECOUPLED_TIERS_RULES: ReadonlyArray<ValidationRule<DecoupledTiersProps>> = [
  secondsBetween('visibilityTimeout', ({ visibilityTimeout }) => visibilityTimeout, {
    min: 60,
    max: 43_200,
  }),
  {
    fails: ({ frontEnd, vpc }) =>
      frontEnd.internetFacing !== false && vpc.publicSubnets.length === 0,
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
