import { PropertyReader, type ResourceRequest } from '../../../cloudformation/provider';
import { at } from '../activity';
import type { AutoScalingState } from '../autoscaling-state';
import type { Group } from '../group';
import type { Member } from '../member';
import { when } from './stabilization';

/** How CloudFormation replaces the instances of a group that have become outdated. */
export interface RollingUpdate {
  readonly maxBatchSize: number;
  readonly minInstancesInService: number;
  /** Milliseconds between two batches. */
  readonly pause: number;
  readonly suspend: readonly string[];
}

/**
 * What the `AutoScalingRollingUpdate` of an update policy says; undefined if there is none.
 *
 * @throws Error, which fails the update and not the template, as on AWS
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
 */
export function rollingUpdate({
  properties,
  updatePolicy = {},
}: Pick<ResourceRequest, 'properties' | 'updatePolicy'>): RollingUpdate | undefined {
  const reader = new PropertyReader(updatePolicy).object('AutoScalingRollingUpdate');
  if (!reader) return undefined;
  const minInstancesInService = reader.number('MinInstancesInService') ?? 0;
  if (minInstancesInService >= (new PropertyReader(properties).number('MaxSize') ?? 0))
    throw new Error("MinInstancesInService must be less than the autoscaling group's MaxSize");
  return {
    maxBatchSize: reader.number('MaxBatchSize') ?? 1,
    minInstancesInService,
    pause: pauseOf(reader.string('PauseTime') ?? 'PT0S'),
    suspend: reader.strings('SuspendProcesses') ?? [],
  };
}

/** Replaces, batch by batch, the instances that are not of the launch template's version that the group has now. */
export async function roll(
  state: AutoScalingState,
  group: Group,
  { maxBatchSize, minInstancesInService, pause, suspend }: RollingUpdate,
): Promise<void> {
  const { clock } = state.env;
  const { id, version } = state.options.fleet.template(group.address, group.settings.template);
  const outdated = group.counting.filter(
    ({ template }) => template?.id !== id || template.version !== version,
  );
  if (suspend.length > 0) group.suspended.suspend(suspend, 'CloudFormation update');
  group.rolling = true;
  try {
    for (let next = 0; next < outdated.length; next += maxBatchSize) {
      if (next > 0 && pause > 0) await clock.park(() => clock.sleep(pause, 'pause of an update'));
      const batch = outdated.slice(next, next + maxBatchSize);
      await clock.park(() => replace(state, group, batch, minInstancesInService));
    }
  } finally {
    group.rolling = false;
    if (suspend.length > 0) group.suspended.resume(suspend);
    state.capacity.wake(group);
  }
}

async function replace(
  state: AutoScalingState,
  group: Group,
  batch: readonly Member[],
  minInstancesInService: number,
): Promise<void> {
  const inService = () => group.all.filter((member) => member.inService).length;
  const before = inService();
  for (const member of batch) member.outdated = true;
  // Where too few would be left, the new ones come first.
  if (before - batch.length < minInstancesInService) {
    group.surplus = batch.length;
    state.capacity.wake(group);
    await when(group, () => inService() >= before + batch.length);
  }
  group.surplus = 0;
  for (const member of batch)
    state.lifecycle.terminate(
      group,
      member,
      `${at(state.env.clock.now())} instance ${member.id} was taken out of service in response to a user request.`,
    );
  state.capacity.wake(group);
  await when(
    group,
    () => batch.every(({ id }) => !group.members.has(id)) && inService() >= group.desired,
  );
}

const longestPause = 3_600_000;

function pauseOf(text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text) ?? [undefined, Infinity];
  const pause = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  if (pause > longestPause)
    throw new Error(
      'Invalid Autoscaling rolling update policy: PauseTime must be in the ISO8601 time period format and must be no greater than PT3600S seconds, e.g. "PT5M30S" specifies a pause time of 5 minutes and 30 seconds.',
    );
  return pause;
}
