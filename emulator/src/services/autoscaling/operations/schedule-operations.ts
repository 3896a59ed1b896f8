import { ServiceError } from '../../../protocol/errors';
import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { pageOf, sortedBy } from '../../page';
import type { Api, ScheduledActionInput } from '../api';
import type { AutoScalingState } from '../autoscaling-state';
import { invalidNextToken, validationError } from '../errors';
import type { Group } from '../group';
import { nextRun, scheduledAction } from '../scheduled-action';
import { authorized } from './group-operations';

/** Scheduled actions. */
export function scheduleOperations(state: AutoScalingState) {
  const { clock } = state.env;
  const put = (group: Group, given: Omit<ScheduledActionInput, 'AutoScalingGroupName'>) =>
    putScheduledAction(state, group, given);
  return {
    PutScheduledUpdateGroupAction(input, context) {
      acceptOnly('PutScheduledUpdateGroupAction', input, [
        'AutoScalingGroupName',
        'DesiredCapacity',
        'EndTime',
        'MaxSize',
        'MinSize',
        'Recurrence',
        'ScheduledActionName',
        'StartTime',
        'Time',
        'TimeZone',
      ]);
      put(authorized(state, context, input), input);
      return {};
    },

    BatchPutScheduledUpdateGroupAction(input, context) {
      acceptOnly('BatchPutScheduledUpdateGroupAction', input, [
        'AutoScalingGroupName',
        'ScheduledUpdateGroupActions',
      ]);
      const group = authorized(state, context, input);
      return {
        FailedScheduledUpdateGroupActions: failuresOf(
          input.ScheduledUpdateGroupActions,
          ({ ScheduledActionName }) => ScheduledActionName,
          (given) => put(group, given),
        ),
      };
    },

    DescribeScheduledActions(input, context) {
      acceptOnly('DescribeScheduledActions', input, [
        'AutoScalingGroupName',
        'EndTime',
        'MaxRecords',
        'NextToken',
        'ScheduledActionNames',
        'StartTime',
      ]);
      state.authorize(context.caller, 'DescribeScheduledActions', '*');
      const { AutoScalingGroupName: name, ScheduledActionNames: names } = input;
      const groups = name === undefined ? state.list(context) : [state.get(context, name)];
      const now = clock.now();
      const all = groups
        .flatMap((group) =>
          [...group.scheduledActions.values()].map((action) => ({
            group,
            action,
            due: nextRun(action, now),
          })),
        )
        .filter(({ action }) => !names || names.includes(action.name) || names.includes(action.arn))
        .filter(({ due = 0 }) => due >= (input.StartTime?.getTime() ?? 0))
        .filter(({ due = 0 }) => due <= (input.EndTime?.getTime() ?? Number.POSITIVE_INFINITY));
      const page = pageOf(
        sortedBy(all, ({ action }) => action.arn),
        ({ action }) => action.arn,
        input.MaxRecords ?? 50,
        input.NextToken,
        invalidNextToken,
      );
      return {
        ScheduledUpdateGroupActions: page.items.map(({ action, due, group }) => ({
          AutoScalingGroupName: group.name,
          ScheduledActionName: action.name,
          ScheduledActionARN: action.arn,
          Time: dateOf(due),
          StartTime: dateOf(due),
          EndTime: dateOf(action.end),
          Recurrence: action.recurrence,
          TimeZone: action.timeZone,
          MinSize: action.minSize,
          MaxSize: action.maxSize,
          DesiredCapacity: action.desired,
        })),
        NextToken: page.nextToken,
      };
    },

    DeleteScheduledAction(input, context) {
      acceptOnly('DeleteScheduledAction', input, ['AutoScalingGroupName', 'ScheduledActionName']);
      deleteAction(state, authorized(state, context, input), input.ScheduledActionName);
      return {};
    },

    BatchDeleteScheduledAction(input, context) {
      acceptOnly('BatchDeleteScheduledAction', input, [
        'AutoScalingGroupName',
        'ScheduledActionNames',
      ]);
      const group = authorized(state, context, input);
      return {
        FailedScheduledActions: failuresOf(
          input.ScheduledActionNames,
          (name) => name,
          (name) => deleteAction(state, group, name),
        ),
      };
    },
  } satisfies Handlers<Api>;
}

/** @throws ServiceError ValidationError */
export function putScheduledAction(
  state: AutoScalingState,
  group: Group,
  given: Omit<ScheduledActionInput, 'AutoScalingGroupName'>,
) {
  const { clock, random } = state.env;
  const action = scheduledAction(
    group.address,
    given,
    group.scheduledActions.get(given.ScheduledActionName)?.arn,
    () => random.stream(`autoscaling/${group.arn}/scheduled-actions`).uuid(),
    clock.now(),
  );
  state.scheduledRuns.put(group, action);
  return action;
}

/** @throws ServiceError ValidationError */
export function deleteAction(state: AutoScalingState, group: Group, name: string): void {
  const action = group.scheduledActions.get(name);
  if (!action) throw validationError('Scheduled action name not found');
  state.scheduledRuns.delete(group, action);
}

/** Does something with each of a batch. @returns what was wrong with those that failed */
function failuresOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  run: (item: T) => unknown,
): { ScheduledActionName: string; ErrorCode: string; ErrorMessage: string }[] {
  return items.flatMap((item) => {
    try {
      run(item);
      return [];
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return [
        {
          ScheduledActionName: nameOf(item),
          ErrorCode: error.code,
          ErrorMessage: error.message,
        },
      ];
    }
  });
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
