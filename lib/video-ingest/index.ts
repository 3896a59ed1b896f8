export { VideoIngest, type VideoIngestProps } from './video-ingest';
export type { VideoIngestAlarms } from './video-ingest-alarms';
