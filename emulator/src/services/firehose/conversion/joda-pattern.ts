import { type CalendarTime, microsOf } from './calendar-time';

/** A pattern with letters that the emulator does not read. */
export class UnknownPatternError extends Error {}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const dayNames = '(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)';

/** What has been read of a time, by the letters of the pattern. */
type Fields = Partial<Record<string, string>>;

/** A letter, how often it stands in a row, to what it matches. */
function expressionOf(letter: string, count: number): string | undefined {
  switch (letter) {
    case 'y':
    case 'Y':
      return count === 2 ? '\\d{2}' : `-?\\d{${count},9}`;
    case 'M':
      if (count > 3) return monthNames.join('|');
      return count === 3 ? months.join('|') : `\\d{${count},2}`;
    case 'd':
    case 'H':
    case 'h':
    case 'k':
    case 'K':
    case 'm':
    case 's':
      return `\\d{${Math.min(count, 2)},2}`;
    case 'S':
      return `\\d{1,9}`;
    case 'a':
      return 'am|pm';
    case 'E':
      return dayNames;
    case 'Z':
      return count === 1 ? '[+-]\\d{4}|Z' : '[+-]\\d{2}:\\d{2}|Z';
    case 'z':
      return 'UTC|GMT|Z';
    default:
      return undefined;
  }
}

/**
 * A pattern of Joda-Time's `DateTimeFormat` for reading times; without a zone they are in UTC. Not read are letters for eras, centuries,
 * weeks, days of the year, and names of zones but UTC.
 *
 * @see https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
 */
export class JodaPattern {
  private readonly expression: RegExp;
  private readonly letters: string[] = [];

  /** @throws UnknownPatternError */
  constructor(readonly text: string) {
    let source = '';
    // Text in quotes, two of which are one; a letter in a row; anything else stands for itself.
    for (const [part, quoted, letter] of text.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[\s\S]/g)) {
      if (letter === undefined) {
        source += literal(quoted === undefined ? part : quoted === '' ? "'" : quoted);
        continue;
      }
      const expression = expressionOf(letter, part.length);
      if (expression === undefined)
        throw new UnknownPatternError(`Unsupported letter ${letter} in the pattern ${text}`);
      source += `(${expression})`;
      this.letters.push(letter);
    }
    this.expression = new RegExp(`^${source}$`, 'i');
  }

  /** Microseconds since the epoch; undefined for text that does not match, or a day that there is not. */
  read(text: string): bigint | undefined {
    const found = this.expression.exec(text);
    if (!found) return undefined;
    const fields: Fields = {};
    this.letters.forEach((letter, index) => {
      fields[letter] = found[index + 1];
    });
    const micros = microsOf(timeOf(fields));
    return micros === undefined ? undefined : micros - offsetOf(fields.Z);
  }
}

function timeOf(fields: Fields): CalendarTime {
  return {
    year: yearOf(fields.y ?? fields.Y),
    month: monthOf(fields.M),
    day: numberOf(fields.d) ?? 1,
    hour: hourOf(fields),
    minute: numberOf(fields.m),
    second: numberOf(fields.s),
    fraction: fields.S,
  };
}

/** Two digits are the year that is next to 2000. https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html */
function yearOf(text: string | undefined): number {
  const year = numberOf(text) ?? 1970;
  if (text?.length !== 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function monthOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const byName = months.indexOf(text.slice(0, 3).toLowerCase());
  return byName < 0 ? Number(text) : byName + 1;
}

function hourOf({ H, h, K, k, a }: Fields): number | undefined {
  const half = numberOf(K) ?? (h === undefined ? undefined : Number(h) % 12);
  if (half !== undefined) return half + (a?.toLowerCase() === 'pm' ? 12 : 0);
  return numberOf(H) ?? (k === undefined ? undefined : Number(k) % 24);
}

/** Microseconds that a zone such as `+01:00` is ahead of UTC. */
function offsetOf(zone: string | undefined): bigint {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? [];
  const micros = BigInt(Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000_000n;
  return sign === '-' ? -micros : micros;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function literal(text: string): string {
  return text.replaceAll("''", "'").replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
