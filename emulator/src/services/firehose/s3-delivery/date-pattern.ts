import { NotImplementedError } from '../../../protocol/errors';
import { invalidArgument } from '../errors';

/** A moment in a time zone, by the letters of patterns. */
interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly offsetMinutes: number;
  readonly zone: string;
}

type Piece = { readonly literal: string } | { readonly letter: string; readonly count: number };

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const day = 24 * 60 * 60 * 1000;

/**
 * A pattern of Java's DateTimeFormatter, in English.
 *
 * @see https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
 */
export class DatePattern {
  private readonly pieces: readonly Piece[];

  /** @throws ServiceError InvalidArgumentException, NotImplemented for a letter that the emulator does not have */
  constructor(pattern: string) {
    this.pieces = piecesOf(pattern);
    for (const piece of this.pieces) if ('letter' in piece) render(piece, sample);
  }

  /** @param timeZone - such as `UTC` or `Asia/Tokyo` */
  format(time: number, timeZone: string): string {
    const local = localTime(time, timeZone);
    return this.pieces
      .map((piece) => ('literal' in piece ? piece.literal : render(piece, local)))
      .join('');
  }
}

/** Whether there is a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  // Quoted text, two quotes for one, the same letter again and again, and anything else.
  const token = /'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']|'/gy;
  for (let match = token.exec(pattern); match; match = token.exec(pattern)) {
    const [text, quoted, letter] = match;
    if (letter !== undefined) pieces.push({ letter, count: text.length });
    else if (text === "'") throw badPattern(pattern);
    else if (quoted === undefined) pieces.push({ literal: text });
    else pieces.push({ literal: quoted === '' ? "'" : quoted.replaceAll("''", "'") });
  }
  return pieces;
}

function badPattern(pattern: string) {
  return invalidArgument(`Invalid timestamp format: ${pattern}`);
}

function render({ letter, count }: { letter: string; count: number }, time: LocalTime): string {
  const number = (value: number) => String(value).padStart(count, '0');
  switch (letter) {
    case 'y':
    case 'u':
      return count === 2 ? number(time.year % 100) : number(time.year);
    case 'Y':
      return count === 2 ? number(weekOf(time).year % 100) : number(weekOf(time).year);
    case 'w':
      return number(weekOf(time).week);
    case 'M':
    case 'L':
      return count < 3 ? number(time.month) : named(monthNames[time.month - 1], count);
    case 'd':
      return number(time.day);
    case 'D':
      return number(dayOfYear(time));
    case 'Q':
    case 'q': {
      const quarter = Math.ceil(time.month / 3);
      return count < 3 ? number(quarter) : count === 3 ? `Q${quarter}` : ordinal(quarter);
    }
    case 'E':
      return named(dayNames[time.weekday], Math.max(count, 3));
    case 'e':
    case 'c':
      return count < 3 ? number(time.weekday + 1) : named(dayNames[time.weekday], count);
    case 'a':
      return time.hour < 12 ? 'AM' : 'PM';
    case 'H':
      return number(time.hour);
    case 'k':
      return number(time.hour === 0 ? 24 : time.hour);
    case 'K':
      return number(time.hour % 12);
    case 'h':
      return number(time.hour % 12 === 0 ? 12 : time.hour % 12);
    case 'm':
      return number(time.minute);
    case 's':
      return number(time.second);
    case 'S':
      return String(time.millisecond).padStart(3, '0').padEnd(count, '0').slice(0, count);
    case 'V':
      return time.zone;
    case 'X':
      return time.offsetMinutes === 0 ? 'Z' : offset(time.offsetMinutes, count);
    case 'x':
      return offset(time.offsetMinutes, count);
    case 'Z':
      return count < 4 ? offset(time.offsetMinutes, 2) : offset(time.offsetMinutes, 3);
    default:
      throw new NotImplementedError(`the pattern letter ${letter} in a timestamp of a prefix`);
  }
}

function named(name = '', count: number): string {
  if (count === 3) return name.slice(0, 3);
  return count === 5 ? name.slice(0, 1) : name;
}

function ordinal(quarter: number): string {
  return `${quarter}${['st', 'nd', 'rd', 'th'][quarter - 1]} quarter`;
}

function offset(minutes: number, count: number): string {
  const sign = minutes < 0 ? '-' : '+';
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
  const rest = String(Math.abs(minutes) % 60).padStart(2, '0');
  if (count === 1) return rest === '00' ? `${sign}${hours}` : `${sign}${hours}${rest}`;
  return count === 3 || count === 5 ? `${sign}${hours}:${rest}` : `${sign}${hours}${rest}`;
}

function dayOfYear({ year, month, day: dayOfMonth }: LocalTime): number {
  return (Date.UTC(year, month - 1, dayOfMonth) - Date.UTC(year, 0, 1)) / day + 1;
}

/** Weeks as in the United States, whose locale Java defaults to: from Sunday, the first is that of January 1st. */
function weekOf(time: LocalTime): { readonly year: number; readonly week: number } {
  const sunday = Date.UTC(time.year, time.month - 1, time.day - time.weekday);
  const saturday = sunday + 6 * day;
  const year = new Date(saturday).getUTCFullYear();
  const newYear = Date.UTC(year, 0, 1);
  const firstSunday = newYear - new Date(newYear).getUTCDay() * day;
  return { year, week: (sunday - firstSunday) / (7 * day) + 1 };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function localTime(time: number, zone: string): LocalTime {
  const shifted = zone === 'UTC' ? time : time + offsetAt(time, zone);
  const date = new Date(shifted);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
    weekday: date.getUTCDay(),
    offsetMinutes: Math.round((shifted - time) / 60_000),
    zone,
  };
}

/** How far a zone is ahead of UTC, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  const parts = Object.fromEntries(
    formatter.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day: dayOfMonth = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, dayOfMonth, hour, minute, second);
  return local - Math.floor(time / 1000) * 1000;
}

const sample = localTime(0, 'UTC');
