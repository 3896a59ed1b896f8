import {
  DEFAULT_MAX_CAPACITY,
  DEFAULT_MIN_CAPACITY,
  INSTANCE_RULES,
} from '../instances/instance-rules';
import { failuresOf, type ValidationRule } from '../validation';
import type { QueueWorkersProps } from './queue-workers-props';
import { Scaling } from './scaling';
import type { IScaling, ScalingBounds } from './scaling-contract';

/** The props as far as there are rules for them. */
type WorkersProps = Omit<QueueWorkersProps, 'queue'>;

/** Every mistake in the props, those of the program and of the scaling included. */
export function queueWorkersFailures(props: WorkersProps): string[] {
  const scaling = scalingFor(props);
  return [
    ...failuresOf(props, INSTANCE_RULES),
    ...failuresOf(props, QUEUE_WORKERS_RULES),
    ...props.program.validate(),
    ...(scaling?.validate(boundsOf(props)) ?? []).map((failure) => `scaling: ${failure}`),
  ];
}

/** How small and how large the group may become. */
export function boundsOf(props: WorkersProps): ScalingBounds {
  return {
    minCapacity: props.minCapacity ?? DEFAULT_MIN_CAPACITY,
    maxCapacity: props.maxCapacity ?? DEFAULT_MAX_CAPACITY,
  };
}

/** The strategy; undefined for a group of one size. */
export function scalingFor(props: WorkersProps): IScaling | undefined {
  const { maxCapacity, minCapacity } = boundsOf(props);
  return props.scaling ?? (minCapacity === maxCapacity ? undefined : Scaling.step());
}

const QUEUE_WORKERS_RULES: ReadonlyArray<ValidationRule<WorkersProps>> = [
  {
    fails: (props) => {
      const { maxCapacity, minCapacity } = boundsOf(props);
      return props.scaling !== undefined && minCapacity === maxCapacity;
    },
    message: (props) =>
      `scaling has no room: minCapacity and maxCapacity are both ${boundsOf(props).minCapacity}; leave it out`,
  },
];
