import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import { checkLimit, invalidToken, pageSize } from './bus-operations';
import type { EventBridgeState } from './eventbridge-state';
import { ruleArn } from './names';
import { checkPassRole } from './role-passing';
import type { Rule } from './rule';
import type { Rules } from './rules';

type EventBridge = typeof import('@aws-sdk/client-eventbridge');

/** Targets of rules. */
export function targetOperations(state: EventBridgeState, rules: Rules) {
  const authorizedRule = (
    context: CallContext,
    action: string,
    input: { readonly Rule: string; readonly EventBusName?: string | undefined },
    targetArns?: readonly string[],
  ): Rule => {
    const address = state.ownBus(context, input.EventBusName);
    context.authorize(
      `events:${action}`,
      ruleArn(address, input.Rule),
      targetArns && { 'events:TargetArn': targetArns },
    );
    return state.rule(address, input.Rule);
  };

  return {
    PutTargets: (input, context) => {
      acceptOnly('events.PutTargets', input, ['Rule', 'EventBusName', 'Targets']);
      const { Targets: targets } = input;
      const { caller } = context;
      new Constraints('ValidationException').length('targets', targets, 1, 100).check();
      const arns = targets.map(({ Arn: arn }) => arn);
      const rule = authorizedRule(context, 'PutTargets', input, arns);
      for (const { RoleArn: roleArn } of targets)
        checkPassRole(state.environment.authorize, roleArn, { caller, call: context });
      rules.putTargets(rule, targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    RemoveTargets: (input, context) => {
      acceptOnly('events.RemoveTargets', input, ['Rule', 'EventBusName', 'Ids', 'Force']);
      const rule = authorizedRule(context, 'RemoveTargets', input);
      for (const id of input.Ids) rule.targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    ListTargetsByRule: (input, context) => {
      const { Limit: limit = pageSize, NextToken: token } = input;
      checkLimit(limit);
      const rule = authorizedRule(context, 'ListTargetsByRule', input);
      const targets = sortedBy(rule.targets.values(), ({ id }) => id);
      const page = pageOf(targets, ({ id }) => id, limit, token, invalidToken);
      return { Targets: page.items.map(({ given }) => given), NextToken: page.nextToken };
    },
  } satisfies Handlers<EventBridge>;
}
