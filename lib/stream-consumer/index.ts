export { FailureDestination, type RightHolder } from './failure-destination';
export { KclApplication, type KclApplicationProps } from './kcl-application';
export { StreamConsumer } from './stream-consumer';
export type { StreamConsumerAlarms } from './stream-consumer-alarms';
export type { StreamConsumerProps } from './stream-consumer-props';
export { StreamDataEvents, type StreamDataEventsProps } from './stream-data-events';
export { StreamEndpoint, type StreamEndpointProps } from './stream-endpoint';
