export { PropsValidationError } from './validation';
export * from './work-queue';
export * from './write-buffer';
