/** A point in time by parts of the calendar, in UTC. */
export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  /** Digits of the fraction of a second. */
  readonly fraction?: string;
}

/** Microseconds since the epoch; undefined for a day or a time that the calendar does not have. */
export function microsOf(time: CalendarTime): bigint | undefined {
  const { year, month, day, hour = 0, minute = 0, second = 0, fraction = '' } = time;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  date.setUTCHours(hour, minute, second);
  return BigInt(date.getTime()) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
