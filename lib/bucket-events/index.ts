export { type BucketEventOptions, BucketEvents, type BucketEventsProps } from './bucket-events';
