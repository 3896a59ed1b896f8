import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf, sortedBy } from '../../page';
import { adjustmentTypes } from '../adjustment';
import type { Api, PolicyDescription } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { invalidNextToken, validationError } from '../errors';
import type { Group } from '../group';
import { parseArn } from '../names';
import { type ScalingPolicy, scalingPolicy } from '../scaling-policy';
import { authorized } from './group-operations';

/** Dynamic scaling policies. */
export function policyOperations(state: AutoScalingState) {
  const described = (group: Group, policy: ScalingPolicy): PolicyDescription => {
    const { name: _name, ...rest } = { ...policy.given, name: '' };
    return {
      ...rest,
      AutoScalingGroupName: group.name,
      PolicyARN: policy.arn,
      PolicyType: policy.rule.type,
      Enabled: policy.enabled,
      Alarms: state.options.alarms
        .watching(group.address, policy.arn)
        .map(({ arn, name }) => ({ AlarmName: name, AlarmARN: arn })),
    };
  };
  return {
    PutScalingPolicy(input, context) {
      const group = authorized(state, context, input);
      const { random } = state.env;
      const policy = scalingPolicy(group.address, input, group.policies.get(input.PolicyName), () =>
        random.stream(`autoscaling/${group.arn}/policies`).uuid(),
      );
      state.putPolicy(group, policy);
      return {
        PolicyARN: policy.arn,
        Alarms: policy.alarms ? (described(group, policy).Alarms ?? []) : [],
      };
    },

    DescribePolicies(input, context) {
      acceptOnly('DescribePolicies', input, [
        'AutoScalingGroupName',
        'MaxRecords',
        'NextToken',
        'PolicyNames',
        'PolicyTypes',
      ]);
      state.authorize(context.caller, 'DescribePolicies', '*');
      const { AutoScalingGroupName: groupName, PolicyNames: names, PolicyTypes: types } = input;
      const groups =
        groupName === undefined ? state.list(context) : [state.get(context, groupName)];
      const all = groups
        .flatMap((group) => [...group.policies.values()].map((policy) => ({ group, policy })))
        .filter(({ policy }) => !names || names.includes(policy.name) || names.includes(policy.arn))
        .filter(({ policy }) => !types || types.includes(policy.rule.type));
      const page = pageOf(
        sortedBy(all, ({ policy }) => policy.arn),
        ({ policy }) => policy.arn,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidNextToken,
      );
      return {
        ScalingPolicies: page.items.map(({ group, policy }) => described(group, policy)),
        NextToken: page.nextToken,
      };
    },

    DeletePolicy(input, context) {
      acceptOnly('DeletePolicy', input, ['AutoScalingGroupName', 'PolicyName']);
      const { AutoScalingGroupName: groupName, PolicyName: name } = input;
      authorized(state, context, {
        AutoScalingGroupName: groupName ?? parseArn(name)?.group ?? '',
      });
      const { group, policy } = state.policy(context, name, groupName);
      state.deletePolicy(group, policy);
      return {};
    },

    ExecutePolicy(input, context) {
      acceptOnly('ExecutePolicy', input, [
        'AutoScalingGroupName',
        'BreachThreshold',
        'HonorCooldown',
        'MetricValue',
        'PolicyName',
      ]);
      const { AutoScalingGroupName: groupName, PolicyName: name } = input;
      authorized(state, context, {
        AutoScalingGroupName: groupName ?? parseArn(name)?.group ?? '',
      });
      const { group, policy } = state.policy(context, name, groupName);
      const isStep = policy.rule.type === 'StepScaling';
      if (!isStep && (input.MetricValue !== undefined || input.BreachThreshold !== undefined))
        throw validationError(
          'MetricValue and BreachThreshold are only for policies of type StepScaling.',
        );
      state.policies.run(group, policy, {
        alarm: undefined,
        value: input.MetricValue,
        threshold: input.BreachThreshold,
        honorCooldown: input.HonorCooldown ?? false,
      });
      return {};
    },

    DescribeAdjustmentTypes(_input, context) {
      state.authorize(context.caller, 'DescribeAdjustmentTypes', '*');
      return { AdjustmentTypes: adjustmentTypes.map((AdjustmentType) => ({ AdjustmentType })) };
    },
  } satisfies Handlers<Api>;
}
