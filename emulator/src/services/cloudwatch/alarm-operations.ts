import type { Clock } from '../../clock/clock';
import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf } from '../page';
import type { Alarm } from './alarm';
import { alarmArn, describeAlarm } from './alarm-description';
import type { AlarmRegistry } from './alarm-registry';
import { defineAlarm, queriesOf } from './alarm-settings';
import { type Api, dimensionsOf } from './api';
import { invalidCombination, invalidToken, validationError } from './errors';
import type { AlarmState } from './missing-data';
import { addTags } from './tags';

const states: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** Alarms. */
export function alarmOperations(registryOf: (context: CallContext) => AlarmRegistry, clock: Clock) {
  const setActionsEnabled = (context: CallContext, names: readonly string[], enabled: boolean) => {
    for (const name of names)
      context.authorize(`cloudwatch:${context.operation}`, alarmArn(context, name));
    for (const name of names) {
      const alarm = registryOf(context).find(name);
      if (alarm) alarm.actionsEnabled = enabled;
    }
    return {};
  };

  return {
    PutMetricAlarm(input, context) {
      const arn = alarmArn(context, input.AlarmName);
      context.authorize('cloudwatch:PutMetricAlarm', arn);
      const definition = defineAlarm(input);
      const registry = registryOf(context);
      const existing = registry.find(input.AlarmName);
      if (!existing && input.Tags && input.Tags.length > 0)
        context.authorize('cloudwatch:TagResource', arn);
      // Tags of an alarm that exists are left as they are, as on AWS.
      const tags = new Map<string, string>();
      addTags(tags, input.Tags ?? []);
      const alarm = registry.put(definition);
      if (!existing) for (const [key, value] of tags) alarm.tags.set(key, value);
      return {};
    },

    DescribeAlarms(input, context) {
      context.authorize('cloudwatch:DescribeAlarms', '*');
      const { ActionPrefix, AlarmNamePrefix, AlarmNames, AlarmTypes, StateValue } = input;
      acceptOnly('DescribeAlarms', input, [
        'ActionPrefix',
        'AlarmNamePrefix',
        'AlarmNames',
        'AlarmTypes',
        'MaxRecords',
        'NextToken',
        'StateValue',
      ]);
      checkPage(input.MaxRecords);
      new Constraints('ValidationError')
        .oneOf('stateValue', StateValue, states)
        .length('alarmNames', AlarmNames, 0, 100)
        .check();
      if (AlarmNames && AlarmNamePrefix !== undefined)
        throw invalidCombination('AlarmNames and AlarmNamePrefix may not be given together.');
      const wanted = registryOf(context)
        .list()
        .filter(
          (alarm) =>
            (AlarmTypes?.includes('MetricAlarm') ?? true) &&
            (AlarmNames?.includes(alarm.name) ?? true) &&
            alarm.name.startsWith(AlarmNamePrefix ?? '') &&
            (StateValue === undefined || alarm.state.value === StateValue) &&
            (ActionPrefix === undefined ||
              actionsOf(alarm).some((action) => action.startsWith(ActionPrefix))),
        );
      const page = pageOf(
        wanted,
        ({ name }) => name,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidToken,
      );
      return {
        MetricAlarms: page.items.map(describeAlarm),
        CompositeAlarms: [],
        NextToken: page.nextToken,
      };
    },

    DescribeAlarmsForMetric(input, context) {
      context.authorize('cloudwatch:DescribeAlarmsForMetric', '*');
      const { Dimensions, ExtendedStatistic, MetricName, Namespace, Period, Statistic, Unit } =
        input;
      const key = keyOf(Dimensions);
      const found = registryOf(context)
        .list()
        .filter(({ definition: { settings } }) =>
          queriesOf(settings).some(
            ({ MetricStat: stat }) =>
              stat?.Metric.MetricName === MetricName &&
              stat.Metric.Namespace === Namespace &&
              keyOf(stat.Metric.Dimensions) === key &&
              (Statistic ?? ExtendedStatistic ?? stat.Stat) === stat.Stat &&
              (Period ?? stat.Period) === stat.Period &&
              (Unit ?? stat.Unit) === stat.Unit,
          ),
        );
      return { MetricAlarms: found.map(describeAlarm) };
    },

    DescribeAlarmHistory(input, context) {
      acceptOnly('DescribeAlarmHistory', input, [
        'AlarmName',
        'AlarmTypes',
        'EndDate',
        'HistoryItemType',
        'MaxRecords',
        'NextToken',
        'ScanBy',
        'StartDate',
      ]);
      const { AlarmName: name, EndDate: end, HistoryItemType: kind, StartDate: start } = input;
      context.authorize(
        'cloudwatch:DescribeAlarmHistory',
        name === undefined ? '*' : alarmArn(context, name),
      );
      checkPage(input.MaxRecords);
      const items = registryOf(context)
        .history.list(clock.now())
        .map((item, i) => ({ item, key: String(i).padStart(9, '0') }))
        .filter(
          ({ item }) =>
            (name === undefined || item.alarmName === name) &&
            (kind === undefined || item.kind === kind) &&
            (input.AlarmTypes?.includes('MetricAlarm') ?? true) &&
            (start === undefined || item.timestamp >= start.getTime()) &&
            (end === undefined || item.timestamp <= end.getTime()),
        );
      const ascending = input.ScanBy === 'TimestampAscending';
      const ordered = ascending
        ? items
        : items.reverse().map(({ item }, i) => ({ item, key: String(i).padStart(9, '0') }));
      const page = pageOf(
        ordered,
        ({ key }) => key,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidToken,
      );
      return {
        AlarmHistoryItems: page.items.map(({ item }) => ({
          AlarmName: item.alarmName,
          AlarmType: 'MetricAlarm' as const,
          Timestamp: new Date(item.timestamp),
          HistoryItemType: item.kind,
          HistorySummary: item.summary,
          HistoryData: item.data,
        })),
        NextToken: page.nextToken,
      };
    },

    SetAlarmState(input, context) {
      const { AlarmName: name, StateReason: reason, StateReasonData: data, StateValue } = input;
      context.authorize('cloudwatch:SetAlarmState', alarmArn(context, name));
      new Constraints('ValidationError')
        .oneOf('stateValue', StateValue, states)
        .length('stateReason', reason, 0, 1023)
        .length('stateReasonData', data, 0, 4000)
        .check();
      if (data !== undefined && !isJson(data))
        throw new ServiceError('InvalidFormatFault', 'StateReasonData must be valid JSON');
      const registry = registryOf(context);
      registry.setState(registry.get(name), {
        value: StateValue,
        reason,
        reasonData: data,
        updatedAt: clock.now(),
      });
      return {};
    },

    EnableAlarmActions: ({ AlarmNames }, context) => setActionsEnabled(context, AlarmNames, true),

    DisableAlarmActions: ({ AlarmNames }, context) => setActionsEnabled(context, AlarmNames, false),

    DeleteAlarms({ AlarmNames: names }, context) {
      for (const name of names)
        context.authorize('cloudwatch:DeleteAlarms', alarmArn(context, name));
      if (names.length > 100) throw validationError('Up to 100 alarms can be deleted in a call.');
      const registry = registryOf(context);
      const missing = names.find((name) => !registry.find(name));
      if (missing !== undefined && names.length === 1)
        throw new ServiceError('ResourceNotFound', `Unknown alarm ${missing}`);
      for (const name of names) registry.delete(name);
      return {};
    },

    PutCompositeAlarm() {
      throw new NotImplementedError('composite alarms (PutCompositeAlarm)');
    },

    TagResource({ ResourceARN: arn, Tags }, context) {
      context.authorize('cloudwatch:TagResource', arn);
      addTags(taggedAlarm(registryOf(context), arn).tags, Tags);
      return {};
    },

    UntagResource({ ResourceARN: arn, TagKeys }, context) {
      context.authorize('cloudwatch:UntagResource', arn);
      const { tags } = taggedAlarm(registryOf(context), arn);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },

    ListTagsForResource({ ResourceARN: arn }, context) {
      context.authorize('cloudwatch:ListTagsForResource', arn);
      const { tags } = taggedAlarm(registryOf(context), arn);
      return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  } satisfies Handlers<Api>;
}

function actionsOf({ definition: { settings } }: Alarm): string[] {
  const { AlarmActions, InsufficientDataActions, OKActions } = settings;
  return [AlarmActions, InsufficientDataActions, OKActions].flatMap((list) => list ?? []);
}

function checkPage(size: number | undefined): void {
  new Constraints('ValidationError').range('maxRecords', size, 1, 100).check();
}

function keyOf(dimensions: Parameters<typeof dimensionsOf>[0]): string {
  return JSON.stringify(Object.entries(dimensionsOf(dimensions)).sort());
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws ServiceError ResourceNotFoundException */
function taggedAlarm(registry: AlarmRegistry, arn: string): Alarm {
  const [, name] = /^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(arn) ?? [];
  const alarm = name === undefined ? undefined : registry.find(name);
  if (!alarm)
    throw new ServiceError('ResourceNotFoundException', `Resource ${arn} does not exist`, {
      status: 404,
    });
  return alarm;
}
