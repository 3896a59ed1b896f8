export { AnalyticsCode, type CodeLocation } from './analytics-code';
export { StreamAnalytics } from './stream-analytics';
export type { StreamAnalyticsAlarms } from './stream-analytics-alarms';
export { FlinkVersion, type StreamAnalyticsProps } from './stream-analytics-props';
