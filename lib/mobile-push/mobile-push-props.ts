import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { PushPlatform } from './push-platform';

/** What a {@link MobilePush} can be told. */
export interface MobilePushProps {
  /** Who brings the notifications to devices, with the secret that it knows the app by. */
  readonly platform: PushPlatform;

  /**
   * Name of the platform application: 1 to 256 letters, digits, hyphens, underscores and full stops.
   *
   * Another name makes another application: endpoints of devices are not taken along, and go with the old one.
   *
   * @default - a name made of the construct's path
   */
  readonly applicationName?: string;

  /**
   * Any text that changes when the secret has got a new value, such as a date. Without a change here a deployment does
   * not read the secret again, and SNS keeps the old credentials.
   *
   * @default - the secret is read when anything else of the application changes
   */
  readonly secretVersion?: string;

  /**
   * Where SNS tells of endpoints that were created, changed or deleted and of pushes that failed for good. A standard topic.
   *
   * @default - nowhere
   * @see https://docs.aws.amazon.com/sns/latest/dg/application-event-notifications.html
   */
  readonly eventTopic?: sns.ITopic;

  /**
   * Whether SNS writes a line into CloudWatch Logs for each push that failed, with what the push service said.
   *
   * @default true
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-msg-status.html
   */
  readonly deliveryLogs?: boolean;

  /**
   * How many of the pushes that succeeded get a line too, in percent; 0 to 100. Needs `deliveryLogs`.
   *
   * @default 0
   */
  readonly successFeedbackSampleRate?: number;

  /**
   * Where the alarm tells of its going off and of its end.
   *
   * @default - the alarm is made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * How long the logs of the function that makes the application are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}
