import type { TimestampFormat } from './shape';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as text: `epoch-seconds` with up to three decimals, the others as RFC 3339 and RFC 9110 have them. */
export function formatTimestamp(value: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(value.getTime() / 1000);
  if (format === 'date-time') return value.toISOString().replace('.000Z', 'Z');
  return httpDate(value.getTime());
}

/** A time in milliseconds since the epoch as an HTTP date, such as `Mon, 01 Jan 2035 00:00:00 GMT`. */
export function httpDate(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return (
    `${days[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} GMT`
  );
}

/** Reads a time in any of the formats; undefined if it is in none of them. */
export function parseTimestamp(text: string): Date | undefined {
  const seconds = Number(text);
  const date = new Date(
    text.trim() !== '' && !Number.isNaN(seconds) ? Math.round(seconds * 1000) : Date.parse(text),
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** @throws TypeError if a handler returned something else where a time belongs. */
export function asDate(value: unknown): Date {
  if (isDate(value)) return value;
  throw new TypeError(`A timestamp must be a Date, got ${String(value)}`);
}

/** Not by instanceof: test runners give modules a Date of their own. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}
