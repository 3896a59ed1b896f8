import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState } from '../../resource-updates';
import type { AutoScalingState } from '../autoscaling-state';
import { putScheduledAction } from '../operations/schedule-operations';

const type = 'AWS::AutoScaling::ScheduledAction';

/**
 * Ref is the action's name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-scheduledaction.html
 */
export function scheduleProvider(state: AutoScalingState): ResourceProvider {
  const groupOf = (request: ResourceRequest) =>
    new PropertyReader(request.properties).requiredString('AutoScalingGroupName');
  const put = (request: ResourceRequest, name: string) => {
    const group = state.get(request, groupOf(request));
    state.authorize(request.caller, 'PutScheduledUpdateGroupAction', group.arn);
    const reader = new PropertyReader(request.properties);
    putScheduledAction(state, group, {
      ScheduledActionName: name,
      DesiredCapacity: reader.number('DesiredCapacity'),
      EndTime: dateOf(reader.string('EndTime')),
      MaxSize: reader.number('MaxSize'),
      MinSize: reader.number('MinSize'),
      Recurrence: reader.string('Recurrence'),
      StartTime: dateOf(reader.string('StartTime')),
      TimeZone: reader.string('TimeZone'),
    });
  };
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'AutoScalingGroupName',
        'DesiredCapacity',
        'EndTime',
        'MaxSize',
        'MinSize',
        'Recurrence',
        'StartTime',
        'TimeZone',
      ]),
    async create(request) {
      const name = request.generateName(255);
      put(request, name);
      return { physicalId: name, attributes: { ScheduledActionName: name } };
    },
    async update(request) {
      put(request, request.physicalId);
      return sameState(request);
    },
    async delete(request) {
      const group = state.find(request, groupOf(request));
      if (!group) return;
      state.authorize(request.caller, 'DeleteScheduledAction', group.arn);
      const action = group.scheduledActions.get(request.physicalId);
      if (action) state.scheduledRuns.delete(group, action);
    },
    async read(request) {
      state.authorize(request.caller, 'DescribeScheduledActions', '*');
      const action = state
        .find(request, groupOf(request))
        ?.scheduledActions.get(request.physicalId);
      const reader = new PropertyReader(request.properties);
      const time = (name: string, live: number | undefined) => {
        const given = reader.string(name);
        return given !== undefined && Date.parse(given) === live
          ? given
          : live && new Date(live).toISOString();
      };
      return (
        action && {
          DesiredCapacity: action.desired,
          EndTime: time('EndTime', action.end),
          MaxSize: action.maxSize,
          MinSize: action.minSize,
          Recurrence: action.recurrence,
          StartTime: time('StartTime', action.start),
          TimeZone: action.timeZone,
        }
      );
    },
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
