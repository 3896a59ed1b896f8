export type { BacklogScalingOptions } from './backlog-scaling';
export { QueueWorkers } from './queue-workers';
export type { QueueWorkersProps } from './queue-workers-props';
export { Scaling } from './scaling';
export type { IScaling, ScalingBindOptions, ScalingBounds } from './scaling-contract';
export type { ScaleOutStep, StepScalingOptions } from './step-scaling';
