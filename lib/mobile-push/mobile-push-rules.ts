import { integerBetween, isKnown, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { MobilePushProps } from './mobile-push-props';

/** Everything that SNS would refuse at deployment. */
export const MOBILE_PUSH_RULES: ReadonlyArray<ValidationRule<MobilePushProps>> = [
  {
    fails: ({ applicationName }) =>
      isKnown(applicationName) && !/^[A-Za-z0-9._-]{1,256}$/.test(applicationName),
    message: ({ applicationName }) =>
      `applicationName must be 1 to 256 letters, digits, hyphens, underscores and full stops, got '${applicationName}'`,
  },
  {
    fails: ({ secretVersion }) => secretVersion === '',
    message: () => 'secretVersion must not be empty: leave it out, or give a text that changes',
  },
  {
    fails: ({ eventTopic }) => eventTopic?.fifo === true,
    message: () =>
      'eventTopic must be a standard topic: SNS does not publish events of applications to FIFO topics',
  },
  integerBetween('successFeedbackSampleRate', (props) => props.successFeedbackSampleRate, {
    min: 0,
    max: 100,
  }),
  {
    fails: ({ deliveryLogs, successFeedbackSampleRate }) =>
      deliveryLogs === false && successFeedbackSampleRate !== undefined,
    message: () =>
      'successFeedbackSampleRate says how much goes into the logs, and deliveryLogs is false: leave out one of them',
  },
  ALARM_TOPIC_RULE,
];
