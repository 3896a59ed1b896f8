export * from './bucket-events';
export * from './fan-out';
export { PropsValidationError } from './validation';
export * from './work-queue';
export * from './write-buffer';
