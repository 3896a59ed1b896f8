import type { PropertyReader } from '../../../cloudformation/provider';
import type { NotificationInput } from './notification-input';

/** CloudFormation's form of a notification configuration as the API's; empty for none. */
export function notificationsOf(properties: PropertyReader): NotificationInput {
  const given = properties.object('NotificationConfiguration');
  const eventBridge = given?.object('EventBridgeConfiguration');
  return {
    QueueConfigurations: given?.objects('QueueConfigurations')?.map((rule) => ({
      ...ruleOf(rule),
      QueueArn: rule.requiredString('Queue'),
    })),
    TopicConfigurations: given?.objects('TopicConfigurations')?.map((rule) => ({
      ...ruleOf(rule),
      TopicArn: rule.requiredString('Topic'),
    })),
    LambdaFunctionConfigurations: given?.objects('LambdaConfigurations')?.map((rule) => ({
      ...ruleOf(rule),
      LambdaFunctionArn: rule.requiredString('Function'),
    })),
    EventBridgeConfiguration:
      eventBridge && (eventBridge.boolean('EventBridgeEnabled') ?? true) ? {} : undefined,
  };
}

function ruleOf(rule: PropertyReader) {
  const ends = rule.object('Filter')?.object('S3Key')?.objects('Rules');
  return {
    Events: [rule.requiredString('Event')],
    Filter: ends && {
      Key: {
        FilterRules: ends.map((end) => ({
          Name: end.requiredString('Name'),
          Value: end.requiredString('Value'),
        })),
      },
    },
  };
}
