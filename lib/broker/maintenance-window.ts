import { isKnown, type ValidationRule } from '../validation';

/** A day of the week. */
export enum Weekday {
  MONDAY = 'MONDAY',
  TUESDAY = 'TUESDAY',
  WEDNESDAY = 'WEDNESDAY',
  THURSDAY = 'THURSDAY',
  FRIDAY = 'FRIDAY',
  SATURDAY = 'SATURDAY',
  SUNDAY = 'SUNDAY',
}

/** Two hours of each week in which Amazon MQ may restart a broker: patches, and what awaits a restart. */
export interface MaintenanceWindow {
  /** The day on which it begins. */
  readonly day: Weekday;
  /** When it begins, by the clock of 24 hours, such as `02:00`. */
  readonly time: string;
  /**
   * The time zone of both, such as `Europe/Berlin`, or `UTC`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/** What Amazon MQ would refuse of it. */
export const MAINTENANCE_WINDOW_RULE: ValidationRule<{
  readonly maintenanceWindow?: MaintenanceWindow;
}> = {
  fails: ({ maintenanceWindow }) =>
    isKnown(maintenanceWindow?.time) &&
    !/^([01]\d|2[0-3]):[0-5]\d$/.test(maintenanceWindow?.time ?? ''),
  message: ({ maintenanceWindow }) =>
    `maintenanceWindow.time must be hours and minutes by the clock of 24 hours, such as 02:00, got '${maintenanceWindow?.time}'`,
};

/** A window in the words of CloudFormation. */
export function weeklyStartTime({ day, time, timeZone }: MaintenanceWindow) {
  return { dayOfWeek: day, timeOfDay: time, timeZone: timeZone ?? 'UTC' };
}
