export * from './bucket-events';
export * from './fan-out';
export type { InstanceOptions } from './instances/instance-options';
export * from './mobile-push';
export * from './queue-workers';
export { PropsValidationError } from './validation';
export * from './work-queue';
export * from './worker-program';
export * from './write-buffer';
