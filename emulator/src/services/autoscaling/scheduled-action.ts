import { Cron } from 'croner';
import type { ScheduledActionInput } from './api';
import { validationError } from './errors';
import { type GroupAddress, scheduledActionArn } from './names';

/** A scheduled action of a group. Times are in emulated milliseconds since the epoch. */
export interface ScheduledAction {
  readonly name: string;
  readonly arn: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** As given, in Unix's five fields. */
  readonly recurrence: string | undefined;
  readonly timeZone: string | undefined;
  readonly minSize: number | undefined;
  readonly maxSize: number | undefined;
  readonly desired: number | undefined;
}

/**
 * Checks a scheduled action.
 *
 * @throws ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
export function scheduledAction(
  group: GroupAddress,
  given: Omit<ScheduledActionInput, 'AutoScalingGroupName'>,
  arn: string | undefined,
  newId: () => string,
  now: number,
): ScheduledAction {
  const { DesiredCapacity: desired, MaxSize: maxSize, MinSize: minSize } = given;
  if (desired === undefined && maxSize === undefined && minSize === undefined)
    throw validationError(
      'At least one of MinSize, MaxSize and DesiredCapacity must be specified.',
    );
  if (given.Time && given.StartTime)
    throw validationError('Time and StartTime cannot both be specified.');
  const start = (given.StartTime ?? given.Time)?.getTime();
  const end = given.EndTime?.getTime();
  if (start === undefined && given.Recurrence === undefined)
    throw validationError('Either StartTime or Recurrence must be specified.');
  if (start !== undefined && start < now && given.Recurrence === undefined)
    throw validationError('Given start time is in the past');
  if (end !== undefined && end <= Math.max(now, start ?? now))
    throw validationError('Given end time is before the start time or in the past');
  if (minSize !== undefined && maxSize !== undefined && minSize > maxSize)
    throw validationError(
      'Max bound, Min bound: max size must be greater than or equal to min size',
    );
  const action = {
    name: given.ScheduledActionName,
    arn: arn ?? scheduledActionArn(group, newId(), given.ScheduledActionName),
    start,
    end,
    recurrence: given.Recurrence,
    timeZone: given.TimeZone,
    minSize,
    maxSize,
    desired,
  };
  nextRun(action, now);
  return action;
}

/**
 * When an action is due after `after`; undefined if it never is again.
 *
 * @throws ValidationError for a recurrence or a time zone that there is not
 */
export function nextRun(
  { end, recurrence, start, timeZone }: ScheduledAction,
  after: number,
): number | undefined {
  const from = start === undefined ? after : Math.max(after, start - 1);
  const due = recurrence === undefined ? start : nextOf(recurrence, timeZone, from);
  if (due === undefined || due <= after || (end !== undefined && due > end)) return undefined;
  return due;
}

function nextOf(
  recurrence: string,
  timeZone: string | undefined,
  from: number,
): number | undefined {
  if (recurrence.trim().split(/\s+/).length !== 5)
    throw validationError(`Given recurrence string: ${recurrence} is invalid`);
  let schedule: Cron;
  try {
    schedule = new Cron(recurrence, { timezone: timeZone ?? 'UTC', paused: true });
    return schedule.nextRun(new Date(from))?.getTime();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (timeZone !== undefined && !zoneExists(timeZone))
      throw validationError(`Given time zone: ${timeZone} is invalid`);
    throw validationError(`Given recurrence string: ${recurrence} is invalid`);
  }
}

function zoneExists(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
