import { integerBetween, isKnown, type ValidationRule } from '../validation';
import { wholeMinutes } from './minutes';
import type { StepPlan } from './step-scaling';

/** Steps of a policy: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const MAX_STEPS = 20;

/** What Auto Scaling would refuse, and what would make the two policies work against each other. */
export const STEP_SCALING_RULES: ReadonlyArray<ValidationRule<StepPlan>> = [
  {
    fails: ({ scaleOut }) => scaleOut.length === 0 || scaleOut.length > MAX_STEPS,
    message: ({ scaleOut }) => `scaleOut must have 1 to ${MAX_STEPS} steps, got ${scaleOut.length}`,
  },
  {
    fails: ({ scaleOut }) =>
      scaleOut.some(({ instances, messages }) => !isCount(messages) || !isCount(instances)),
    message: () => 'messages and instances of each step must be whole numbers of at least 1',
  },
  {
    fails: ({ scaleOut }) =>
      scaleOut.some(({ messages }, index) => messages <= (scaleOut[index - 1]?.messages ?? -1)),
    message: ({ scaleOut }) =>
      `the messages of scaleOut must ascend from step to step, got ${scaleOut.map(({ messages }) => messages).join(', ')}`,
  },
  wholeMinutes('scaleOutAfter', ({ scaleOutAfter }) => scaleOutAfter),
  wholeMinutes('scaleInAfter', ({ scaleInAfter }) => scaleInAfter),
  integerBetween('scaleInBy', ({ scaleInBy }) => scaleInBy, { min: 1, max: 10_000 }),
  {
    fails: ({ scaleInBelow }) => !isCount(scaleInBelow),
    message: ({ scaleInBelow }) =>
      `scaleInBelow must be a whole number of at least 1, got ${scaleInBelow}`,
  },
  {
    fails: ({ scaleInBelow, scaleOut }) =>
      scaleInBelow > 1 && scaleInBelow >= (scaleOut[0]?.messages ?? Number.POSITIVE_INFINITY),
    message: ({ scaleInBelow, scaleOut }) =>
      `scaleInBelow must be less than the messages of the first step (${scaleOut[0]?.messages}), got ${scaleInBelow}: the group would grow and shrink at once`,
  },
  {
    fails: ({ minCapacity, scaleInBelow }) => minCapacity === 0 && scaleInBelow > 1,
    message: ({ scaleInBelow }) =>
      `scaleInBelow must be 1 where minCapacity is 0, got ${scaleInBelow}: the last instance would leave while messages wait, and be started again for them`,
  },
];

function isCount(value: number): boolean {
  return !isKnown(value) || (Number.isInteger(value) && value >= 1);
}
