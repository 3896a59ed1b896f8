export { MobilePush } from './mobile-push';
export type { MobilePushAlarms } from './mobile-push-alarms';
export type { MobilePushProps } from './mobile-push-props';
export {
  type AdmOptions,
  type ApnsCertificateOptions,
  type ApnsOptions,
  type FcmOptions,
  PushPlatform,
} from './push-platform';
