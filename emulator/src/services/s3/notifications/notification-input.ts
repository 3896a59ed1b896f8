import { ServiceError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import { invalidArgument, malformedXml } from '../errors';
import { destinationTypes } from './destinations';
import { type EventType, eventTypeNamed, shareEvents } from './event-types';
import {
  type DestinationKind,
  endOf,
  type FilterRule,
  type NotificationRule,
  type NotificationSettings,
} from './notification-settings';

interface RuleInput {
  readonly Id?: string;
  readonly Events?: readonly string[];
  readonly Filter?: {
    readonly Key?: {
      readonly FilterRules?: readonly { readonly Name?: string; readonly Value?: string }[];
    };
  };
}

/** A notification configuration in the API's form, before anything of it has been checked. */
export interface NotificationInput {
  readonly QueueConfigurations?: readonly (RuleInput & { readonly QueueArn?: string })[];
  readonly LambdaFunctionConfigurations?: readonly (RuleInput & {
    readonly LambdaFunctionArn?: string;
  })[];
  readonly TopicConfigurations?: readonly (RuleInput & { readonly TopicArn?: string })[];
  readonly EventBridgeConfiguration?: object;
}

const operation = 's3.PutBucketNotificationConfiguration';
const mostRules = 100;
const longestFilterValue = 1024;

/**
 * Checks a configuration's form: all that can be said without asking the destinations.
 *
 * @param region - the bucket's
 * @param newId - makes an id for a rule that has none
 * @throws ServiceError InvalidArgument, MalformedXML
 */
export function checkedNotifications(
  input: NotificationInput,
  region: string,
  newId: () => string,
): NotificationSettings {
  acceptOnly(operation, input, [
    'QueueConfigurations',
    'LambdaFunctionConfigurations',
    'TopicConfigurations',
    'EventBridgeConfiguration',
  ]);
  const rule = (kind: DestinationKind, arn: string | undefined, given: RuleInput) =>
    checkedRule(kind, arn, given, region, newId);
  const rules = [
    ...(input.QueueConfigurations ?? []).map(({ QueueArn, ...given }) =>
      rule('queue', QueueArn, given),
    ),
    ...(input.TopicConfigurations ?? []).map(({ TopicArn, ...given }) =>
      rule('topic', TopicArn, given),
    ),
    ...(input.LambdaFunctionConfigurations ?? []).map(({ LambdaFunctionArn, ...given }) =>
      rule('function', LambdaFunctionArn, given),
    ),
  ];
  if (rules.length > mostRules)
    throw invalidArgument(`A bucket can have up to ${mostRules} notification configurations`);
  checkIds(rules);
  checkOverlaps(rules);
  return { rules, eventBridge: input.EventBridgeConfiguration !== undefined };
}

function checkedRule(
  kind: DestinationKind,
  arn: string | undefined,
  given: RuleInput,
  region: string,
  newId: () => string,
): NotificationRule {
  acceptOnly(operation, given, ['Id', 'Events', 'Filter']);
  const { Id: id, Events: events = [] } = given;
  if (arn === undefined || events.length === 0) throw malformedXml();
  checkArn(kind, arn, region);
  return {
    id: id === undefined || id === '' ? newId() : id,
    kind,
    arn,
    events: events.map(checkedEvent),
    filter: checkedFilter(given.Filter?.Key?.FilterRules),
  };
}

function checkArn(kind: DestinationKind, arn: string, region: string): void {
  const { argument, arn: pattern, refusal } = destinationTypes[kind];
  const match = pattern.exec(arn);
  if (!match) throw badArgument('The ARN could not be parsed', argument, arn);
  const reason = refusal?.(arn);
  if (reason !== undefined) throw badArgument(reason, argument, arn);
  if (match[1] !== region)
    throw badArgument(
      'The notification destination service region is not valid for the bucket location constraint',
      argument,
      arn,
    );
}

function checkedEvent(name: string): EventType {
  const type = eventTypeNamed(name);
  if (!type)
    throw badArgument(`The event '${name}' is not supported for notifications`, 'Event', name);
  return type;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
function checkedFilter(
  rules: readonly { readonly Name?: string; readonly Value?: string }[] | undefined,
): FilterRule[] | undefined {
  if (!rules || rules.length === 0) return undefined;
  const ends = rules.map(({ Name: given = '', Value: value = '' }): FilterRule => {
    const name = (['Prefix', 'Suffix'] as const).find(
      (one) => one.toLowerCase() === given.toLowerCase(),
    );
    if (!name)
      throw badArgument(
        'filter rule name must be either prefix or suffix',
        'FilterRule.Name',
        given,
      );
    if (Buffer.byteLength(value) > longestFilterValue)
      throw badArgument(
        `Size of filter rule value cannot exceed ${longestFilterValue} bytes in UTF-8 representation`,
        'FilterRule.Value',
        value,
      );
    return { name, value };
  });
  for (const name of ['Prefix', 'Suffix'])
    if (ends.filter((end) => end.name === name).length > 1)
      throw invalidArgument(`Cannot specify more than one ${name.toLowerCase()} rule in a filter.`);
  return ends;
}

function checkIds(rules: readonly NotificationRule[]): void {
  if (new Set(rules.map(({ id }) => id)).size < rules.length)
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique.');
}

/** No event may have two destinations: rules that share events must differ at one end of the key. */
function checkOverlaps(rules: readonly NotificationRule[]): void {
  for (const [index, one] of rules.entries())
    for (const other of rules.slice(0, index)) {
      if (!overlap(one, other)) continue;
      throw invalidArgument(
        one.filter || other.filter
          ? 'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.'
          : 'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
      );
    }
}

function overlap(a: NotificationRule, b: NotificationRule): boolean {
  const prefixes = [endOf(a, 'Prefix'), endOf(b, 'Prefix')] as const;
  const suffixes = [endOf(a, 'Suffix'), endOf(b, 'Suffix')] as const;
  return (
    a.events.some((event) => b.events.some((other) => shareEvents(event, other))) &&
    (prefixes[0].startsWith(prefixes[1]) || prefixes[1].startsWith(prefixes[0])) &&
    (suffixes[0].endsWith(suffixes[1]) || suffixes[1].endsWith(suffixes[0]))
  );
}

function badArgument(message: string, name: string, value: string): ServiceError {
  return new ServiceError('InvalidArgument', message, {
    status: 400,
    members: { ArgumentName: name, ArgumentValue: value },
  });
}
