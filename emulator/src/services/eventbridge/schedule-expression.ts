import { CronExpression } from './cron-expression';
import { invalid } from './errors';

/** When a rule runs without an event. */
export interface Schedule {
  /** As given, such as `rate(5 minutes)`. */
  readonly text: string;
  /**
   * The next time after `after`, in milliseconds since the epoch; undefined if there is none.
   *
   * @param start - when the schedule began: rates count from there
   */
  next(after: number, start: number): number | undefined;
}

const milliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads `rate(value unit)` or `cron(minutes hours day-of-month month day-of-week year)`, in UTC.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws ValidationException
 */
export function parseSchedule(text: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text);
  if (rate) {
    const [, digits = '', unit = '', plural = ''] = rate;
    const value = Number(digits);
    if (value > 0 && (plural === '') === (value === 1)) {
      const period = value * (milliseconds[unit] ?? 0);
      return {
        text,
        next: (after, start) => start + (Math.floor((after - start) / period) + 1) * period,
      };
    }
  }
  const [, fields] = /^cron\((.*)\)$/.exec(text) ?? [];
  const cron = fields === undefined ? undefined : CronExpression.parse(fields);
  if (!cron) throw invalid('Parameter ScheduleExpression is not valid.');
  return { text, next: (after) => cron.next(after) };
}
