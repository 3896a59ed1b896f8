const day = 86_400_000;

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const dayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const years = { first: 1970, last: 2199 };

/** A day, as the fields for days look at it. */
interface DayOfMonth {
  /** From 1. */
  readonly date: number;
  /** From 1, a Sunday. */
  readonly weekday: number;
  readonly lastDate: number;
  /** Weekday of the first of the month, from 1. */
  readonly firstWeekday: number;
}

type DayTest = (day: DayOfMonth) => boolean;

/**
 * A cron expression with EventBridge's six fields: minutes, hours, day of month, month, day of week, year. One of the
 * two fields for days is `?`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
 */
export class CronExpression {
  private constructor(
    private readonly minutes: readonly number[],
    private readonly hours: readonly number[],
    private readonly months: readonly number[],
    private readonly years: readonly number[],
    private readonly isDay: DayTest,
  ) {}

  /** Undefined if it is none. */
  static parse(text: string): CronExpression | undefined {
    const fields = text.trim().split(/\s+/);
    const [minute = '', hour = '', date = '', month = '', weekday = '', year = ''] = fields;
    if (fields.length !== 6 || (date === '?') === (weekday === '?')) return undefined;
    const minutes = numbersOf(minute, 0, 59);
    const hours = numbersOf(hour, 0, 23);
    const months = numbersOf(named(month, monthNames), 1, 12);
    const yearNumbers = numbersOf(year, years.first, years.last);
    const isDay = date === '?' ? weekdayTest(named(weekday, dayNames)) : dateTest(date);
    if (!minutes || !hours || !months || !yearNumbers || !isDay) return undefined;
    return new CronExpression(minutes, hours, months, yearNumbers, isDay);
  }

  /** The first time after an instant, in milliseconds since the epoch; undefined if there is none. */
  next(after: number): number | undefined {
    const start = new Date(after);
    for (const year of this.years) {
      if (year < start.getUTCFullYear()) continue;
      for (const month of this.months) {
        if (Date.UTC(year, month, 1) <= after) continue;
        const found = this.inMonth(year, month - 1, after);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** @param month - from 0 */
  private inMonth(year: number, month: number, after: number): number | undefined {
    const first = Date.UTC(year, month, 1);
    const firstWeekday = new Date(first).getUTCDay() + 1;
    const lastDate = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    for (let date = 1; date <= lastDate; date++) {
      const midnight = first + (date - 1) * day;
      if (midnight + day <= after) continue;
      const weekday = ((firstWeekday + date - 2) % 7) + 1;
      if (!this.isDay({ date, weekday, lastDate, firstWeekday })) continue;
      for (const hour of this.hours)
        for (const minute of this.minutes) {
          const time = midnight + (hour * 60 + minute) * 60_000;
          if (time > after) return time;
        }
    }
    return undefined;
  }
}

/** Names in place of numbers, which count from 1. */
function named(field: string, names: readonly string[]): string {
  return field.replace(/[A-Z]{3}/gi, (name) => {
    const index = names.indexOf(name.toUpperCase());
    return index < 0 ? name : String(index + 1);
  });
}

/** The numbers of `*`, `1,2`, `1-5`, `0/15` and `1-30/5`, in order; undefined if it is none of these. */
function numbersOf(field: string, lowest: number, highest: number): number[] | undefined {
  const numbers = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, all, from, to, step] = match;
    const first = all === undefined ? Number(from) : lowest;
    const single = all === undefined && to === undefined && step === undefined;
    const last = to === undefined ? (single ? first : highest) : Number(to);
    const by = step === undefined ? 1 : Number(step);
    if (first < lowest || last > highest || first > last || by === 0) return undefined;
    for (let number = first; number <= last; number += by) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** Days of the month: numbers, `L` the last one, `15W` the weekday next to the 15th. */
function dateTest(field: string): DayTest | undefined {
  if (field === 'L') return ({ date, lastDate }) => date === lastDate;
  const [, near] = /^(\d+)W$/.exec(field) ?? [];
  if (near !== undefined) {
    const wanted = Number(near);
    if (wanted < 1 || wanted > 31) return undefined;
    return (day) => day.date === nearestWeekday(wanted, day);
  }
  const dates = numbersOf(field, 1, 31);
  return dates && (({ date }) => dates.includes(date));
}

/** The weekday of the same month that is nearest to a date. */
function nearestWeekday(wanted: number, { lastDate, firstWeekday }: DayOfMonth): number {
  const date = Math.min(wanted, lastDate);
  const weekday = ((firstWeekday + date - 2) % 7) + 1;
  if (weekday === 7) return date > 1 ? date - 1 : date + 2;
  if (weekday === 1) return date < lastDate ? date + 1 : date - 2;
  return date;
}

/** Days of the week: numbers from 1, a Sunday; `L` a Saturday, `6L` the last Friday, `3#2` the second Tuesday. */
function weekdayTest(field: string): DayTest | undefined {
  if (field === 'L') return ({ weekday }) => weekday === 7;
  const [, last] = /^([1-7])L$/.exec(field) ?? [];
  if (last !== undefined)
    return ({ date, weekday, lastDate }) => weekday === Number(last) && date + 7 > lastDate;
  const [, of, nth] = /^([1-7])#([1-5])$/.exec(field) ?? [];
  if (of !== undefined)
    return ({ date, weekday }) => weekday === Number(of) && Math.ceil(date / 7) === Number(nth);
  const weekdays = numbersOf(field, 1, 7);
  return weekdays && (({ weekday }) => weekdays.includes(weekday));
}
