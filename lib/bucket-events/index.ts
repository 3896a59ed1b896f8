export type { BucketEventOptions } from './bucket-event-options';
export { BucketEvents, type BucketEventsProps } from './bucket-events';
