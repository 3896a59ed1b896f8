import { validationError } from './errors';

export const adjustmentTypes = [
  'ChangeInCapacity',
  'ExactCapacity',
  'PercentChangeInCapacity',
] as const;

export type AdjustmentType = (typeof adjustmentTypes)[number];

/** @throws ValidationError */
export function adjustmentType(given: string | undefined): AdjustmentType {
  const type = adjustmentTypes.find((one) => one === given);
  if (!type) throw validationError(`${given} is not a valid AdjustmentType.`);
  return type;
}

/**
 * What an adjustment makes of a capacity. Percentages are rounded: to one where they are less than one instance, else
 * towards none.
 *
 * @param minMagnitude - by how many instances a percentage changes it at least
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
 */
export function adjusted(
  capacity: number,
  type: AdjustmentType,
  adjustment: number,
  minMagnitude = 0,
): number {
  if (type === 'ExactCapacity') return adjustment;
  if (type === 'ChangeInCapacity') return Math.max(0, capacity + adjustment);
  const exact = (capacity * adjustment) / 100;
  const rounded = Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
  const least = Math.sign(adjustment) * minMagnitude;
  const change = Math.abs(rounded) < minMagnitude ? least : rounded;
  return Math.max(0, capacity + change);
}

/** One step: how much to adjust within bounds that are relative to an alarm's threshold. */
export interface StepAdjustment {
  readonly lower: number;
  readonly upper: number;
  readonly adjustment: number;
}

/** @throws ValidationError for steps that overlap or leave gaps */
export function stepAdjustments(
  given: readonly {
    readonly MetricIntervalLowerBound?: number | undefined;
    readonly MetricIntervalUpperBound?: number | undefined;
    readonly ScalingAdjustment: number;
  }[],
): StepAdjustment[] {
  if (given.length === 0)
    throw validationError(
      'At least one StepAdjustment must be specified for policy type: StepScaling',
    );
  if (given.length > 20)
    throw validationError('A step scaling policy has up to 20 StepAdjustments.');
  const steps = given
    .map((one) => ({
      lower: one.MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY,
      upper: one.MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY,
      adjustment: one.ScalingAdjustment,
    }))
    .sort((a, b) => a.lower - b.lower);
  for (const [i, { lower, upper }] of steps.entries()) {
    if (lower >= upper)
      throw validationError(
        'The MetricIntervalLowerBound of a StepAdjustment must be less than its MetricIntervalUpperBound.',
      );
    const next = steps[i + 1];
    if (next && next.lower < upper)
      throw validationError('StepAdjustment intervals can not overlap.');
    if (next && next.lower > upper)
      throw validationError('StepAdjustment intervals can not have gaps between them.');
  }
  const [first] = steps;
  const last = steps.at(-1);
  if (first && first.lower < 0 && first.lower !== Number.NEGATIVE_INFINITY)
    throw validationError(
      'There must be a StepAdjustment with an unspecified lower bound when one StepAdjustment has a negative lower bound',
    );
  if (last && last.upper > 0 && last.upper !== Number.POSITIVE_INFINITY)
    throw validationError(
      'There must be a StepAdjustment with an unspecified upper bound when one StepAdjustment has a positive upper bound',
    );
  return steps;
}

/**
 * The step that a breach falls into. Above the threshold its lower bound belongs to it, below the threshold its upper one.
 *
 * @param breach - the metric's value less the threshold
 */
export function stepFor(
  steps: readonly StepAdjustment[],
  breach: number,
): StepAdjustment | undefined {
  return steps.find(({ lower, upper }) =>
    breach >= 0 && upper > 0
      ? breach >= lower && breach < upper
      : breach > lower && breach <= upper,
  );
}
