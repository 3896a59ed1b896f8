export { WorkQueue } from './work-queue';
export type { WorkQueueAlarms } from './work-queue-alarms';
export type { WorkQueueProps } from './work-queue-props';
