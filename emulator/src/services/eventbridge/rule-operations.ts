import { fieldsOf } from '../../filters';
import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { type Page, pageOf, sortedBy } from '../page';
import { checkLimit, invalidToken, pageSize } from './bus-operations';
import { invalid } from './errors';
import { EventPattern } from './event-pattern';
import type { EventBridgeState } from './eventbridge-state';
import { busArn, ruleArn } from './names';
import { checkPassRole } from './role-passing';
import type { Rule } from './rule';
import type { Rules } from './rules';
import { addTags } from './tags';

type EventBridge = typeof import('@aws-sdk/client-eventbridge');

/** What an event has to have for TestEventPattern. */
const mandatory = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** Rules, and patterns by themselves. */
export function ruleOperations(state: EventBridgeState, rules: Rules) {
  const authorizedRule = (
    context: CallContext,
    action: string,
    name: string,
    bus: string | undefined,
  ): Rule => {
    const address = state.ownBus(context, bus);
    context.authorize(`events:${action}`, ruleArn(address, name));
    return state.rule(address, name);
  };

  return {
    PutRule: (input, context) => {
      acceptOnly('events.PutRule', input, [
        'Name',
        'Description',
        'EventBusName',
        'EventPattern',
        'RoleArn',
        'ScheduleExpression',
        'State',
        'Tags',
      ]);
      const { Name: name, RoleArn: roleArn, Tags: tags = [] } = input;
      checkRuleName(name);
      const address = state.ownBus(context, input.EventBusName);
      const arn = ruleArn(address, name);
      context.authorize('events:PutRule', arn);
      checkPassRole(state.environment.authorize, roleArn, {
        caller: context.caller,
        call: context,
      });
      const existing = state.bus(address).rules.get(name);
      if (!existing && tags.length > 0) context.authorize('events:TagResource', arn);
      const rule = rules.put(address, name, {
        description: input.Description,
        eventPattern: input.EventPattern,
        scheduleExpression: input.ScheduleExpression,
        enabled: isEnabled(input.State),
        roleArn,
      });
      // Tags of a rule that is there already are not changed by this.
      if (!existing)
        addTags(
          rule.tags,
          tags.map(({ Key, Value }) => ({ Key, Value })),
        );
      return { RuleArn: rule.arn };
    },

    DeleteRule: (input, context) => {
      const address = state.ownBus(context, input.EventBusName);
      context.authorize('events:DeleteRule', ruleArn(address, input.Name));
      // That it is gone already is no error.
      const rule = state.bus(address).rules.get(input.Name);
      if (rule) rules.delete(rule);
      return {};
    },

    DescribeRule: (input, context) => {
      const rule = authorizedRule(context, 'DescribeRule', input.Name, input.EventBusName);
      return { ...rule.describe(), CreatedBy: rule.bus.address.account };
    },

    EnableRule: (input, context) => {
      rules.setEnabled(authorizedRule(context, 'EnableRule', input.Name, input.EventBusName), true);
      return {};
    },

    DisableRule: (input, context) => {
      rules.setEnabled(
        authorizedRule(context, 'DisableRule', input.Name, input.EventBusName),
        false,
      );
      return {};
    },

    ListRules: (input, context) => {
      const address = state.ownBus(context, input.EventBusName);
      context.authorize('events:ListRules', busArn(address));
      const { NamePrefix: prefix = '' } = input;
      const found = [...state.bus(address).rules.values()].filter(({ name }) =>
        name.startsWith(prefix),
      );
      const page = pageOfRules(found, input.Limit, input.NextToken);
      return { Rules: page.items.map((rule) => rule.describe()), NextToken: page.nextToken };
    },

    ListRuleNamesByTarget: (input, context) => {
      const address = state.ownBus(context, input.EventBusName);
      context.authorize('events:ListRuleNamesByTarget', busArn(address));
      const found = [...state.bus(address).rules.values()].filter(({ targets }) =>
        [...targets.values()].some(({ arn }) => arn === input.TargetArn),
      );
      const page = pageOfRules(found, input.Limit, input.NextToken);
      return { RuleNames: page.items.map(({ name }) => name), NextToken: page.nextToken };
    },

    TestEventPattern: (input, context) => {
      context.authorize('events:TestEventPattern', '*');
      const pattern = new EventPattern(input.EventPattern);
      return { Result: pattern.matches(fieldsOf(parseEvent(input.Event))) };
    },
  } satisfies Handlers<EventBridge>;
}

/** @throws ValidationException */
export function checkRuleName(name: string): void {
  new Constraints('ValidationException')
    .length('name', name, 1, 64)
    .pattern('name', name, '[\\.\\-_A-Za-z0-9]+')
    .check();
}

/** Whether a rule's State lets it run. @throws ValidationException, NotImplemented */
export function isEnabled(value: string | undefined): boolean {
  const other = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  new Constraints('ValidationException')
    .oneOf('state', value, ['ENABLED', 'DISABLED', other])
    .check();
  if (value === other) throw new NotImplementedError(`State ${other} of a rule`);
  return value !== 'DISABLED';
}

function pageOfRules(
  rules: readonly Rule[],
  limit = pageSize,
  token: string | undefined = undefined,
): Page<Rule> {
  checkLimit(limit);
  const key = ({ name }: Rule) => name;
  return pageOf(sortedBy(rules, key), key, limit, token, invalidToken);
}

function parseEvent(text: string): object {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw invalid('Parameter Event is not valid.');
  }
  if (typeof event !== 'object' || event === null || !mandatory.every((name) => name in event))
    throw invalid('Parameter Event is not valid.');
  return event;
}
