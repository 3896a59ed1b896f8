export * from './bucket-events';
export * from './fan-out';
export * from './mobile-push';
export { PropsValidationError } from './validation';
export * from './work-queue';
export * from './write-buffer';
