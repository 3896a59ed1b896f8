export { ProducerGrants } from './producer-grants';
export type { StreamAlarms } from './stream-alarms';
