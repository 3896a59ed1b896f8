import { isDeepStrictEqual } from 'node:util';
import { PropertyReader, type TemplateValue } from '../../../cloudformation/provider';
import type { NotificationInput } from './notification-input';
import { notificationsOf } from './notification-properties';
import { describeNotifications, type NotificationSettings } from './notification-settings';

/**
 * What a bucket's notifications have come to, in CloudFormation's form, where each rule has one event. As long as
 * they mean what the template says, they are answered as the template has them.
 */
export function liveNotifications(
  settings: NotificationSettings | undefined,
  declared: TemplateValue | undefined,
): TemplateValue | undefined {
  const live = propertiesOf(describeNotifications(settings));
  if (declared !== undefined && declared !== null) {
    const wanted = new PropertyReader({ NotificationConfiguration: declared });
    if (isDeepStrictEqual(live, propertiesOf(notificationsOf(wanted)))) return declared;
  }
  return settings && live;
}

function propertiesOf(input: NotificationInput): TemplateValue {
  const { EventBridgeConfiguration: eventBridge } = input;
  const queues = (input.QueueConfigurations ?? []).flatMap((rule) =>
    rulesOf(rule).map((one) => ({ ...one, Queue: rule.QueueArn ?? null })),
  );
  const topics = (input.TopicConfigurations ?? []).flatMap((rule) =>
    rulesOf(rule).map((one) => ({ ...one, Topic: rule.TopicArn ?? null })),
  );
  const functions = (input.LambdaFunctionConfigurations ?? []).flatMap((rule) =>
    rulesOf(rule).map((one) => ({ ...one, Function: rule.LambdaFunctionArn ?? null })),
  );
  return {
    ...(eventBridge && { EventBridgeConfiguration: { EventBridgeEnabled: true } }),
    ...(functions.length > 0 && { LambdaConfigurations: functions }),
    ...(queues.length > 0 && { QueueConfigurations: queues }),
    ...(topics.length > 0 && { TopicConfigurations: topics }),
  };
}

function rulesOf({
  Events: events = [],
  Filter: filter,
}: NonNullable<NotificationInput['QueueConfigurations']>[number]) {
  const ends = (filter?.Key?.FilterRules ?? []).map(({ Name: name = '', Value: value = '' }) => ({
    // S3 takes both spellings.
    Name: name.toLowerCase(),
    Value: value,
  }));
  const rules = ends.sort((a, b) => (a.Name < b.Name ? -1 : 1));
  return events.map((event) => ({
    Event: event,
    ...(rules.length > 0 && { Filter: { S3Key: { Rules: rules } } }),
  }));
}
