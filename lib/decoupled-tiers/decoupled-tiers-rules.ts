import { queueWorkersFailures } from '../queue-workers/queue-workers-rules';
import { failuresOf, secondsBetween, type ValidationRule } from '../validation';
import { WORK_QUEUE_RULES } from '../work-queue/work-queue-rules';
import type { DecoupledTiersProps } from './decoupled-tiers-props';
import { frontEndFailures } from './front-end-rules';

/** Every mistake in the props, those of both tiers and of the queue included. */
export function decoupledTiersFailures(props: DecoupledTiersProps): string[] {
  const { alarmTopic, backEnd, frontEnd, vpc, vpcSubnets } = props;
  const ofBackEnd = queueWorkersFailures({ ...backEnd, vpc, vpcSubnets, alarmTopic });
  // What is said of both tiers is wrong once.
  const ofFrontEnd = frontEndFailures({ ...frontEnd, vpc, vpcSubnets }).filter(
    (failure) => !ofBackEnd.includes(failure),
  );
  return [
    ...ofFrontEnd.map((failure) => `frontEnd: ${failure}`),
    ...ofBackEnd.map((failure) => `backEnd: ${failure}`),
    ...failuresOf(props, DECOUPLED_TIERS_RULES),
    ...failuresOf(
      { maxReceiveCount: props.maxReceiveCount, maxAge: props.maxAge, maxDepth: props.maxDepth },
      WORK_QUEUE_RULES,
    ),
  ];
}

const DECOUPLED_TIERS_RULES: ReadonlyArray<ValidationRule<DecoupledTiersProps>> = [
  secondsBetween('visibilityTimeout', ({ visibilityTimeout }) => visibilityTimeout, {
    min: 60,
    max: 43_200,
  }),
];
