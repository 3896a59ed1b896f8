import { invalid, limitExceeded } from './errors';
import { EventPattern } from './event-pattern';
import type { EventBridgeState } from './eventbridge-state';
import type { GivenTarget } from './given-target';
import type { BusAddress } from './names';
import { defaultBus } from './names';
import { Rule, type RuleDefinition } from './rule';
import { parseSchedule } from './schedule-expression';
import type { Schedules } from './schedules';
import { Target } from './target';

/** What PutRule, or a template, says of a rule. */
export interface GivenRule {
  readonly description?: string | undefined;
  /** JSON. */
  readonly eventPattern?: string | undefined;
  readonly scheduleExpression?: string | undefined;
  readonly enabled: boolean;
  readonly roleArn?: string | undefined;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const mostTargets = 5;

/** Makes, changes and deletes rules and their targets, whoever asks for it. */
export class Rules {
  constructor(
    private readonly state: EventBridgeState,
    private readonly schedules: Schedules,
  ) {}

  /** Makes a rule, or gives one another definition. @throws ServiceError */
  put(address: BusAddress, name: string, given: GivenRule): Rule {
    const definition = definitionOf(address, given);
    const bus = this.state.bus(address);
    let rule = bus.rules.get(name);
    const before = rule?.definition;
    if (rule) rule.definition = definition;
    else {
      rule = new Rule(bus, name, definition, this.state.environment.metrics);
      bus.rules.set(name, rule);
    }
    const same =
      before?.enabled === definition.enabled && before.schedule?.text === definition.schedule?.text;
    if (!same) this.schedules.restart(rule);
    return rule;
  }

  setEnabled(rule: Rule, enabled: boolean): void {
    if (rule.definition.enabled === enabled) return;
    rule.definition = { ...rule.definition, enabled };
    this.schedules.restart(rule);
  }

  /** @throws ValidationException if it has targets */
  delete(rule: Rule): void {
    if (rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
    rule.deleted = true;
    this.schedules.stop(rule);
    rule.bus.rules.delete(rule.name);
  }

  /** Adds targets, or replaces those of their ids: all, or none. @throws ServiceError */
  putTargets(rule: Rule, given: readonly GivenTarget[]): void {
    const targets = given.map((one) => new Target(one));
    const ids = new Set([...rule.targets.keys(), ...targets.map(({ id }) => id)]);
    if (ids.size > mostTargets) throw limitExceeded();
    for (const target of targets) rule.targets.set(target.id, target);
  }
}

function definitionOf(address: BusAddress, given: GivenRule): RuleDefinition {
  const { description, eventPattern, scheduleExpression, enabled, roleArn } = given;
  if (eventPattern === undefined && scheduleExpression === undefined)
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (scheduleExpression !== undefined && address.name !== defaultBus)
    throw invalid('ScheduleExpression is supported only on the default event bus.');
  return {
    description,
    pattern: eventPattern === undefined ? undefined : new EventPattern(eventPattern),
    schedule: scheduleExpression === undefined ? undefined : parseSchedule(scheduleExpression),
    enabled,
    roleArn,
  };
}
